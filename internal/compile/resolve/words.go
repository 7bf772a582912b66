package resolve

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
)

// fold brings a heading or title into the form in which it is compared: lower
// case, every run of other characters than letters, digits, '+' and '&' one
// blank.
func fold(s string) string { return foldHead(s, len(s)) }

// foldHead is fold up to a length, for readers that look at how a text begins.
func foldHead(s string, length int) string {
	var stack [128]byte
	b := stack[:0]
	gap := false
	for i := 0; i < len(s) && len(b) < length; i++ {
		c := s[i]
		if c >= utf8.RuneSelf {
			return foldRunes(s)
		}
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '&':
		case c == '\'':
			continue
		default:
			gap = true
			continue
		}
		if gap && len(b) > 0 {
			b = append(b, ' ')
		}
		gap = false
		b = append(b, c)
	}
	return string(b)
}

// foldRunes is fold for a text with letters beyond ASCII.
func foldRunes(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case r == '\'' || r == '’':
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' || r == '&':
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		default:
			gap = true
		}
	}
	return b.String()
}

// words splits a text into folded words.
func words(s string) []string { return appendWords(nil, s) }

// A wordBuffer takes the words of a title, which most readers look at and
// forget.
type wordBuffer [16]string

// appendWords adds the folded words of a text to ws.
func appendWords(ws []string, s string) []string {
	f := fold(s)
	if f == "" {
		return ws
	}
	if ws == nil {
		ws = make([]string, 0, strings.Count(f, " ")+1)
	}
	start := 0
	for i := range len(f) {
		if f[i] == ' ' {
			ws = append(ws, f[start:i])
			start = i + 1
		}
	}
	return append(ws, f[start:])
}

// nextWord cuts the first folded word off a text, for readers that look at few
// words of a long one. The word is empty at the end of the text.
func nextWord(s string) (word, rest string) {
	for s != "" {
		end, plain := 0, true // plain: folded as it stands
		for end < len(s) {
			c := s[end]
			if c >= utf8.RuneSelf {
				r, n := utf8.DecodeRuneInString(s[end:])
				if r != '’' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
					break
				}
				plain = false
				end += n
				continue
			}
			if !isWordByte(c) && c != '+' && c != '&' && c != '\'' {
				break
			}
			plain = plain && c != '\'' && (c < 'A' || c > 'Z')
			end++
		}
		switch {
		case end == 0:
			_, n := utf8.DecodeRuneInString(s)
			s = s[n:]
			continue
		case plain:
			return s[:end], s[end:]
		}
		if word = fold(s[:end]); word != "" {
			return word, s[end:]
		}
		s = s[end:]
	}
	return "", ""
}

// singular strips the plural of a folded word: "managers", "analyses" stay
// comparable with "manager".
func singular(w string) string {
	switch {
	case len(w) < 4 || strings.HasSuffix(w, "ss") || strings.HasSuffix(w, "us") || strings.HasSuffix(w, "is"):
		return w
	case strings.HasSuffix(w, "ies"):
		return w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "s"):
		return w[:len(w)-1]
	}
	return w
}

// set makes a set of blank-separated words.
func set(list string) map[string]bool {
	ws := strings.Fields(list)
	m := make(map[string]bool, len(ws))
	for _, w := range ws {
		m[w] = true
	}
	return m
}

// seniority are the words that say how high a level is, and nothing of what
// it does.
var seniority = set(`junior jr associate intermediate mid senior sr snr staff principal distinguished
	lead fellow expert entry intern executive group vice chief head vp svp evp avp ic manager director i ii iii iv v`)

// roleNouns are words that name somebody's job. Further ones are told by their
// ending.
var roleNouns = set(`manager director lead leader vp svp evp avp president officer chief head cto ceo cfo coo cro cmo cpo chro cio ciso cco clo cao
	engineer analyst architect associate partner intern fellow staff counsel representative rep
	specialist coordinator administrator admin assistant executive advocate evangelist strategist scientist
	technician accountant consultant attorney paralegal agent liaison champion generalist controller treasurer
	sre bdr sdr tam csm csa cse pm ba eba pbp gmp swe dba editor author principal supervisor secretary expert maintainer hacker guru
	recruiter sourcer designer researcher writer developer marketer trainer planner programmer advisor adviser producer buyer seller teacher
	interviewer employee member interim trainee apprentice ambassador auditor facilitator mentor coach steward founder owner dri professional teammate
	historian custodian guardian clerk nurse surgeon tutor actuary notary foreman`)

// notRoles end like a role but name none.
var notRoles = set(`other another further former later order number letter matter career center centre computer server newsletter
	user customer offer paper chapter after under over never ever whether however per water power computer career cover
	quarter member sector factor vendor behavior behaviour error color labor labour major minor prior floor door for or nor
	player partner's tier layer folder header footer router docker docker's cluster container consumer latter better greater
	higher lower stakeholder requirement assessment persist list exist assist consist gist twist checklist wishlist
	term summer winter buffer browser computer error vector contributor`)

// isRoleWord reports whether a folded word names somebody's job.
func isRoleWord(w string) bool {
	w = singular(w)
	if roleNouns[w] {
		return true
	}
	if notRoles[w] || len(w) < 6 {
		return false
	}
	for _, end := range []string{"er", "or", "ist", "eur", "ician", "arian"} {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// namesRole reports whether a title names a role: a job noun is in it, or it
// is nothing but a word of seniority ("Senior", "Intermediate").
func namesRole(title string) bool {
	var buf wordBuffer
	ws := appendWords(buf[:0], title)
	if len(ws) == 0 || len(ws) > 16 {
		return false
	}
	senior := true
	for _, w := range ws {
		if isRoleWord(w) {
			return true
		}
		if !seniority[w] {
			senior = false
		}
	}
	return senior
}

// expansions spell out what titles abbreviate. Both spellings name one role.
var expansions = map[string]string{
	"sr": "senior", "snr": "senior", "jr": "junior", "mgr": "manager", "dir": "director", "svp": "senior vp", "evp": "executive vp",
	"mgmt": "management", "eng": "engineering", "ops": "operations", "rep": "representative", "int": "intermediate",
	"&": "and", "dept": "department", "assoc": "associate", "exec": "executive", "admin": "administrator", "mktg": "marketing",
}

// longestShort is the length of the longest word that expansions spells out.
const longestShort = 5

// isFiller reports words that say nothing about which role is meant.
func isFiller(w string) bool {
	switch w {
	case "of", "the", "a", "an", "for", "and", "to", "in", "at", "role", "roles", "position", "positions", "job", "level", "levels", "family", "our", "their":
		return true
	}
	return false
}

// roleKey brings a title into the form in which two spellings of the same role
// are equal: abbreviations spelled out, fillers, brackets and plurals gone.
// The order of the words stays.
func roleKey(title string) []string {
	title = strings.ReplaceAll(title, "Vice President", "VP")
	var buf wordBuffer
	ws := appendWords(buf[:0], stripBrackets(title))
	key := make([]string, 0, len(ws)+1)
	for _, w := range ws {
		if len(w) <= longestShort {
			if long, ok := expansions[w]; ok {
				w = long
			}
		}
		for more := true; more; {
			var part string
			if part, w, more = strings.Cut(w, " "); !isFiller(part) {
				key = append(key, singular(part))
			}
		}
	}
	return key
}

// stripBrackets removes "(GMP)" and "(Intermediate)".
func stripBrackets(s string) string {
	for {
		i := strings.IndexByte(s, '(')
		if i < 0 {
			return s
		}
		j := strings.IndexByte(s[i:], ')')
		if j < 0 {
			return s
		}
		s = strings.TrimSpace(s[:i]) + " " + strings.TrimSpace(s[i+j+1:])
	}
}

// brackets returns what stands in the brackets of a title.
func brackets(s string) []string {
	var in []string
	for {
		i := strings.IndexByte(s, '(')
		if i < 0 {
			return in
		}
		j := strings.IndexByte(s[i:], ')')
		if j < 0 {
			return in
		}
		in = append(in, strings.TrimSpace(s[i+1:i+j]))
		s = s[i+j+1:]
	}
}

// startsUpper reports whether a text begins with a capital letter.
func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// cutPrefixFold removes a prefix without regard to the case of ASCII letters.
func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) {
		return s, false
	}
	for i := range len(prefix) {
		if lowered(s[i]) != lowered(prefix[i]) {
			return s, false
		}
	}
	return s[len(prefix):], true
}

// lower is a text with its ASCII letters in lower case; offsets stay the same.
func lower(s string) string { return syntax.Lower(s) }

func lowered(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// indexFold finds an ASCII pattern in lower case without regard to case.
func indexFold(s, pattern string) int { return strings.Index(lower(s), pattern) }

// indexWord finds an ASCII pattern in lower case that does not begin or end
// inside a word, without regard to case.
func indexWord(s, pattern string) int { return indexWordIn(lower(s), pattern) }

// indexWordIn is indexWord for a text that is in lower case already, for loops
// over many patterns.
func indexWordIn(s, pattern string) int {
	for from := 0; from < len(s); {
		i := strings.Index(s[from:], pattern)
		if i < 0 {
			return -1
		}
		i += from
		end := i + len(pattern)
		if (i == 0 || !isWordByte(s[i-1]) || !isWordByte(pattern[0])) &&
			(end == len(s) || !isWordByte(s[end]) || !isWordByte(pattern[len(pattern)-1])) {
			return i
		}
		from = i + 1
	}
	return -1
}

// hasWord reports whether one of the patterns stands in s as whole words.
func hasWord(s string, patterns ...string) bool {
	have, low := syntax.WordsOf(s), ""
	for _, w := range patterns {
		if have.HoldFirst(w) {
			if low == "" {
				low = lower(s)
			}
			if indexWordIn(low, w) >= 0 {
				return true
			}
		}
	}
	return false
}

// hasWordIn is hasWord for a text that is in lower case already.
func hasWordIn(s string, patterns ...string) bool {
	for _, w := range patterns {
		if indexWordIn(s, w) >= 0 {
			return true
		}
	}
	return false
}

func isWordByte(c byte) bool { return wordBytes[c] }

// wordBytes tells the bytes of words: ASCII letters, digits and all beyond
// ASCII.
var wordBytes = func() (is [256]bool) {
	for i := range is {
		c := lowered(byte(i))
		is[i] = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80
	}
	return is
}()

// trimEnd removes the marks that end a title or sentence.
func trimEnd(s string) string {
	return strings.TrimRight(strings.TrimSpace(s), " .:;,!–—-")
}

// stop removes one trailing period, as the model wants texts.
func stop(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "..") {
		return s[:len(s)-1]
	}
	return s
}

// RoleKey brings a title into the form in which two spellings of the same role
// are equal: lower-case words, abbreviations spelled out, fillers, brackets and
// plurals gone. The order of the words stays.
func RoleKey(title string) []string { return roleKey(title) }

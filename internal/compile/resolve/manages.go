package resolve

import (
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
)

// manageVerbs say that somebody leads people.
var manageVerbs = newVocabulary(
	"manages", "manage", "managing", "leads", "lead", "leading", "oversees", "oversee", "has", "have", "supervises", "coach", "responsible for",
	"direct reports", "direct report", "team of",
)

// managing are words of which every span of control holds one before or behind
// its figure: see counted.
var managing = newVocabulary("manage", "manages", "managing", "lead", "leads", "leading", "oversee", "oversees", "supervises", "team of", "group of", "direct")

// smallNumbers are the figures that pages write as words.
var smallNumbers = newVocabulary("two", "three", "four", "five", "six")

// readSpans fills the spans of control: the number of people or teams that a
// level manages, from the text below its heading and from its
// responsibilities. What a requirement says about past teams is no span.
func (r *resolver) readSpans() {
	for _, first := range []bool{true, false} {
		for _, p := range r.parts {
			intro := p.isLevel || r.whole && p.depth == 0 || p.kind == family.OverviewKind || p.kind == family.GradeKind
			if p.owner == nil || intro != first {
				continue
			}
			if !intro && p.kind != family.ResponsibleKind && p.kind != family.BothKind && p.kind != family.Unknown {
				continue
			}
			r.spansOf(p)
		}
	}
	for _, l := range r.levels {
		if len(l.Spans) > 0 && l.Spans[0].Scope == family.Direct {
			l.Manages = l.Spans[0]
			continue
		}
		for _, s := range l.Spans {
			if s.Scope == family.Direct && l.Manages == nil {
				l.Manages = s
			}
		}
	}
}

func (r *resolver) spansOf(p *part) {
	take := func(b *syntax.Block) {
		if !managing.in(b) || !hasDigit(b.Text) && !smallNumbers.in(b) {
			return
		}
		t := r.passage(b)
		if r.condition(t) != nil {
			return
		}
		for _, s := range t.sentences() {
			if m := r.manages(s); m != nil {
				p.owner.Spans = append(p.owner.Spans, m)
			}
		}
	}
	p.prose(take)
	p.items(func(b *syntax.Block, _ int, _ string) { take(b) })
}

// manages reads "typically manages 2-4 Planners", "4-6 direct reports,
// including …", "a team of 10+ …".
func (r *resolver) manages(s passage) *family.Manages {
	if !s.holds(&manageVerbs) {
		return nil
	}
	t := s.text
	for i := 0; i < len(t); i++ {
		if i > 0 && (isWordByte(t[i-1]) || t[i-1] == '$' || t[i-1] == '.') {
			continue
		}
		n := figure(t[i:])
		if n.length == 0 {
			continue
		}
		rest := t[i+n.length:]
		if !counted(t[:i], rest) {
			i += n.length
			continue
		}
		m := &family.Manages{Min: n.min, Max: n.max, Scope: family.Direct, Modality: modality(t[:i], n), Span: s.span}
		if m.Modality == family.AtMost {
			m.Min = nil
		}
		if m.Modality == family.AtLeast {
			m.Max = nil
		}
		m.Of = r.managed(s.cut(i+n.length, len(t)))
		if len(m.Of) == 0 {
			return nil
		}
		if hasWord(t, "total", "indirectly", "indirect", "organization of", "organisation of") && !hasWord(t, "direct reports") ||
			m.Modality == family.AtLeast && n.min != nil && *n.min >= 10 {
			m.Scope = family.Total
		}
		return m
	}
	return nil
}

// A count is a number or a range at the start of a text.
type count struct {
	min, max *int
	plus     bool
	length   int
}

// figure reads "2-4", "2 to 4", "10+", "4", "two to four".
func figure(t string) count {
	n, length := number(t)
	if length == 0 {
		return count{}
	}
	c := count{min: family.Number(n), max: family.Number(n), length: length}
	rest := t[length:]
	if strings.HasPrefix(rest, "+") {
		c.plus, c.max, c.length = true, nil, length+1
		return c
	}
	for _, to := range []string{" to ", "-", "–", " - ", " – ", " or "} {
		if after, ok := strings.CutPrefix(rest, to); ok {
			if m, l := number(after); l > 0 && m >= n {
				c.max, c.length = family.Number(m), length+len(to)+l
				if strings.HasPrefix(t[c.length:], "+") {
					c.plus = true
					c.length++
				}
				return c
			}
		}
	}
	return c
}

// number reads a small whole number, in figures or as a word.
func number(t string) (n, length int) {
	for length < len(t) && t[length] >= '0' && t[length] <= '9' {
		length++
	}
	if length > 0 {
		if length > 3 {
			return 0, 0
		}
		n, _ = strconv.Atoi(t[:length])
		return n, length
	}
	end := 0
	for end < len(t) && t[end] != ' ' && t[end] != '-' {
		if end++; end > longestNumber {
			return 0, 0
		}
	}
	if n = smallNumber(t[:end]); n > 1 {
		return n, end
	}
	return 0, 0
}

// hasDigit reports whether a figure stands in a text.
func hasDigit(t string) bool {
	for i := range len(t) {
		if t[i] >= '0' && t[i] <= '9' {
			return true
		}
	}
	return false
}

// counted reports whether a figure counts people or teams that are managed.
func counted(before, after string) bool {
	f := strings.TrimLeft(after, " ")
	for _, unit := range []string{"year", "month", "week", "day", "hour", "minute", "%", "million", "quarter", "x ", "or more years", "time", "employee companies"} {
		if _, ok := cutPrefixFold(f, unit); ok {
			return false
		}
	}
	if _, ok := cutPrefixFold(f, "direct report"); ok {
		return !hasWord(before, "less than", "fewer than", "more than")
	}
	b := before[max(0, len(before)-60):]
	if i := strings.LastIndexAny(b, ",;("); i >= 0 {
		b = b[i+1:]
	}
	if hasWord(b, "experience") {
		return false
	}
	return hasWord(b, "manage", "manages", "managing", "lead", "leads", "leading", "oversee", "oversees", "team of", "supervises", "group of") && namesPeople(f)
}

// namesPeople reports whether the words behind a figure are people or teams.
func namesPeople(after string) bool {
	ws := words(after)
	for i, w := range ws {
		if i > 5 {
			return false
		}
		if isPlural(w) {
			return true
		}
		if w == "or" || w == "and" || w == "to" || w == "in" || w == "with" {
			return false
		}
	}
	return false
}

// modality tells how binding the figure is.
func modality(before string, c count) family.Modality {
	switch {
	case hasWord(before, "up to", "at most", "no more than", "maximum of"):
		return family.AtMost
	case hasWord(before, "at least", "minimum of") || c.plus && c.max == nil:
		return family.AtLeast
	case hasWord(before, "typically", "usually", "generally", "normally", "approximately", "about", "around"):
		return family.Typical
	}
	return family.Exact
}

// managed names who is managed: "direct reports, including X and Y" gives X
// and Y.
func (r *resolver) managed(s passage) []string {
	s = s.trim()
	if strings.HasPrefix(s.text, "+") {
		s = s.cut(1, len(s.text)).trim()
	}
	if rest, ok := cutPrefixFold(s.text, "direct report"); ok {
		i := indexFold(rest, "includ")
		if i < 0 {
			if i = indexFold(rest, "who are"); i < 0 {
				return []string{"direct reports"}
			}
		}
		at := len(s.text) - len(rest) + i
		sp := strings.IndexByte(s.text[at:], ' ')
		if sp < 0 {
			return []string{"direct reports"}
		}
		s = s.cut(at+sp, len(s.text))
	}
	s = clause(s)
	var out []string
	for _, ref := range r.titles(s).refs {
		t := ref.Title
		for _, end := range []string{" in ", " for ", " and reports", " across ", " on ", " within ", " with ", " and"} {
			if i := indexFold(t, end); i > 0 {
				t = t[:i]
			}
		}
		if t = trimEnd(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}

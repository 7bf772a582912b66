package lint

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
)

// levels returns the levels of the page; none if it is no job family, so that
// rules about levels say nothing of other pages.
func (p *PagePass) levels() []*family.Level {
	if !p.IsFamily {
		return nil
	}
	return p.Family.Levels
}

// titleSpan is where findings about the whole family stand: its title, or the
// first line of the page.
func (p *PagePass) titleSpan() source.Span {
	if s := p.Family.TitleSpan; !s.Empty() {
		return s
	}
	return p.File.LineSpan(1)
}

// levelSpan is where findings about a whole level stand: its heading.
func (p *PagePass) levelSpan(l *family.Level) source.Span {
	if l.Span.Empty() {
		return p.titleSpan()
	}
	return l.Span
}

// nameSpan is where a reference names its role, as narrow as the text allows.
// In "the Head of Berths reports to the Head", the manager stands behind the
// verb.
func (p *Page) nameSpan(r family.Reference) source.Span {
	behind := r.Span
	if i := bytes.Index(p.File.Slice(r.Span), []byte("report")); i >= 0 {
		behind.Start += i
	}
	if at := p.wordIn(behind, r.Title); at != behind {
		return at
	}
	return p.wordIn(r.Span, r.Title)
}

// wordIn returns where a name stands in the source of a text, also where a line
// ends within it, or the whole text if that cannot be told.
func (p *Page) wordIn(s source.Span, name string) source.Span {
	text := p.File.Slice(s)
	if i := bytes.Index(text, []byte(name)); i >= 0 {
		return source.Span{Start: s.Start + i, End: s.Start + i + len(name)}
	}
	words := strings.Fields(name)
	if len(words) < 2 {
		return s
	}
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte(words[0]))
		if i < 0 {
			return s
		}
		from += i + len(words[0])
		if end := follows(text, from, words[1:]); end > 0 {
			return source.Span{Start: s.Start + from - len(words[0]), End: s.Start + end}
		}
	}
}

// follows returns where words end that stand in text from an offset on, with
// any white space between them, or 0.
func follows(text []byte, at int, words []string) int {
	for _, w := range words {
		rest := bytes.TrimLeft(text[at:], " \t\r\n")
		if !bytes.HasPrefix(rest, []byte(w)) {
			return 0
		}
		at = len(text) - len(rest) + len(w)
	}
	return at
}

// lowest returns the lowest grade of a level, "" if it has none.
func lowest(grades []family.Grade) string {
	low := ""
	for _, g := range grades {
		if low == "" || policy.CompareGrades(g.Value, low) < 0 {
			low = g.Value
		}
	}
	return low
}

// highest returns the highest grade of a level, "" if it has none.
func highest(grades []family.Grade) string {
	high := ""
	for _, g := range grades {
		if high == "" || policy.CompareGrades(g.Value, high) > 0 {
			high = g.Value
		}
	}
	return high
}

// A calling is what a title says of a role, cut into its rank ("senior
// director") and what the role is about ("product"); both are sorted, in the
// spelling in which titles are compared. It must not be changed.
type calling struct {
	rank, about []string
	subject     string // the words of about, but for those that say only that the role leads
	key         string // as roleKey makes it
}

// callings remembers what titles say: pages name few roles often. Several
// goroutines may ask.
type callings struct {
	settings *Settings
	mu       sync.Mutex
	known    map[string]*calling
}

func newCallings(s *Settings) *callings { return &callings{settings: s, known: map[string]*calling{}} }

// of returns the calling of a title.
func (m *callings) of(title string) *calling {
	m.mu.Lock()
	c := m.known[title]
	m.mu.Unlock()
	if c == nil { // two may read it at the same time: both read the same
		c = callingOf(m.settings.policy(), title)
		m.mu.Lock()
		m.known[title] = c
		m.mu.Unlock()
	}
	return c
}

// calling returns what a title says.
func (p *PagePass) calling(title string) *calling { return p.callings.of(title) }

// calling returns what a title says.
func (p *FolderPass) calling(title string) *calling { return p.Index.callings.of(title) }

// callingOf reads a title. The word "manager" is a rank in "Manager, Berths"
// and part of a trade in "Product Manager"; it counts as a rank in both.
func callingOf(pack *policy.Pack, title string) *calling {
	words := roleWords(title)
	c := &calling{key: strings.Join(words, " ")}
	words = slices.Compact(words)
	c.about = words[:0]
	for _, w := range words {
		switch {
		case w == "intermediate" || w == "ic":
		case pack.IsRank(w):
			c.rank = append(c.rank, w)
		default:
			c.about = append(c.about, w)
		}
	}
	c.about = slices.Clip(c.about)
	subject := c.about
	if slices.ContainsFunc(subject, leadsOnly) {
		subject = slices.DeleteFunc(slices.Clone(subject), leadsOnly)
	}
	c.subject = strings.Join(subject, " ")
	return c
}

// leadsOnly reports words that say of a role only that it leads.
func leadsOnly(word string) bool { return word == "management" || word == "leadership" }

// same reports whether two titles name one role, whatever their spelling.
func (c *calling) same(d *calling) bool {
	return c == d || c.subject == d.subject && slices.Equal(c.rank, d.rank)
}

// overlaps reports whether two sorted lists of words share one.
func overlaps(a, b []string) bool {
	return slices.ContainsFunc(a, func(w string) bool { return slices.Contains(b, w) })
}

// contains reports whether the words of b all stand in a.
func contains(a, b []string) bool {
	return !slices.ContainsFunc(b, func(w string) bool { return !slices.Contains(a, w) })
}

// quoted joins names for a message: "A", "B" and "C".
func quoted(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = `"` + n + `"`
	}
	return listed(q, "and")
}

// listed joins words for a message: A, B and C.
func listed(words []string, and string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " " + and + " " + words[n-1]
	}
}

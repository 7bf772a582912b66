// Package diag is the one way in which Cadre speaks about a page: a Finding.
//
// A finding is data, not an error: the page compiled, and this is what a
// careful reviewer would say about it. Its code is stable for ever and never
// used again for something else: CAD1xx syntax, CAD2xx structure and
// references, CAD3xx levels, grades, ladders and hiring, CAD4xx wording and
// fairness, CAD5xx change. The printers of this package (text, JSON, SARIF,
// GitHub, GitLab, JUnit) only arrange what a finding says.
package diag

import (
	"cmp"
	"fmt"

	"github.com/cadre-hq/cadre/internal/source"
)

// A Code names a rule, for example "CAD205". Codes are listed in docs/rules.
type Code string

// A Severity says how much a finding weighs; the zero value is Info.
type Severity int

// The severities, from light to heavy. Off is a rule that is not run.
const (
	Info Severity = iota
	Warning
	Error
	Off Severity = -1
)

// String returns the word used in output and configuration.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Off:
		return "off"
	}
	return "info"
}

// ParseSeverity reads a word as String writes it.
func ParseSeverity(word string) (Severity, error) {
	for _, s := range []Severity{Info, Warning, Error, Off} {
		if s.String() == word {
			return s, nil
		}
	}
	return Info, fmt.Errorf("unknown severity %q: use error, warning, info or off", word)
}

// A Place is a span with its first and last position, so that it still means
// something when the text is gone (a cache, a report).
type Place struct {
	Path  string
	Span  source.Span
	Start source.Position
	End   source.Position
}

// At returns the place of a span in a file.
func At(f *source.File, s source.Span) Place {
	if s.End < s.Start {
		s.End = s.Start
	}
	return Place{Path: f.Path, Span: s, Start: f.Position(s.Start), End: f.Position(s.End)}
}

// A Related place explains a finding: the other definition, the contradicted
// sentence.
type Related struct {
	Place
	Message string
}

// An Edit replaces the bytes of a span by New.
type Edit struct {
	Span source.Span
	New  string
}

// A Fix is a set of edits that together resolve a finding. Safe fixes change
// no meaning and are what `cadre check --fix` applies.
type Fix struct {
	Title string
	Safe  bool
	Edits []Edit
}

// A Finding is one thing that a reviewer would say about a page.
type Finding struct {
	Code     Code
	Severity Severity
	Place
	Message string // one sentence: what is wrong, with the names and numbers
	Hint    string // what to do about it; may be empty
	Heading string // titles of the enclosing headings, joined by " > "
	Related []Related
	Fixes   []Fix
	// Fingerprint identifies the finding across runs; Fingerprints tells it.
	Fingerprint string
}

// Compare orders findings by path, place, code and message, so that two runs
// print the same bytes.
func Compare(a, b *Finding) int {
	if c := cmp.Compare(a.Path, b.Path); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Span.Start, b.Span.Start); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Span.End, b.Span.End), cmp.Compare(a.Message, b.Message))
}

package diag

import (
	"bufio"
	"io"
	"path/filepath"

	"github.com/cadre-hq/cadre/internal/source"
)

// A Report is what one run has to say, ready for any printer.
type Report struct {
	Version  string    // of Cadre
	Pages    []string  // paths of the pages that compiled, sorted
	Findings []Finding // sorted, with fingerprints
	Unread   []source.Problem
	Rules    []RuleInfo // the rules that ran, by code
	FailOn   Severity   // from which severity on the run fails; Off never does

	// Source returns the text of a page, for excerpts and for the places of
	// edits. It may be nil, and may return nil.
	Source func(path string) *source.File
	// Name returns the path of a page as seen from the root of the repository,
	// which is what code hosts want; nil leaves paths as they are.
	Name func(path string) string
}

// RuleInfo is what a printer tells about a rule.
type RuleInfo struct {
	Code     Code
	Name     string
	Title    string // one sentence: what the rule wants
	Help     string // its page, as Markdown
	Severity Severity
}

// A Format is an arrangement of a report.
type Format string

// The formats.
const (
	Text   Format = "text"
	JSON   Format = "json"
	SARIF  Format = "sarif"
	GitHub Format = "github"
	GitLab Format = "gitlab"
	JUnit  Format = "junit"
)

// Formats lists the formats in the order in which help names them.
var Formats = []Format{Text, JSON, SARIF, GitHub, GitLab, JUnit}

// Fingerprints reports whether the format prints the fingerprints of findings.
func (f Format) Fingerprints() bool { return f == JSON || f == SARIF || f == GitLab }

// Print writes the report in a format; o matters to Text alone. Equal reports
// give equal bytes.
func (r *Report) Print(w io.Writer, f Format, o TextOptions) error {
	b := bufio.NewWriterSize(w, 64<<10)
	if err := r.print(b, f, o); err != nil {
		return err
	}
	return b.Flush()
}

func (r *Report) print(w *bufio.Writer, f Format, o TextOptions) error {
	switch f {
	case JSON:
		return r.json(w)
	case SARIF:
		return r.sarif(w)
	case GitHub:
		return r.github(w)
	case GitLab:
		return r.gitlab(w)
	case JUnit:
		return r.junit(w)
	}
	return r.text(w, o)
}

// Failed reports whether a finding is as severe as FailOn.
func (r *Report) Failed() bool {
	for i := range r.Findings {
		if r.fails(&r.Findings[i]) {
			return true
		}
	}
	return false
}

func (r *Report) fails(f *Finding) bool {
	return r.FailOn != Off && f.Severity >= r.FailOn
}

// Count returns how many findings have the severity.
func (r *Report) Count(s Severity) int {
	n := 0
	for i := range r.Findings {
		if r.Findings[i].Severity == s {
			n++
		}
	}
	return n
}

// name returns the path as a code host knows it, with forward slashes.
func (r *Report) name(path string) string {
	if r.Name != nil {
		path = r.Name(path)
	}
	return filepath.ToSlash(path)
}

// file returns the text of a page, or nil.
func (r *Report) file(path string) *source.File {
	if r.Source == nil {
		return nil
	}
	return r.Source(path)
}

// ruleNames maps the codes of the rules that ran to their names.
func (r *Report) ruleNames() map[Code]string {
	names := make(map[Code]string, len(r.Rules))
	for _, rule := range r.Rules {
		names[rule.Code] = rule.Name
	}
	return names
}

// shown returns the ends of a place as formats want them: a place that is
// nowhere is the beginning of the page, and no place ends before it begins.
func shown(p Place) (first, last source.Position) {
	first = source.Position{Line: max(p.Start.Line, 1), Column: max(p.Start.Column, 1)}
	last = p.End
	if last.Line < first.Line || last.Line == first.Line && last.Column < first.Column {
		last = first
	}
	return first, last
}

package diag

import (
	"bufio"
	"fmt"

	"github.com/cadre-hq/cadre/internal/source"
)

// schemaVersion is the version of the JSON format. It changes when a reader of
// the format would have to; new keys do not change it.
const schemaVersion = "1"

// jsonFinding is a finding in the JSON format. Paths are those of the text
// format, as the caller wrote them, so that a tool can open them.
type jsonFinding struct {
	Code     Code   `json:"code"`
	Rule     string `json:"rule,omitempty"`
	Severity string `json:"severity"`
	jsonPlace
	Message     string        `json:"message"`
	Hint        string        `json:"hint,omitempty"`
	Heading     string        `json:"heading,omitempty"`
	Related     []jsonRelated `json:"related"`
	Fixes       []jsonFix     `json:"fixes"`
	Fingerprint string        `json:"fingerprint"`
}

// jsonPlace is a place: lines and columns count from 1, columns in characters;
// the span counts bytes from 0, its end excluded.
type jsonPlace struct {
	Path  string          `json:"path"`
	Start source.Position `json:"start"`
	End   source.Position `json:"end"`
	Span  source.Span     `json:"span"`
}

func jsonPlaceOf(p Place) jsonPlace { return jsonPlace{p.Path, p.Start, p.End, p.Span} }

type jsonRelated struct {
	jsonPlace
	Message string `json:"message"`
}

type jsonFix struct {
	Title string     `json:"title"`
	Safe  bool       `json:"safe"`
	Edits []jsonEdit `json:"edits"`
}

// jsonEdit is an edit of the finding's page; the positions are left out where
// the text is gone.
type jsonEdit struct {
	Start *source.Position `json:"start,omitempty"`
	End   *source.Position `json:"end,omitempty"`
	Span  source.Span      `json:"span"`
	New   string           `json:"new"`
}

type jsonUnread struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

type jsonSummary struct {
	Pages    int    `json:"pages"`
	Affected int    `json:"pages_with_findings"`
	Unread   int    `json:"unread"`
	Errors   int    `json:"errors"`
	Warnings int    `json:"warnings"`
	Infos    int    `json:"infos"`
	Fixable  int    `json:"fixable"`
	FailOn   string `json:"fail_on"`
	Failed   bool   `json:"failed"`
}

// json writes the format for programs: everything that is known, one finding
// on a line.
func (r *Report) json(w *bufio.Writer) error {
	names := r.ruleNames()
	fmt.Fprintf(w, "{\n \"schema_version\": %q,\n", schemaVersion)
	version, err := plainJSON(r.Version)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, " \"version\": %s,\n", version)
	err = jsonList(w, "findings", len(r.Findings), func(i int) any {
		return r.jsonFinding(&r.Findings[i], names)
	})
	if err != nil {
		return err
	}
	err = jsonList(w, "unread", len(r.Unread), func(i int) any {
		return jsonUnread(r.Unread[i])
	})
	if err != nil {
		return err
	}
	summary, err := plainJSON(r.jsonSummary())
	if err != nil {
		return err
	}
	fmt.Fprintf(w, " \"summary\": %s\n}\n", summary)
	return nil
}

// jsonList writes a key with a list of n values, one on a line.
func jsonList(w *bufio.Writer, key string, n int, value func(i int) any) error {
	fmt.Fprintf(w, " %q: [", key)
	for i := range n {
		line, err := plainJSON(value(i))
		if err != nil {
			return err
		}
		if i > 0 {
			w.WriteByte(',')
		}
		w.WriteString("\n  ")
		w.Write(line)
	}
	if n > 0 {
		w.WriteString("\n ")
	}
	w.WriteString("],\n")
	return nil
}

func (r *Report) jsonFinding(f *Finding, names map[Code]string) jsonFinding {
	j := jsonFinding{
		Code: f.Code, Rule: names[f.Code], Severity: f.Severity.String(),
		jsonPlace: jsonPlaceOf(f.Place),
		Message:   f.Message, Hint: f.Hint, Heading: f.Heading,
		Related: make([]jsonRelated, len(f.Related)), Fixes: make([]jsonFix, len(f.Fixes)),
		Fingerprint: f.Fingerprint,
	}
	for i, rel := range f.Related {
		j.Related[i] = jsonRelated{jsonPlaceOf(rel.Place), rel.Message}
	}
	for i, fix := range f.Fixes {
		j.Fixes[i] = jsonFix{fix.Title, fix.Safe, make([]jsonEdit, len(fix.Edits))}
		for k, e := range fix.Edits {
			j.Fixes[i].Edits[k] = r.jsonEdit(f.Path, e)
		}
	}
	return j
}

func (r *Report) jsonEdit(path string, e Edit) jsonEdit {
	j := jsonEdit{Span: e.Span, New: e.New}
	if file := r.file(path); file != nil {
		p := At(file, e.Span)
		j.Start, j.End = &p.Start, &p.End
	}
	return j
}

func (r *Report) jsonSummary() jsonSummary {
	return jsonSummary{
		Pages: len(r.Pages), Affected: r.affected(), Unread: len(r.Unread),
		Errors: r.Count(Error), Warnings: r.Count(Warning), Infos: r.Count(Info),
		Fixable: r.fixable(), FailOn: r.FailOn.String(), Failed: r.Failed(),
	}
}

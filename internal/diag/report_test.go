package diag

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/source"
)

var update = flag.Bool("update", false, "write the wanted output anew")

const golden = "testdata/report.txtar"

// The pages of the golden report.
const (
	berth = "roles/berth planner.md"
	south = "roles/100% Übersee, Süd.md"
	crane = "roles/crane-operator.md"
)

// goldenReport returns the report that all formats are tried with, made from
// the pages of the archive, and the archive.
func goldenReport(t *testing.T) (*Report, *txtar.Archive) {
	t.Helper()
	archive, err := txtar.ParseFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*source.File{}
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, "roles/") {
			files[f.Name] = source.New(f.Name, f.Data)
		}
	}
	r := &Report{
		Version: "1.2.3",
		Pages:   []string{south, berth, crane},
		Unread:  []source.Problem{{Path: "roles/scan #7.md", Message: "cannot be read: it is no text"}},
		FailOn:  Error,
		Rules: []RuleInfo{
			{Code: "CAD210", Name: "empty-link", Title: "A link leads somewhere", Help: "# Empty link\n\nWhy it matters.\n", Severity: Error},
			{Code: "CAD330", Name: "two-managers", Title: "A role reports to one manager.", Severity: Warning},
		},
		Source: func(path string) *source.File { return files[path] },
		Name:   func(path string) string { return "handbook/" + path },
	}
	at := func(path, text string) Place { return placeOf(t, files[path], text) }
	link, etc := at(berth, "[the tide table]()"), at(berth, ", etc")
	after := etc
	after.Span.Start, after.Start = etc.Span.End, etc.End
	r.Findings = []Finding{
		{
			Code: "CAD210", Severity: Error, Place: link, Heading: "Berth Planner",
			Message: `the link "the tide table" leads nowhere`, Hint: "write the address between the brackets",
			Fixes: []Fix{
				{Title: "remove the link", Safe: true, Edits: []Edit{{link.Span, "the tide table"}}},
				{Title: "make it two words: 50%", Edits: []Edit{{link.Span, "a"}, {etc.Span, ""}}},
			},
		},
		{
			Code: "CAD330", Severity: Warning, Place: at(south, "Reports to the Head of Quays.\nReports to the Head of Cranes."), Heading: "Überseeplaner – “Süd”",
			Message: "the role reports to two people: Quays, 50% & Cranes <both>",
			Related: []Related{{at(south, "Head of Cranes"), "the second one stands here"}, {at(crane, "Crane Operator"), "who reports to \"Cranes\" too"}},
		},
		{Code: "CAD399", Severity: Info, Place: after, Heading: "Berth Planner > Responsibilities", Message: "a list ends with \"etc\" \x1b[31m\x00\u202e"},
		{Code: "CAD399", Severity: Error, Place: at(berth, "and	keep the"), Heading: "Berth Planner > Responsibilities", Message: "first line\nsecond: line, with ::error:: in it"},
		{Code: "CAD210", Severity: Error, Place: Place{Path: berth}, Message: "the page is nowhere"},
	}
	identified(r.Findings, r.Name)
	return r, archive
}

// placeOf returns where text stands for the first time in a file.
func placeOf(t *testing.T, f *source.File, text string) Place {
	t.Helper()
	i := bytes.Index(f.Text, []byte(text))
	if i < 0 {
		t.Fatalf("%s does not hold %q", f.Path, text)
	}
	return At(f, source.Span{Start: i, End: i + len(text)})
}

// printed returns the report in a format.
func printed(t *testing.T, r *Report, f Format, o TextOptions) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.Print(&b, f, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFormats(t *testing.T) {
	r, archive := goldenReport(t)
	got := map[string][]byte{
		"want.text":    printed(t, r, Text, TextOptions{}),
		"want.excerpt": printed(t, r, Text, TextOptions{Excerpts: true, Width: 60}),
	}
	for _, f := range Formats[1:] {
		got["want."+string(f)] = printed(t, r, f, TextOptions{})
	}
	if *update {
		rewrite(t, archive, got)
		return
	}
	for _, f := range archive.Files {
		if want, ok := strings.CutPrefix(f.Name, "want."); ok {
			if diff := cmp.Diff(string(f.Data), string(got[f.Name])); diff != "" {
				t.Errorf("%s (-want +got):\n%s", want, diff)
			}
			delete(got, f.Name)
		}
	}
	for name := range got {
		t.Errorf("the archive has no %s", name)
	}
}

// rewrite puts the output into the archive.
func rewrite(t *testing.T, archive *txtar.Archive, got map[string][]byte) {
	t.Helper()
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "want.") })
	for _, name := range []string{"text", "excerpt", "json", "sarif", "github", "gitlab", "junit"} {
		archive.Files = append(archive.Files, txtar.File{Name: "want." + name, Data: got["want."+name]})
	}
	if err := os.WriteFile(golden, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Two runs over the same pages print the same bytes.
func TestPrintsAreEqual(t *testing.T) {
	for _, f := range Formats {
		one, _ := goldenReport(t)
		two, _ := goldenReport(t)
		if !bytes.Equal(printed(t, one, f, TextOptions{}), printed(t, two, f, TextOptions{})) {
			t.Errorf("%s: two prints differ", f)
		}
	}
}

// A report of nothing is well formed in every format, with and without the
// texts of the pages.
func TestEmptyReport(t *testing.T) {
	for _, f := range Formats {
		checkForm(t, f, printed(t, &Report{}, f, TextOptions{}))
	}
	if got, want := string(printed(t, &Report{Pages: []string{"a.md"}}, Text, TextOptions{})), "ok: no findings in 1 page.\n"; got != want {
		t.Errorf("text: got %q, want %q", got, want)
	}
}

func TestReportWithoutSource(t *testing.T) {
	r, _ := goldenReport(t)
	r.Source, r.Name, r.Rules = nil, nil, nil
	for _, f := range Formats {
		checkForm(t, f, printed(t, r, f, TextOptions{Excerpts: true}))
	}
}

// checkForm reads what is JSON or XML.
func checkForm(t *testing.T, f Format, text []byte) {
	t.Helper()
	switch f {
	case JSON, SARIF, GitLab:
		if !json.Valid(text) {
			t.Errorf("%s is no JSON:\n%s", f, text)
		}
	case JUnit:
		d := xml.NewDecoder(bytes.NewReader(text))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				t.Errorf("junit is no XML: %v\n%s", err, text)
				return
			}
		}
	}
}

// SARIF and GitLab know a finding by the same fingerprint, and no two findings
// share one.
func TestFingerprintsInFormats(t *testing.T) {
	r, _ := goldenReport(t)
	var sarif sarifLog
	var gitlab []gitlabIssue
	if err := json.Unmarshal(printed(t, r, SARIF, TextOptions{}), &sarif); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(printed(t, r, GitLab, TextOptions{}), &gitlab); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i, result := range sarif.Runs[0].Results {
		fp := result.Fingerprints[fingerprintKey]
		if fp == "" || fp != gitlab[i].Fingerprint {
			t.Errorf("finding %d has the fingerprint %q in SARIF and %q in GitLab", i, fp, gitlab[i].Fingerprint)
		}
		if seen[fp] {
			t.Errorf("finding %d shares its fingerprint", i)
		}
		seen[fp] = true
	}
	if len(seen) != len(r.Findings) {
		t.Errorf("%d fingerprints for %d findings", len(seen), len(r.Findings))
	}
}

// Whoever prints no fingerprints need not make any: the formats say truly which
// of them print some.
func TestWhichFormatsPrintFingerprints(t *testing.T) {
	for _, f := range Formats {
		with, _ := goldenReport(t)
		without, _ := goldenReport(t)
		for i := range without.Findings {
			with.Findings[i].Fingerprint, without.Findings[i].Fingerprint = "0f1e2d3c", ""
		}
		differ := !bytes.Equal(printed(t, with, f, TextOptions{}), printed(t, without, f, TextOptions{}))
		if differ != f.Fingerprints() {
			t.Errorf("%s: fingerprints are printed: %v", f, differ)
		}
	}
}

func TestFailed(t *testing.T) {
	r := &Report{Findings: []Finding{{Severity: Warning}}}
	for on, want := range map[Severity]bool{Info: true, Warning: true, Error: false, Off: false} {
		r.FailOn = on
		if r.Failed() != want {
			t.Errorf("a warning with --fail-on %s: failed is %t", on, !want)
		}
	}
}

func TestSeverityWords(t *testing.T) {
	for _, s := range []Severity{Off, Info, Warning, Error} {
		if got, err := ParseSeverity(s.String()); err != nil || got != s {
			t.Errorf("%s reads as %s, %v", s, got, err)
		}
	}
	if _, err := ParseSeverity("fatal"); err == nil {
		t.Error(`"fatal" is read`)
	}
}

// Whatever a page makes a finding say, every format stays well formed, and a
// workflow command stays one line.
func TestHostileText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(
			rapid.String(),
			rapid.SampledFrom([]string{"]]>", "\x00\x1b[31m", "%0A::error::", "a\r\nb", "\u2028\ufffe\uffff", "\xff\xfe", "<![CDATA[", `"'&`, "::stop-commands::x"}),
		)
		path := text.Draw(rt, "path")
		r := &Report{
			Version: text.Draw(rt, "version"), Pages: []string{path},
			Findings: []Finding{{
				Code: "CAD101", Severity: Error, Place: Place{Path: path}, Message: text.Draw(rt, "message"),
				Hint: text.Draw(rt, "hint"), Heading: text.Draw(rt, "heading"),
				Related: []Related{{Place{Path: path}, text.Draw(rt, "related")}},
			}},
			Unread: []source.Problem{{Path: text.Draw(rt, "unread"), Message: text.Draw(rt, "why")}},
			Rules:  []RuleInfo{{Code: "CAD101", Name: text.Draw(rt, "name"), Title: text.Draw(rt, "title")}},
		}
		identified(r.Findings, nil)
		for _, f := range Formats {
			printed := printed(t, r, f, TextOptions{})
			checkForm(t, f, printed)
			if lines := bytes.Count(printed, []byte("\n")); f == GitHub && lines != 2 {
				t.Errorf("github: %d lines for 2 commands:\n%s", lines, printed)
			}
		}
	})
}

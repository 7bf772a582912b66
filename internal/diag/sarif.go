package diag

import (
	"bufio"
	"encoding/json"
	"strings"

	"github.com/cadre-hq/cadre/internal/source"
)

// The address of the project, which SARIF viewers link to.
const (
	homepage = "https://github.com/cadre-hq/cadre"
	rulePage = homepage + "/blob/main/docs/rules/"
)

// fingerprintKey names our fingerprint in SARIF; the number changes when
// another way of counting would give other fingerprints.
const fingerprintKey = "cadre/v1"

// sarifRoot names the root of the repository, which paths count from.
const sarifRoot = "%SRCROOT%"

// snippetLimit is the length in bytes of the longest snippet: a viewer shows
// it in a line or two.
const snippetLimit = 400

// sarif writes the report as SARIF 2.1.0 (OASIS).
func (r *Report) sarif(w *bufio.Writer) error {
	s := &sarifMaker{report: r, index: make(map[Code]int, len(r.Rules))}
	for i, rule := range r.Rules {
		s.index[rule.Code] = i
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(s.log())
}

// A sarifMaker turns a report into SARIF.
type sarifMaker struct {
	report *Report
	index  map[Code]int // of a rule in Report.Rules
}

func (s *sarifMaker) log() sarifLog {
	run := sarifRun{
		Tool:        sarifTool{s.driver()},
		Invocations: []sarifInvocation{s.invocation()},
		BaseIDs:     map[string]sarifBase{sarifRoot: {sarifMessage{"The root of the repository."}}},
		ColumnKind:  "unicodeCodePoints",
		Results:     make([]sarifResult, len(s.report.Findings)),
	}
	for i := range s.report.Findings {
		run.Results[i] = s.result(&s.report.Findings[i])
	}
	return sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0", Runs: []sarifRun{run},
	}
}

func (s *sarifMaker) driver() sarifDriver {
	d := sarifDriver{Name: "Cadre", Version: number(s.report.Version), URI: homepage, Rules: make([]sarifRule, len(s.report.Rules))}
	for i, rule := range s.report.Rules {
		d.Rules[i] = sarifRuleOf(rule)
	}
	return d
}

func sarifRuleOf(rule RuleInfo) sarifRule {
	help := rule.Help
	if help == "" {
		help = "cadre explain " + string(rule.Code)
	}
	title := sentence(rule.Title)
	return sarifRule{
		ID: rule.Code, Name: pascal(rule.Name),
		Short: sarifMessage{title}, Full: sarifMessage{title},
		Help: sarifHelp{help, help}, HelpURI: rulePage + string(rule.Code) + ".md",
		Default: sarifDefault{sarifLevels[rule.Severity]},
		Properties: sarifProperties{
			Tags: []string{"job-family", topic(rule.Code)}, Severity: githubSeverities[rule.Severity],
		},
	}
}

// sarifLevels maps severities to levels of SARIF.
var sarifLevels = map[Severity]string{Error: "error", Warning: "warning", Info: "note", Off: "none"}

// githubSeverities maps severities to the property that GitHub sorts by.
var githubSeverities = map[Severity]string{Error: "error", Warning: "warning", Info: "recommendation", Off: "recommendation"}

// topic says in a word what the rules of a code's hundred are about.
func topic(c Code) string {
	switch {
	case strings.HasPrefix(string(c), "CAD1"):
		return "syntax"
	case strings.HasPrefix(string(c), "CAD2"):
		return "structure"
	case strings.HasPrefix(string(c), "CAD3"):
		return "levels"
	case strings.HasPrefix(string(c), "CAD4"):
		return "wording"
	}
	return "change"
}

// invocation tells about the run: which pages it could not read.
func (s *sarifMaker) invocation() sarifInvocation {
	v := sarifInvocation{Successful: len(s.report.Unread) == 0}
	for _, u := range s.report.Unread {
		v.Notifications = append(v.Notifications, sarifNotification{
			Level: "error", Message: sarifMessage{sentence(u.Message)},
			Locations: []sarifLocation{{Physical: sarifPhysical{Artifact: s.artifact(u.Path)}}},
		})
	}
	return v
}

func (s *sarifMaker) result(f *Finding) sarifResult {
	at := sarifLocation{Physical: s.physical(f.Place)}
	if f.Heading != "" {
		at.Logical = []sarifLogical{{f.Heading}}
	}
	text := sentence(f.Message)
	if f.Hint != "" {
		text += "\nHelp: " + sentence(f.Hint)
	}
	res := sarifResult{
		Rule: f.Code, Level: sarifLevels[f.Severity], Message: sarifMessage{text},
		Locations:    []sarifLocation{at},
		Fingerprints: map[string]string{fingerprintKey: f.Fingerprint},
	}
	if i, ok := s.index[f.Code]; ok {
		res.Index = &i
	}
	for i, rel := range f.Related {
		res.Related = append(res.Related, sarifLocation{
			ID: i + 1, Physical: s.physical(rel.Place), Message: &sarifMessage{sentence(rel.Message)},
		})
	}
	for _, fix := range f.Fixes {
		if len(fix.Edits) > 0 {
			res.Fixes = append(res.Fixes, s.fix(f.Path, fix))
		}
	}
	return res
}

func (s *sarifMaker) physical(p Place) sarifPhysical {
	region := textRegion(p)
	if file := s.report.file(p.Path); file != nil {
		if text := file.Slice(p.Span); len(text) > 0 && len(text) <= snippetLimit {
			region.Snippet = &sarifContent{string(text)}
		}
	}
	return sarifPhysical{s.artifact(p.Path), &region}
}

func (s *sarifMaker) fix(path string, fix Fix) sarifFix {
	change := sarifChange{Artifact: s.artifact(path)}
	file := s.report.file(path)
	for _, e := range fix.Edits {
		change.Replacements = append(change.Replacements, sarifReplacement{s.deleted(file, e.Span), sarifContent{e.New}})
	}
	return sarifFix{sarifMessage{sentence(fix.Title)}, []sarifChange{change}}
}

// deleted returns the region that an edit replaces: by lines where the text is
// known, else by bytes.
func (s *sarifMaker) deleted(file *source.File, span source.Span) sarifRegion {
	if file == nil {
		length := span.End - span.Start
		return sarifRegion{ByteOffset: &span.Start, ByteLength: &length}
	}
	return textRegion(At(file, span))
}

func textRegion(p Place) sarifRegion {
	first, last := shown(p)
	return sarifRegion{Line: first.Line, Column: first.Column, EndLine: last.Line, EndColumn: last.Column}
}

// artifact returns where a page is. A path below the root of the repository
// counts from there; any other stands for itself.
func (s *sarifMaker) artifact(path string) sarifArtifact {
	a := sarifArtifact{URI: uri(s.report.name(path)), Base: sarifRoot}
	if strings.HasPrefix(a.URI, "file:") {
		a.Base = ""
	}
	return a
}

// number returns a version that begins with a digit, as viewers that compare
// versions want it.
func number(version string) string {
	version = strings.TrimPrefix(version, "v")
	if version == "" || version[0] < '0' || version[0] > '9' {
		return strings.TrimSuffix("0.0.0-"+version, "-")
	}
	return version
}

// sentence returns text with a period behind it, as SARIF viewers want it.
// Brackets that would make an embedded link (SARIF 3.11.6) are escaped.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "](") {
		text = strings.NewReplacer("[", `\[`, "]", `\]`).Replace(text)
	}
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}

// pascal returns the name of a rule as SARIF writes names: "EmptyLink".
func pascal(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

package lint

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/cadre-hq/cadre/internal/diag"
)

// A Severity says how a rule counts for the page at a path; diag.Off does not
// run it. Nil means each rule's own severity.
type Severity func(r *Rule, path string) diag.Severity

// of returns the severity of a rule for a page.
func (s Severity) of(r *Rule, path string) diag.Severity {
	if s == nil {
		return r.Default()
	}
	return s(r, path)
}

// A Result is what the rules of scope Page say about one page, and what the
// rules of scope Folder need to know of it. It depends on the bytes of the
// page, the settings and the severities alone, and holds plain values, so that
// a cache can keep it.
type Result struct {
	Facts        *Facts
	Findings     []diag.Finding // suppressed ones included
	Suppressions []Suppression
}

// CheckPage runs the rules of scope Page.
func (s *Settings) CheckPage(p *Page, severity Severity) Result {
	p.callings = callings{}
	r := Result{Facts: p.facts(s), Suppressions: p.suppressions()}
	pass := PagePass{Settings: s, Page: p, findings: &r.Findings, suppressions: r.Suppressions, registry: Rules}
	for _, rule := range Rules {
		if rule.Page == nil {
			continue
		}
		if pass.rule, pass.severity = rule, severity.of(rule, p.File.Path); pass.severity != diag.Off {
			rule.Page(&pass)
		}
	}
	return r
}

// Finish runs the rules of scope Folder over the results of all pages, which
// are in the order of their paths, drops what is suppressed and reports
// suppressions that have nothing to suppress. It returns the findings sorted,
// with fingerprints; name, if set, gives the path that goes into them.
func (s *Settings) Finish(results []Result, severity Severity, name func(path string) string) []diag.Finding {
	total := 0
	for i := range results {
		total += len(results[i].Findings)
	}
	findings := make([]diag.Finding, 0, 2*total) // and those of the folder
	pages := make([]*Facts, len(results))
	for i := range results {
		pages[i] = results[i].Facts
		findings = append(findings, results[i].Findings...)
	}
	for _, found := range s.folder(pages, severity) {
		findings = append(findings, found...)
	}
	suppressed, used := suppress(results, findings)
	unused := unusedFindings(results, used, severity)
	findings = append(findings, unused...)
	suppressed = append(suppressed, make([]bool, len(unused))...)
	return sealed(findings, suppressed, name)
}

// folder runs the rules of scope Folder on all processors, and returns what
// each of them found, in the order of the rules.
func (s *Settings) folder(pages []*Facts, severity Severity) [][]diag.Finding {
	index := NewIndex(s, pages)
	var rules []*Rule
	for _, r := range Rules {
		if r.Folder != nil {
			rules = append(rules, r)
		}
	}
	found := make([][]diag.Finding, len(rules))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(rules)) {
		wg.Go(func() {
			names := callings{}
			for i := int(next.Add(1)) - 1; i < len(rules); i = int(next.Add(1)) - 1 {
				rules[i].Folder(&FolderPass{
					Settings: s, Pages: pages, Index: index,
					rule: rules[i], severity: severity, findings: &found[i], callings: names,
				})
			}
		})
	}
	wg.Wait()
	return found
}

// sealed sorts the findings, gives them fingerprints and drops the suppressed
// ones. These count for the fingerprints of the others, which therefore stay
// when a suppression comes or goes.
func sealed(findings []diag.Finding, suppressed []bool, name func(string) string) []diag.Finding {
	for i, gone := range suppressed {
		if gone {
			findings[i].Fingerprint = dropped
		}
	}
	diag.Sort(findings)
	gone := make([]bool, len(findings))
	for i := range findings {
		gone[i] = findings[i].Fingerprint == dropped
	}
	diag.Fingerprints(findings, name)
	kept := findings[:0]
	for i := range findings {
		if !gone[i] {
			kept = append(kept, findings[i])
		}
	}
	return kept
}

// dropped marks a suppressed finding while findings are sorted; no fingerprint
// looks like it.
const dropped = "suppressed"

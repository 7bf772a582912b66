package lint

import (
	"runtime"
	"slices"
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
	p.callings = newCallings(s)
	r := Result{Facts: p.facts(s), Suppressions: p.suppressions()}
	found := scratch.Get().(*[]diag.Finding)
	defer scratch.Put(found)
	pass := PagePass{Settings: s, Page: p, findings: found, suppressions: r.Suppressions, registry: Rules}
	for _, rule := range Rules {
		if rule.Page == nil {
			continue
		}
		if pass.rule, pass.severity = rule, severity.of(rule, p.File.Path); pass.severity != diag.Off {
			rule.Page(&pass)
		}
	}
	r.Findings = slices.Clone(*found)
	clear(*found)
	*found = (*found)[:0]
	return r
}

// scratch holds lists in which the findings of one page gather, whose number
// nobody knows before.
var scratch = sync.Pool{New: func() any { return new([]diag.Finding) }}

// Finish runs the rules of scope Folder over the results of all pages, which
// are in the order of their paths, drops what is suppressed and reports
// suppressions that have nothing to suppress. It returns the findings sorted,
// with fingerprints if prints is not nil.
func (s *Settings) Finish(results []Result, severity Severity, prints *diag.Fingerprints) []diag.Finding {
	pages := make([]*Facts, len(results))
	total := 0
	for i := range results {
		pages[i] = results[i].Facts
		total += len(results[i].Findings)
	}
	findings := make([]verdict, 0, total+total/4) // those about the folder come along
	for i := range results {
		findings = appendAll(findings, results[i].Findings)
	}
	for _, found := range s.folder(pages, severity) {
		findings = appendAll(findings, found)
	}
	used := suppress(results, findings)
	findings = appendAll(findings, unusedFindings(results, used, severity))
	return sealed(findings, prints)
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
			for i := int(next.Add(1)) - 1; i < len(rules); i = int(next.Add(1)) - 1 {
				rules[i].Folder(&FolderPass{
					Settings: s, Pages: pages, Index: index,
					rule: rules[i], severity: severity, findings: &found[i],
				})
			}
		})
	}
	wg.Wait()
	return found
}

// A verdict is a finding, which stays where it is, and whether a suppression
// covers it.
type verdict struct {
	*diag.Finding
	suppressed bool
}

func appendAll(vs []verdict, findings []diag.Finding) []verdict {
	for i := range findings {
		vs = append(vs, verdict{Finding: &findings[i]})
	}
	return vs
}

// sealed returns the findings that are not suppressed, sorted, with
// fingerprints if these are wanted. The suppressed ones count for the
// fingerprints of the others, which therefore stay when a suppression comes or
// goes.
func sealed(findings []verdict, prints *diag.Fingerprints) []diag.Finding {
	slices.SortStableFunc(findings, func(a, b verdict) int { return diag.Compare(a.Finding, b.Finding) })
	kept := make([]diag.Finding, 0, len(findings))
	for _, v := range findings {
		fingerprint := ""
		if prints != nil {
			fingerprint = prints.Next(v.Finding)
		}
		if !v.suppressed {
			kept = append(kept, *v.Finding)
			kept[len(kept)-1].Fingerprint = fingerprint
		}
	}
	return kept
}

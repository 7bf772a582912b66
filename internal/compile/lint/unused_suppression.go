package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
)

// unusedSuppression finds comments that suppress nothing, because what they
// excused was mended. Only Finish knows when all rules have run, so it applies
// this rule itself.
var unusedSuppression = Rule{
	Code:     "CAD121",
	Name:     "unused-suppression",
	Title:    "A suppression suppresses something.",
	Severity: diag.Warning,
}

// unusedFindings reports the codes of suppressions that covered no finding. A
// code whose rule does not run on the page is left alone: the finding may only
// be hidden.
func unusedFindings(results []Result, used map[use]bool, severity Severity) []diag.Finding {
	var findings []diag.Finding
	for _, r := range results {
		for _, s := range r.Suppressions {
			level := severity.of(&unusedSuppression, s.Place.Path)
			if level == diag.Off || s.Fault != "" {
				continue
			}
			for _, c := range s.Codes {
				rule := Find(c.Code)
				if used[use{s.Place.Path, c.Span.Start}] || rule == nil || severity.of(rule, s.Place.Path) == diag.Off {
					continue
				}
				findings = append(findings, diag.Finding{
					Code: unusedSuppression.Code, Severity: level, Place: s.Place, Heading: s.Heading,
					Message: fmt.Sprintf("nothing here is reported as %s (%s) any more", c.Code, rule.Name),
					Hint:    "remove the code from the comment, or the comment",
				})
			}
		}
	}
	return findings
}

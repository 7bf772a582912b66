package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
)

// interviewerBelow finds peers who are no peers: they hold a lower grade than
// the level that the candidate applies for.
var interviewerBelow = Rule{
	Code:     "CAD358",
	Name:     "interviewer-below",
	Title:    "A peer interview is with somebody of the candidate's level or above.",
	Severity: diag.Warning,
	Origin:   "JF124",
	Page:     checkInterviewerBelow,
}

func checkInterviewerBelow(p *PagePass) {
	if !p.IsFamily {
		return
	}
	for _, h := range p.Family.Hiring {
		l := p.Family.Level(h.Level)
		if l == nil || lowest(l.Grades) == "" {
			continue
		}
		for _, s := range h.Steps {
			if isPeer(s) {
				p.checkPeer(l, s)
			}
		}
	}
}

// isPeer reports whether a step is called one with a peer. A peer of somebody
// is not the candidate's.
func isPeer(s *family.Step) bool {
	text := strings.ToLower(s.Text)
	return (hasName(text, "peer") || hasName(text, "peers")) && !strings.Contains(text, "peer of") && !strings.Contains(text, "peers of")
}

// checkPeer reports a peer interview if every interviewer that it names holds
// a lower grade. An interviewer of whom no grade is known counts as a peer.
func (p *PagePass) checkPeer(l *family.Level, s *family.Step) {
	grade := lowest(l.Grades)
	best, who := "", ""
	for _, r := range s.Interviewers {
		g := p.gradeOf(r)
		if g == "" || policy.CompareGrades(g, grade) >= 0 {
			return
		}
		if best == "" || policy.CompareGrades(g, best) > 0 {
			best, who = g, r.Title
		}
	}
	if best == "" {
		return
	}
	p.Report(s.Span, diag.Finding{
		Message: fmt.Sprintf("%q (grade %s) is no peer of %q (grade %s)", who, best, l.Title, grade),
		Hint:    fmt.Sprintf("name an interviewer of grade %s or above, or do not call it a peer interview", grade),
	})
}

// gradeOf returns the grade of a role: that of the level of this page which is
// meant, or that of its rank. A bare "manager" may be anybody.
func (p *PagePass) gradeOf(r family.Reference) string {
	if strings.Contains(strings.ToLower(r.Title), "above") {
		return ""
	}
	if l := p.Family.Level(r.Level); l != nil && len(l.Grades) > 0 {
		return highest(l.Grades)
	}
	if g, rank := p.policy().TitleGrade(r.Title); rank != "manager" && rank != "senior manager" {
		return g
	}
	return ""
}

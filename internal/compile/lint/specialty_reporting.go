package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// specialtyReporting finds specialties that report to somebody else than
// their level does.
var specialtyReporting = Rule{
	Code:     "CAD335",
	Name:     "specialty-reporting",
	Title:    "A specialty reports to one of those that its level reports to.",
	Severity: diag.Error,
	Origin:   "JF112",
	Page:     checkSpecialtyReporting,
}

func checkSpecialtyReporting(p *PagePass) {
	if !p.IsFamily {
		return
	}
	for _, s := range p.Family.Specialties {
		l := p.Family.Level(s.Level)
		if l == nil || len(l.ReportsTo) == 0 {
			continue
		}
		for _, r := range s.ReportsTo {
			if p.among(r, l.ReportsTo) {
				continue
			}
			bosses := make([]string, len(l.ReportsTo))
			for i, b := range l.ReportsTo {
				bosses[i] = fmt.Sprintf("%q", b.Title)
			}
			p.Report(p.nameSpan(r), diag.Finding{
				Message: fmt.Sprintf("the specialty %q reports to %q, but %q reports to %s", s.Title, r.Title, l.Title, listed(bosses, "or")),
				Hint:    "correct one of the two, or add this manager to the level's reporting line",
				Related: []diag.Related{p.Related(l.Reporting.Span, "the reporting line of the level")},
			})
		}
	}
}

// among reports whether a manager is one of some others: the same level, or
// the same role with more or fewer words.
func (p *PagePass) among(r family.Reference, others []family.Reference) bool {
	name := p.calling(r.Title)
	for _, o := range others {
		if r.Level != "" && r.Level == o.Level {
			return true
		}
		if r.Level != "" && o.Level != "" {
			continue
		}
		other := p.calling(o.Title)
		if contains(name.rank, other.rank) && contains(other.rank, name.rank) &&
			(contains(name.about, other.about) || contains(other.about, name.about)) {
			return true
		}
	}
	return false
}

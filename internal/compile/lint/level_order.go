package lint

import (
	"fmt"
	"slices"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
)

// levelOrder wants levels from the lowest to the highest. A page that holds
// two tracks, or two trades, begins anew with each.
var levelOrder = Rule{
	Code:     "CAD310",
	Name:     "level-order",
	Title:    "Levels ascend: the lowest grade of a track comes first.",
	Severity: diag.Error,
	Origin:   "JF021",
	Page:     checkLevelOrder,
}

func checkLevelOrder(p *PagePass) {
	var before []*family.Level // those with a grade
	for _, l := range p.levels() {
		grade := lowest(l.Grades)
		if grade == "" {
			continue
		}
		for i := len(before) - 1; i >= 0; i-- {
			last := before[i]
			if !p.oneTrack(last, l) {
				continue
			}
			if policy.CompareGrades(grade, lowest(last.Grades)) < 0 {
				p.Report(p.levelSpan(l), diag.Finding{
					Message: fmt.Sprintf("%q (grade %s) stands after %q (grade %s): levels do not ascend", l.Title, grade, last.Title, lowest(last.Grades)),
					Hint:    "move the level before the first one with a higher grade",
					Related: []diag.Related{p.Related(p.levelSpan(last), "the level with the higher grade")},
				})
			}
			break
		}
		before = append(before, l)
	}
}

// oneTrack reports whether two levels are rungs of one ladder: both manage
// people or neither does, they stand below the same grouping heading, neither
// is the role that the other one is a level of, and their titles share what
// the role is about.
func (p *PagePass) oneTrack(a, b *family.Level) bool {
	x, y := p.rung(a), p.rung(b)
	switch {
	case x.grouping != y.grouping, x.manages != y.manages:
		return false
	case !x.manages && isManager(x.calling) != isManager(y.calling):
		return false
	case p.standsBelow(a, b):
		return false
	}
	// Where each title has a word of its own, they are two trades: "Berth
	// Planner" and "Berth Analyst".
	return contains(x.calling.about, y.calling.about) && !p.trade(x.calling, y.calling) ||
		contains(y.calling.about, x.calling.about) && !p.trade(y.calling, x.calling)
}

// trade reports whether a title has a word that another one lacks and that
// names a trade: several levels have it and several do not, as "Planner" where
// the page holds two Berth Planners and, next to them, two Berth Associates. A
// word of one title alone may name a part of the same trade.
func (p *PagePass) trade(a, b *calling) bool {
	return slices.ContainsFunc(a.about, func(w string) bool {
		if slices.Contains(b.about, w) || w == "management" || w == "leadership" {
			return false
		}
		with, without := 0, 0
		for i := range p.rungs {
			switch about := p.rungs[i].calling.about; {
			case slices.Contains(about, w):
				with++
			case len(about) > 0:
				without++
			}
		}
		return with > 1 && without > 1
	})
}

// isManager reports whether a title says "manager": where others of the page
// do not, it is of another track than theirs.
func isManager(c *calling) bool { return slices.Contains(c.rank, "manager") }

// manages reports whether a level manages people, by what the page says or by
// the rank in its title. A bare "manager" in a title may be a trade.
func manages(pack *policy.Pack, l *family.Level) bool {
	if l.Track != "" {
		return l.Track == family.Management
	}
	_, rank := pack.TitleGrade(l.Title)
	return rank != "" && rank != "manager" && rank != "senior manager"
}

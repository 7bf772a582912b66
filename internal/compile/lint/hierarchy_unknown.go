package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/nearest"
	"github.com/cadre-hq/cadre/internal/source"
)

// hierarchyUnknown finds specialties that cover a section, stage or group
// which the product hierarchy does not have.
var hierarchyUnknown = Rule{
	Code:     "CAD380",
	Name:     "hierarchy-unknown",
	Title:    "A specialty covers units that the product hierarchy has.",
	Severity: diag.Error,
	Origin:   "JF150",
	Page:     checkHierarchyUnknown,
}

func checkHierarchyUnknown(p *PagePass) {
	if p.Hierarchy == nil || !p.IsFamily {
		return
	}
	for _, s := range p.Family.Specialties {
		units := p.unitsOf(s)
		for i, l := range s.Scope {
			if u, ok := units[i]; ok && u.node == nil {
				p.reportUnit(l.Span, u, l.Text)
			}
		}
		p.checkPairs(s)
	}
}

// reportUnit says that the hierarchy has no unit of that name, and where such
// a name stands instead.
func (p *PagePass) reportUnit(at source.Span, u unit, text string) {
	f := diag.Finding{Message: fmt.Sprintf("%q is no %s of the product hierarchy", text, u.rank)}
	for _, r := range ranksOfNodes {
		nodes := r.nodes(p.Hierarchy)
		if r.name == u.rank {
			if w, ok := nearest.Word(text, names(nodes)); ok {
				f.Hint = fmt.Sprintf("did you mean %q?", w)
			}
		} else if n := findNode(nodes, u.slug); n != nil {
			f.Hint = fmt.Sprintf("%q is a %s", n.Name, r.name)
			break
		}
	}
	p.Report(at, f)
}

// checkPairs looks at names such as "Berth:Mooring": a stage and one of its
// groups.
func (p *PagePass) checkPairs(s *family.Specialty) {
	texts := append([]family.Text{{Text: s.Title, Span: s.Span}}, s.Intro...)
	for _, t := range texts {
		for word := range strings.FieldsSeq(t.Text) {
			before, _, ok := strings.Cut(word, ":")
			if !ok || before == "" {
				continue
			}
			stage := findNode(p.Hierarchy.Stages, before)
			if stage == nil || before != stage.Name {
				continue
			}
			rest := t.Text[strings.Index(t.Text, word)+len(before)+1:]
			if rest == "" || rest[0] < 'A' || rest[0] > 'Z' || p.beginsWithGroup(stage, rest) {
				continue
			}
			group, _, _ := strings.Cut(rest, " ")
			p.Report(t.Span, diag.Finding{
				Message: fmt.Sprintf("%q is no group of the stage %q", strings.Trim(group, ".,;)"), stage.Name),
				Hint:    groupsOf(p.Hierarchy, stage),
			})
		}
	}
}

// beginsWithGroup reports whether a text begins with the name of a group or
// category of the stage.
func (p *PagePass) beginsWithGroup(stage *Node, text string) bool {
	for _, list := range [][]Node{p.Hierarchy.Groups, p.Hierarchy.Categories} {
		for _, n := range list {
			if n.Parent == stage.Key && len(text) >= len(n.Name) && strings.EqualFold(text[:len(n.Name)], n.Name) {
				return true
			}
		}
	}
	return false
}

// groupsOf names the groups of a stage.
func groupsOf(h *Hierarchy, stage *Node) string {
	var groups []string
	for _, g := range h.Groups {
		if g.Parent == stage.Key {
			groups = append(groups, g.Name)
		}
	}
	if len(groups) == 0 {
		return "the stage has no groups"
	}
	return "its groups are " + listed(groups, "and")
}

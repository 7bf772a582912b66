package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// stagesDiffer compares the stages that a specialty lists with those of the
// section that it covers.
var stagesDiffer = Rule{
	Code:     "CAD381",
	Name:     "stages-differ",
	Title:    "The stages that a specialty lists for a section are those of the product hierarchy.",
	Severity: diag.Warning,
	Origin:   "JF151",
	Page:     checkStagesDiffer,
}

func checkStagesDiffer(p *PagePass) {
	if p.Hierarchy == nil || !p.IsFamily {
		return
	}
	for _, s := range p.Family.Specialties {
		section := p.sectionOf(s)
		if section == nil {
			continue
		}
		for _, t := range s.Intro {
			p.checkStages(section, t)
		}
	}
}

// sectionOf returns the one section that a specialty covers, or nil.
func (p *PagePass) sectionOf(s *family.Specialty) *Node {
	var section *Node
	for _, u := range p.unitsOf(s) {
		if u.rank == "section" && u.node != nil {
			if section != nil && section != u.node {
				return nil
			}
			section = u.node
		}
	}
	return section
}

// checkStages looks at a list in brackets that names stages.
func (p *PagePass) checkStages(section *Node, t family.Text) {
	_, rest, ok := strings.Cut(t.Text, "(")
	inner, _, closed := strings.Cut(rest, ")")
	if !ok || !closed {
		return
	}
	listedNames, example := stageNames(inner)
	has := map[string]bool{}
	known := 0
	for _, name := range listedNames {
		if n := findNode(p.Hierarchy.Stages, name); n != nil {
			has[n.Key] = true
			known++
		}
	}
	if known < 2 || known*2 < len(listedNames) {
		return // a list of something else
	}
	for _, name := range listedNames {
		at := p.wordIn(t.Span, name)
		switch n := findNode(p.Hierarchy.Stages, name); {
		case n == nil:
			p.Report(at, diag.Finding{Message: fmt.Sprintf("the product hierarchy has no stage %q", name), Hint: stagesOf(p.Hierarchy, section)})
		case n.Parent != section.Key:
			p.Report(at, diag.Finding{Message: fmt.Sprintf("the stage %q does not belong to the section %q", n.Name, section.Name), Hint: stagesOf(p.Hierarchy, section)})
		}
	}
	var missing []string
	for _, n := range p.Hierarchy.Stages {
		if n.Parent == section.Key && !has[n.Key] && !example {
			missing = append(missing, n.Name)
		}
	}
	if len(missing) > 0 {
		p.Report(t.Span, diag.Finding{
			Message: fmt.Sprintf("the list of stages of the section %q lacks %s", section.Name, quoted(missing)),
			Hint:    stagesOf(p.Hierarchy, section),
		})
	}
}

// stageNames cuts "e.g. A, B and C Stages" into its names; example is set if
// the list says that it is not complete.
func stageNames(list string) (found []string, example bool) {
	list = strings.TrimSpace(list)
	for _, eg := range []string{"e.g.", "e.g", "for example", "such as", "including"} {
		if rest, ok := strings.CutPrefix(list, eg); ok {
			list, example = strings.TrimLeft(rest, " ,:"), true
			break
		}
	}
	list = strings.NewReplacer(" and ", ", ", " & ", ", ", "/", ", ").Replace(list)
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name), "and "))
		for _, end := range []string{" stages", " Stages", " stage", " Stage"} {
			name = strings.TrimSuffix(name, end)
		}
		if name == "etc" || name == "etc." {
			example = true
		} else if name != "" {
			found = append(found, name)
		}
	}
	return found, example
}

// stagesOf names the stages of a section for a hint.
func stagesOf(h *Hierarchy, section *Node) string {
	var stages []string
	for _, n := range h.Stages {
		if n.Parent == section.Key {
			stages = append(stages, n.Name)
		}
	}
	if len(stages) == 0 {
		return ""
	}
	return fmt.Sprintf("the stages of %s are %s", section.Name, listed(stages, "and"))
}

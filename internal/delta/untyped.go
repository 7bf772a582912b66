package delta

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/family"
)

// compareUntyped compares the items of lists that the model did not type: those
// directly below a level's heading, or below headings of the page's own such
// as "Craft" or "On the quay". They are expected of people all the same. What
// such a list asks for is told by its heading.
func (c *comparison) compareUntyped() {
	levels := []pair[string]{{"", ""}}
	for _, l := range c.levels {
		levels = append(levels, pair[string]{l.old.Title, l.new.Title})
	}
	for _, l := range levels {
		old, new := c.old.untyped(l.old), c.new.untyped(l.new)
		m := c.match(old, new)
		for _, p := range m.pairs {
			if what := nounOf(p.new.piece); c.differ(p, what.strict) {
				c.tell(c.changed(what.changed, l.new, p.old.piece, p.new.piece))
			}
		}
		for _, a := range m.gone {
			if c.isAsk(a, true, c.new, old) {
				c.pending = append(c.pending, pending{nounOf(a.piece).removed, l.new, a.piece, nil})
			}
		}
		for _, a := range m.come {
			if c.isAsk(a, true, c.old, new) {
				c.pending = append(c.pending, pending{nounOf(a.piece).added, l.new, nil, a.piece})
			}
		}
	}
}

// untyped returns the items of a level's untyped lists.
func (s *side) untyped(level string) []*ask {
	var out []*ask
	for _, p := range s.pieces {
		if p.level == level && p.listed && p.spec == nil && !p.told && !p.paired && s.asksHere(p.section) && !mostlyLink(p) {
			out = append(out, &ask{p, false})
		}
	}
	return out
}

// asksHere reports whether an untyped section can ask something of people:
// neither it nor what encloses it is about something else.
func (s *side) asksHere(sec *family.Section) bool {
	switch sec.Kind {
	case family.Unknown, family.LevelKind, family.GradeKind, family.NiceKind, family.GroupKind, family.ActivitiesKind:
	default:
		return false
	}
	if sec.Depth == 0 {
		return false
	}
	for i := sec.Parent; i >= 0; i = s.Sections[i].Parent {
		switch s.Sections[i].Kind {
		case family.LadderKind, family.HiringKind, family.ReferencesKind, family.CompensationKind, family.AboutKind, family.ContentsKind:
			return false
		}
	}
	return true
}

// nounOf says what an item of an untyped list is, by the heading above it.
func nounOf(p *piece) noun {
	if p.section.Kind == family.ActivitiesKind {
		return indicator
	}
	title := strings.ToLower(p.section.Title)
	for _, w := range []string{"requir", "qualif", "criteria", "skill", "experience", "nice", "prefer", "about you"} {
		if strings.Contains(title, w) {
			return requirement
		}
	}
	return responsibility
}

// mostlyLink reports whether an item is a reference: most of its words are the
// text of links.
func mostlyLink(p *piece) bool {
	n := 0
	for _, l := range p.links {
		n += len(l.Text)
	}
	return 2*n >= len(p.text)
}

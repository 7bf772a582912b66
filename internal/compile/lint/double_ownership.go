package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// doubleOwnership finds two definitions of one role: a specialty of a level and
// a level of its own, of the same rank and the same name, that both own a
// subject.
var doubleOwnership = Rule{
	Code:     "CAD382",
	Name:     "double-ownership",
	Title:    "A subject is owned by a specialty or by a level, not by both.",
	Severity: diag.Error,
	Page:     checkDoubleOwnership,
}

func checkDoubleOwnership(p *PagePass) {
	for _, s := range p.Family.Specialties {
		of := p.Family.Level(s.Level)
		if of == nil || !p.IsFamily {
			continue
		}
		base := p.calling(of.Title)
		named := p.calling(s.Title)
		for _, l := range p.levels() {
			c := p.calling(l.Title)
			if l == of || !slices.Equal(c.rank, base.rank) {
				continue
			}
			own := slices.DeleteFunc(slices.Clone(c.about), func(w string) bool { return slices.Contains(base.about, w) })
			if overlaps(own, append(named.about, named.rank...)) {
				p.checkOwnership(s, l)
			}
		}
	}
}

// checkOwnership reports the subjects that a specialty and a level both own.
func (p *PagePass) checkOwnership(s *family.Specialty, l *family.Level) {
	var both []string
	related := []diag.Related{p.Related(p.levelSpan(l), "the level")}
	for _, subject := range ownedBy(s) {
		for _, it := range l.Responsibilities.Items {
			if hasName(it.Text, subject) {
				both = append(both, subject)
				related = append(related, p.Related(it.Span, "claims "+subject))
				break
			}
		}
	}
	if len(both) == 0 {
		return
	}
	p.Report(s.Span, diag.Finding{
		Message: fmt.Sprintf("the specialty %q of %q and the level %q both own %s", s.Title, s.Level, l.Title, listed(both, "and")),
		Hint:    "keep one of the two definitions, or say which of them owns what",
		Related: related,
	})
}

// ownedBy returns the subjects that a specialty says it owns: the names behind
// "DRI for", "responsible for" or "owns".
func ownedBy(s *family.Specialty) []string {
	var subjects []string
	for _, t := range s.Intro {
		for _, claim := range []string{" DRI for ", "esponsible for ", " owns ", " owner of "} {
			_, rest, ok := strings.Cut(t.Text, claim)
			if !ok {
				continue
			}
			for _, end := range []string{" and reports ", ". ", "; "} {
				rest, _, _ = strings.Cut(rest, end)
			}
			rest = strings.NewReplacer(", and ", ", ", " and ", ", ", " & ", ", ").Replace(rest)
			for name := range strings.SplitSeq(rest, ",") {
				name = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name), "the "))
				if name != "" && name[0] >= 'A' && name[0] <= 'Z' && len(strings.Fields(name)) <= 4 && !slices.Contains(subjects, name) {
					subjects = append(subjects, name)
				}
			}
		}
	}
	return subjects
}

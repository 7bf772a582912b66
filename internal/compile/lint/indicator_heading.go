package lint

import (
	"fmt"
	"slices"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// indicatorHeading finds headings among the performance indicators that name a
// level in words which no level has.
var indicatorHeading = Rule{
	Code:     "CAD374",
	Name:     "indicator-heading",
	Title:    "A heading among the performance indicators names a level as its own heading does.",
	Severity: diag.Error,
	Origin:   "JF140",
	Page:     checkIndicatorHeading,
}

func checkIndicatorHeading(p *PagePass) {
	if !p.IsFamily {
		return
	}
	for _, s := range p.Family.Sections {
		if s.Pseudo || !headsRole(s) || !p.amongIndicators(s) || p.titled(s.Title) {
			continue
		}
		l := p.similarLevel(s)
		if l == nil {
			continue
		}
		p.Report(s.Span, diag.Finding{
			Message: fmt.Sprintf("%q is no level of this page", s.Title),
			Hint:    fmt.Sprintf("if %q is meant, call it so", l.Title),
			Related: []diag.Related{p.Related(p.levelSpan(l), "the level with the most similar title")},
		})
	}
}

// headsRole reports whether a heading holds no word for what stands below it,
// so that it can only name whose it is.
func headsRole(s *family.Section) bool {
	return s.Kind == family.Unknown || s.Kind == family.GroupKind || s.Kind == family.IndicatorsKind && s.Prefix == s.Title
}

// amongIndicators reports whether a section stands below the heading of
// performance indicators that hold for the family.
func (p *PagePass) amongIndicators(s *family.Section) bool {
	for i := s.Parent; i >= 0; i = p.Family.Sections[i].Parent {
		if p.Family.Sections[i].Kind == family.IndicatorsKind {
			return true
		}
	}
	return false
}

// titled reports whether a level has that title, but for spelling and what
// stands in brackets.
func (p *PagePass) titled(title string) bool {
	return slices.ContainsFunc(p.Family.Levels, func(l *family.Level) bool { return roleKey(l.Title) == roleKey(title) })
}

// similarLevel returns the level that a heading probably means: the one that
// the section was given to, or the only one of the same rank with all its
// words.
func (p *PagePass) similarLevel(s *family.Section) *family.Level {
	if l := p.Family.Level(s.Level); l != nil {
		return l
	}
	name := p.calling(s.Title)
	if len(name.rank) == 0 {
		return nil
	}
	var found *family.Level
	for _, l := range p.Family.Levels {
		c := p.calling(l.Title)
		if slices.Equal(c.rank, name.rank) && contains(c.about, name.about) {
			if found != nil {
				return nil
			}
			found = l
		}
	}
	return found
}

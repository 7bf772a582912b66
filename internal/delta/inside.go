package delta

import "github.com/cadre-hq/cadre/internal/family"

// What sits inside a level or specialty that came or went is not told again. A
// part is inside if it belongs to it, or stands below its heading without
// belonging to another level, as the last level's hiring process does on pages
// whose processes count as the family's.

// silenceLevel marks the pieces of a level that came or went as told. A part
// that stands elsewhere and only bears the level's name stays open if the edit
// did not touch it.
func (s *side) silenceLevel(l *family.Level) {
	head := s.at(l.Span.Start)
	if head == nil || l.Slug == "" {
		s.silence(func(p *piece) bool { return p.level == l.Title })
		return
	}
	if s.whole == nil {
		s.whole = map[*family.Section]bool{}
	}
	s.whole[head.section] = true
	s.silence(func(p *piece) bool {
		inside := s.isWhole(p.section)
		switch {
		case p.level == l.Title:
			return inside || p.same == nil
		case p.level == "" && (p.spec == nil || p.spec.Level == ""):
			return inside && p.same == nil
		}
		return false
	})
}

// silence marks pieces as told: what sits inside something that came or went is
// not listed again.
func (s *side) silence(is func(*piece) bool) {
	for _, p := range s.pieces {
		if is(p) {
			p.told = true
		}
	}
}

// isWhole reports whether a section is, or lies below, the heading of a level
// that came or went.
func (s *side) isWhole(sec *family.Section) bool {
	if len(s.whole) == 0 {
		return false
	}
	for !s.whole[sec] {
		if sec.Parent < 0 {
			return false
		}
		sec = s.Sections[sec.Parent]
	}
	return true
}

// wentWhole reports whether what stands at offset came or went with a level.
func (s *side) wentWhole(offset int) bool {
	i := s.sectionAt(offset)
	if i < 0 || !s.isWhole(s.Sections[i]) {
		return false
	}
	p := s.at(s.Sections[i].Span.Start)
	return p == nil || p.same == nil
}

package delta

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/cadre-hq/cadre/internal/delta/wording"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// A side is one of the two states that are compared, cut into pieces.
type side struct {
	*family.Family
	file   *source.File
	pieces []*piece // in the order of the page
	// whole holds the headings of levels that came or went with what is below.
	whole map[*family.Section]bool
}

// A piece is a heading, paragraph, item or cell: the smallest text that is
// compared as a whole.
type piece struct {
	text    string
	span    source.Span
	line    int
	heading bool
	listed  bool // an item of a list
	section *family.Section
	level   string            // title of the level whose part it is, if any
	spec    *family.Specialty // that it is part of, or nil
	links   []*family.Link
	words   *wording.Text // made on demand
	key     string        // plain(), made once
	head    *piece        // the heading of its section; nil for a heading and above the first one
	same    *piece        // its partner on the other side, if the edit did not touch it
	// paired is set when the piece has a partner in the other state.
	paired bool
	// told is set when a change of the model speaks of it already.
	told bool
}

// newSide cuts a page into pieces.
func newSide(p Page) *side {
	s := &side{Family: p.Family, file: p.File}
	specs := s.specialtySections()
	for i, sec := range s.Sections {
		if sec.Title != "" {
			s.add(sec, specs[i], family.Text{Text: sec.Title, Span: sec.Span}, true)
		}
		for _, t := range sec.Text {
			s.add(sec, specs[i], t, false)
		}
	}
	slices.SortStableFunc(s.pieces, func(a, b *piece) int { return cmp.Compare(a.span.Start, b.span.Start) })
	var head *piece
	for _, p := range s.pieces {
		if p.heading {
			head = p
		} else if head != nil && head.section == p.section {
			p.head = head
		}
	}
	s.placeLinks()
	return s
}

func (s *side) add(sec *family.Section, spec *family.Specialty, t family.Text, heading bool) {
	text := strings.ReplaceAll(t.Text, "\r\n", "\n") // of literal blocks
	p := &piece{text: text, span: t.Span, heading: heading, section: sec, level: sec.Level, spec: spec}
	if spec != nil && spec.Level != "" {
		p.level = spec.Level
	}
	p.line = s.line(t.Span.Start, sec)
	p.key = p.plainText()
	p.listed = !heading && s.behindBullet(t.Span.Start)
	s.pieces = append(s.pieces, p)
}

// behindBullet reports whether a list sign stands before offset in its line.
func (s *side) behindBullet(offset int) bool {
	if s.file == nil {
		return false
	}
	before := s.file.Text[s.file.LineSpan(s.file.Line(offset)).Start:offset]
	sign := strings.TrimLeft(string(before), " \t>")
	switch {
	case sign == "":
		return false
	case strings.ContainsRune("*-+", rune(sign[0])):
		return len(sign) > 1
	}
	digits := strings.TrimLeft(sign, "0123456789")
	return len(digits) < len(sign) && len(digits) > 1 && (digits[0] == '.' || digits[0] == ')')
}

// line returns the line of an offset; without the file that of the section.
func (s *side) line(offset int, sec *family.Section) int {
	if s.file != nil {
		return s.file.Line(offset)
	}
	if sec != nil {
		return sec.Line
	}
	if i := s.sectionAt(offset); i >= 0 {
		return s.Sections[i].Line
	}
	return 1
}

// specialtySections tells for each section which specialty it belongs to: the
// one whose heading it is, whose lists or texts it holds, or which encloses it.
func (s *side) specialtySections() []*family.Specialty {
	out := make([]*family.Specialty, len(s.Sections))
	put := func(offset int, sp *family.Specialty) {
		if i := s.sectionAt(offset); i >= 0 {
			out[i] = sp
		}
	}
	for _, sp := range s.specialties() {
		put(sp.Span.Start, sp)
		for _, d := range []*family.Duties{&sp.Responsibilities, &sp.Requirements} {
			for _, h := range d.Sections {
				put(h.Start, sp)
			}
		}
		for _, t := range sp.Other {
			put(t.Span.Start, sp)
		}
	}
	return out
}

// sectionAt returns the index of the section that holds the byte at offset, or
// -1.
func (s *side) sectionAt(offset int) int {
	return sort.Search(len(s.Sections), func(i int) bool { return s.Sections[i].Span.Start > offset }) - 1
}

// specialties returns specialties and segments, those that say something.
func (s *side) specialties() []*family.Specialty {
	var out []*family.Specialty
	for _, list := range [][]*family.Specialty{s.Specialties, s.Segments} {
		for _, sp := range list {
			if !sp.Group {
				out = append(out, sp)
			}
		}
	}
	return out
}

// placeLinks gives each link to the piece that holds it.
func (s *side) placeLinks() {
	for i := range s.Links {
		l := &s.Links[i]
		if p := s.at(l.Span.Start); p != nil {
			p.links = append(p.links, l)
		}
	}
}

// at returns the piece that holds the byte at offset, or nil.
func (s *side) at(offset int) *piece {
	i := sort.Search(len(s.pieces), func(i int) bool { return s.pieces[i].span.Start > offset })
	for i--; i >= 0; i-- {
		if p := s.pieces[i]; p.span.Contains(offset) {
			return p
		} else if p.span.End <= offset {
			return nil
		}
	}
	return nil
}

// in returns the first piece inside span, or nil: an item's span begins with
// its bullet, its text behind it.
func (s *side) in(span source.Span) *piece {
	i := sort.Search(len(s.pieces), func(i int) bool { return s.pieces[i].span.Start >= span.Start })
	if i < len(s.pieces) && s.pieces[i].span.Start < span.End {
		return s.pieces[i]
	}
	return s.at(span.Start)
}

// wording returns the piece made ready for comparison.
func (p *piece) wording() *wording.Text {
	if p.words == nil {
		links := make([]wording.Link, len(p.links))
		for i, l := range p.links {
			links[i] = wording.Link{Text: l.Text, Target: l.Target}
		}
		p.words = wording.New(p.text, links...)
	}
	return p.words
}

// plain is the key under which untouched pieces meet.
func (p *piece) plain() string { return p.key }

// plainText is the text without what belongs to no wording.
func (p *piece) plainText() string {
	if p.heading {
		return strings.TrimRight(wording.Trim(p.text), ":")
	}
	return wording.Trim(p.text)
}

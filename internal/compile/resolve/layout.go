package resolve

import (
	"github.com/cadre-hq/cadre/internal/family"
)

// owners gives every part its owner: a level, a specialty or the family.
//
// Sections are read in order, as a careful reader would: a section deeper than
// the level above it is that level's; one beside or above it is still the
// level's while the level lacks it (pages get depths wrong), else the
// family's. Hiring processes, ladders and indicators are the family's unless
// the page gives them to levels one by one.
func (r *resolver) owners() {
	c := cursor{resolver: r}
	for i, p := range r.parts {
		if p.depth > 0 {
			c.take(i, p)
		}
	}
	r.settle()
}

// A cursor is the place of the reader.
type cursor struct {
	*resolver
	level    *levelState
	box      *part // the specialties or segments section that is open
	specs    []*part
	hostPart *part // the last section with a kind, for headings inside it
	begun    bool  // a level stands above
}

func (c *cursor) take(i int, p *part) {
	switch {
	case p.isLevel:
		c.level, c.box, c.specs, c.hostPart, c.begun = c.state(p.owner), nil, nil, nil, true
		return
	case p.pseudo:
		c.pseudo(p)
		return
	}
	if c.box != nil && c.inBox(i, p) {
		return
	}
	kind := p.kind
	switch kind {
	case family.SpecialtiesKind, family.SegmentsKind:
		c.openBox(p)
	case family.ResponsibleKind, family.RequirementsKind, family.BothKind, family.GradeKind:
		c.core(p)
	case family.NiceKind:
		c.nice(p)
	case family.HiringKind, family.LadderKind, family.IndicatorsKind, family.ActivitiesKind:
		c.shared(p)
	default:
		c.other(p)
	}
	if kind != family.Unknown {
		c.hostPart = p
	}
}

// pseudo gives a bold section to whom the text around it belongs.
func (c *cursor) pseudo(p *part) {
	up := c.parts[p.parent]
	p.spec = up.spec
	switch {
	case up.spec != nil:
	case up.isLevel || up.owner != nil:
		p.owner = up.owner
	case up.kind == family.OverviewKind && c.level != nil:
		p.owner = c.level.Level
	}
	if p.owner != nil {
		c.state(p.owner).own(p.kind)
	}
}

func (l *levelState) own(k family.Kind) {
	if l.has == nil {
		l.has = map[family.Kind]bool{}
	}
	l.has[k] = true
}

// openBox begins the specialties of the family or of a level.
func (c *cursor) openBox(p *part) {
	if l := c.prefixed(p); l != nil {
		p.owner = l.Level
	} else if c.level != nil && p.depth > c.level.depth {
		p.owner = c.level.Level
	} else {
		c.level = nil
	}
	c.box, c.specs = p, nil
}

// inBox handles a heading while a specialties section is open and reports
// whether it belongs there.
func (c *cursor) inBox(i int, p *part) bool {
	switch {
	case p.depth <= c.box.depth && !c.strays(i, p):
		c.box, c.specs = nil, nil
		return false
	case p.kind == family.Unknown || p.kind == family.GroupKind || p.kind == family.LevelsKind || p.kind == family.OverviewKind && len(c.specs) == 0:
		c.specialty(p)
		return true
	case len(c.specs) == 0 && p.kind != family.Unknown:
		p.owner = c.box.owner
		return p.kind != family.HiringKind && p.kind != family.GradeKind
	case p.kind == family.HiringKind || p.kind == family.GradeKind:
		return false
	}
	// A typed section belongs to the innermost specialty that it is not above.
	for len(c.specs) > 1 && c.specs[len(c.specs)-1].depth >= p.depth && p.prefix == "" {
		c.specs = c.specs[:len(c.specs)-1]
	}
	p.spec = c.specs[len(c.specs)-1].spec
	return true
}

// strays reports whether a heading beside the title "X Specialties" is still a
// specialty whose depth is wrong. Below a level, any heading without a kind is
// that is no level; on the page, one that is nothing but a list, as the
// specialties before it are.
func (c *cursor) strays(i int, p *part) bool {
	if p.kind != family.Unknown || p.depth != c.box.depth {
		return false
	}
	if c.box.owner == nil {
		return len(c.specs) > 0 && c.box.depth == 2 && p.hasItems() && i+1 < len(c.parts) && c.parts[i+1].depth <= p.depth && !namesRole(p.title)
	}
	return true
}

// specialty opens a specialty at a heading of the box.
func (c *cursor) specialty(p *part) {
	s := &family.Specialty{Title: p.title, Line: p.line, Span: p.span, Slug: p.slug, ReportsToMode: family.Any}
	if c.box.owner != nil {
		s.Level = c.box.owner.Title
	}
	for len(c.specs) > 0 && c.specs[len(c.specs)-1].depth >= p.depth {
		c.specs = c.specs[:len(c.specs)-1]
	}
	if len(c.specs) > 0 {
		s.Parent = c.specs[len(c.specs)-1].spec.Title
	}
	p.spec = s
	c.specs = append(c.specs, p)
	if c.box.kind == family.SegmentsKind {
		c.family.Segments = append(c.family.Segments, s)
	} else {
		c.family.Specialties = append(c.family.Specialties, s)
	}
}

// prefixed returns the level that the heading's prefix names, preferring the
// one that is open.
func (c *cursor) prefixed(p *part) *levelState {
	if p.prefix == "" {
		return nil
	}
	if c.level != nil && sameKey(c.level.key, roleKey(p.prefix)) {
		return c.level
	}
	return c.matchLevel(p.prefix)
}

// core gives a grade, responsibilities or requirements section to its owner.
func (c *cursor) core(p *part) {
	l := c.coreOwner(p)
	if l == nil {
		if c.level != nil && p.depth <= c.level.depth && !c.level.lacks() {
			c.level = nil
		}
		return
	}
	p.owner = l.Level
	l.own(p.kind)
	c.level = l
}

// lacks reports whether a level still waits for its duties.
func (l *levelState) lacks() bool {
	return !l.has[family.ResponsibleKind] || !l.has[family.RequirementsKind]
}

func (c *cursor) coreOwner(p *part) *levelState {
	l := c.level
	if c.newLevel(p) {
		return c.implicit(p)
	}
	if l == nil {
		if named := c.prefixed(p); named != nil && c.begun {
			return named
		}
		return nil
	}
	if p.depth > l.depth {
		if r := c.levels[len(c.levels)-1]; r == l && len(c.levels) > 1 && p.prefix != "" && sameRole(p.prefix, c.family.Title) && !sameRole(p.prefix, l.Title) {
			return nil // the page's own role: for all levels
		}
		if named := c.prefixed(p); named != nil && named != l && l.has[p.kind] && !named.has[p.kind] && named.part.pseudo {
			return named
		}
		return l
	}
	if named := c.prefixed(p); named != nil {
		return named
	}
	if l.has[p.kind] || l.has[family.BothKind] {
		return nil
	}
	if c.pageWide(p, l) {
		return nil
	}
	return l
}

// pageWide reports whether a section after the last level speaks for all of
// them: none of the levels has one of its kind.
func (c *cursor) pageWide(p *part, l *levelState) bool {
	if len(c.levels) < 2 || c.levels[len(c.levels)-1] != l {
		return false
	}
	for _, o := range c.levels {
		if o.has[p.kind] {
			return false
		}
	}
	return true
}

// newLevel reports whether a section opens a level that has no heading: its
// prefix names another role than the open level, which has such a section
// already, and no level of the page.
func (c *cursor) newLevel(p *part) bool {
	if p.prefix == "" || !namesRole(p.prefix) || c.matchLevel(p.prefix) != nil {
		return false
	}
	if c.level == nil {
		return p.kind == family.GradeKind && len(c.levels) > 0 || c.flattened()
	}
	return c.level.has[p.kind] && (p.kind == family.GradeKind || !c.levels[0].part.isLevel)
}

// flattened reports whether the page has no level headings, but sections whose
// prefixes name several roles.
func (c *cursor) flattened() bool {
	if len(c.levels) > 0 {
		return !c.levels[0].part.isLevel // it was found by this rule already
	}
	var first []string
	for _, p := range c.parts {
		switch p.kind {
		case family.ResponsibleKind, family.RequirementsKind, family.GradeKind:
		default:
			continue
		}
		if p.prefix == "" || !namesRole(p.prefix) {
			continue
		}
		if k := roleKey(p.prefix); first == nil {
			first = k
		} else if !sameKey(first, k) {
			return true
		}
	}
	return false
}

// implicit creates the level that a section's heading names.
func (c *cursor) implicit(p *part) *levelState {
	l := c.resolver.level(p.prefix, p)
	s := c.state(l)
	if p.depth > 1 {
		s.depth = p.depth - 1
	}
	l.Slug = ""
	return s
}

// nice gives a nice-to-have section to whom the last requirements belong.
func (c *cursor) nice(p *part) {
	if c.level != nil && (p.depth > c.level.depth || c.level.has[family.RequirementsKind]) {
		p.owner = c.level.Level
	}
}

// shared notes where a hiring, ladder or indicators section stands; settle
// decides on all of a kind together.
func (c *cursor) shared(p *part) {
	e := entry{part: p}
	if c.begun {
		e.named = c.prefixed(p)
	}
	if c.level != nil {
		e.at, e.deeper = c.level, p.depth > c.level.depth
	}
	e.boxed = c.box != nil
	c.entries = append(c.entries, e)
}

// other handles headings without a kind of their own.
func (c *cursor) other(p *part) {
	switch p.kind {
	case family.Unknown:
		if c.repeats(p) {
			return
		}
		if h := c.hostPart; h != nil && h.kind == family.IndicatorsKind && p.depth > h.depth {
			if l := c.matchAny(p.title); l != nil && (len(brackets(p.title)) == 0 || fold(p.title) == fold(l.Title)) {
				p.owner, p.kind, p.prefix = l.Level, family.IndicatorsKind, p.title
				c.level = l
				return
			}
		}
		if h := c.hostPart; h != nil && p.depth > h.depth && (h.kind == family.HiringKind || h.kind == family.LadderKind || h.kind == family.IndicatorsKind) {
			return // "Round 1", "All Candidates"
		}
		if c.level != nil && p.depth > c.level.depth {
			p.owner = c.level.Level
			return
		}
		c.level = nil
	case family.LevelsKind, family.GroupKind:
		if c.level != nil && p.depth > c.level.depth {
			return
		}
		c.level = nil
	case family.OverviewKind:
		if c.level != nil && (p.depth > c.level.depth || len(c.level.has) == 0) {
			p.owner = c.level.Level
		} else {
			c.level = nil
		}
	default:
		if c.level != nil && p.depth > c.level.depth {
			p.owner = c.level.Level
		} else {
			c.level = nil
		}
	}
}

// repeats takes a heading inside a level that only repeats the level's title:
// its kind was forgotten. The first such list holds the responsibilities, the
// second the requirements.
func (c *cursor) repeats(p *part) bool {
	l := c.level
	if l == nil || p.depth <= l.depth || !p.hasItems() || !sameKey(l.key, roleKey(p.title)) {
		return false
	}
	switch {
	case !l.has[family.ResponsibleKind]:
		p.kind = family.ResponsibleKind
	case !l.has[family.RequirementsKind]:
		p.kind = family.RequirementsKind
	default:
		return false
	}
	p.owner, p.prefix = l.Level, p.title
	l.own(p.kind)
	return true
}

// An entry is a section of a kind that levels may share.
type entry struct {
	part   *part
	named  *levelState // by its prefix
	at     *levelState // the level above it
	deeper bool
	boxed  bool // a specialty is open
}

// settle decides whose the hiring, ladder and indicators sections are.
func (r *resolver) settle() {
	for _, kind := range []family.Kind{family.HiringKind, family.LadderKind, family.IndicatorsKind, family.ActivitiesKind} {
		r.settleKind(kind)
	}
}

func (r *resolver) settleKind(kind family.Kind) {
	beside, below, page, named := map[*levelState]bool{}, map[*levelState]bool{}, false, false
	for _, e := range r.entries {
		switch {
		case e.part.kind != kind:
		case e.named != nil || e.part.prefix != "" && namesRole(e.part.prefix) && e.deeper:
			named = true
		case e.at == nil:
			page = page || !e.boxed
		case e.deeper:
			below[e.at] = true
		default:
			beside[e.at] = true
		}
	}
	last := (*levelState)(nil)
	if len(r.levels) > 0 {
		last = r.levels[len(r.levels)-1]
	}
	for _, e := range r.entries {
		p := e.part
		switch {
		case p.kind != kind:
		case e.named != nil:
			p.owner = e.named.Level
		case e.at == nil:
		case e.deeper:
			once := e.at == last && len(below) == 1 && len(beside) == 0 && !page && !named && len(r.levels) > 1
			if !once {
				p.owner = e.at.Level
			}
		case len(beside) > 1, kind == family.HiringKind && page && len(r.levels) > 1:
			p.owner = e.at.Level
		}
		if p.kind == kind && p.owner != nil {
			r.state(p.owner).own(kind)
		}
	}
}

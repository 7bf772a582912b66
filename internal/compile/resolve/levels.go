package resolve

import (
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/family"
)

// findLevels marks the headings that are levels. A level is a heading that
// names a job level, or a role with duties of its own, whatever its depth; the
// evidence is a grade, a reporting line, responsibilities or requirements.
func (r *resolver) findLevels() {
	for i, p := range r.parts {
		if p.depth == 0 || p.pseudo || p.kind != family.Unknown || p.title == "" {
			continue
		}
		p.isLevel = !r.repeatsOuter(i) && (r.evidence(i) || r.listed(i))
	}
	r.dropPageHeading()
}

// repeatsOuter reports a heading inside another one of the same title.
func (r *resolver) repeatsOuter(i int) bool {
	for j := r.parts[i].parent; j > 0; j = r.parts[j].parent {
		if q := r.parts[j]; q.isLevel && sameRole(q.title, r.parts[i].title) {
			return true
		}
	}
	return false
}

// listed reports a role below the page's own "Requirements" or
// "Responsibilities" heading, beside others of its kind: its list is of that
// kind.
func (r *resolver) listed(i int) bool {
	p := r.parts[i]
	if !r.directlyIn(i, family.RequirementsKind) && !r.directlyIn(i, family.ResponsibleKind) || !namesRole(p.title) || len(p.blocks) == 0 {
		return false
	}
	siblings := 0
	for _, q := range r.parts {
		if q.parent == p.parent && q.kind == family.Unknown && namesRole(q.title) && len(q.blocks) > 0 && !q.pseudo {
			siblings++
		}
	}
	return siblings > 1
}

// strayed reports whether part i, or a heading around it, follows a level's
// specialties at the depth of their heading: it is one of them whose depth is
// wrong.
func (r *resolver) strayed(i int) bool {
	for j := i; j > 0; j = r.parts[j].parent {
		p := r.parts[j]
		if p.kind != family.Unknown {
			return false
		}
		for k := j - 1; k > 0 && r.parts[k].depth >= p.depth; k-- {
			q := r.parts[k]
			if q.depth > p.depth || q.kind == family.Unknown {
				continue
			}
			if q.kind == family.SpecialtiesKind && q.prefix != "" {
				return true
			}
			break
		}
	}
	return false
}

// evidence looks at what follows the heading i up to the next heading that
// could be a level or closes its section.
func (r *resolver) evidence(i int) bool {
	p := r.parts[i]
	role := namesRole(p.title) || r.climbs(p)
	inSpecialties := r.within(i, family.SpecialtiesKind) || r.within(i, family.SegmentsKind) || r.strayed(i)
	deeper, beside, grade := false, false, false
	kinds := map[family.Kind]bool{}
	for j := i + 1; j < len(r.parts); j++ {
		q := r.parts[j]
		if q.kind == family.Unknown && !q.pseudo && q.title != "" {
			if q.depth <= p.depth || namesRole(q.title) || r.parts[j].depth == p.depth+1 && r.opensSections(j) {
				break
			}
			continue // a part of the level, such as "Projects"
		}
		if q.depth <= p.depth && closes(q.kind) {
			break
		}
		switch q.kind {
		case family.GradeKind:
			if j > i && (q.prefix == "" || !r.otherRole(p, q.prefix)) {
				grade = true
			}
			fallthrough
		case family.ResponsibleKind, family.RequirementsKind, family.BothKind:
			kinds[q.kind] = true
			if q.depth > p.depth {
				deeper = true
			} else if q.prefix == "" || sameRole(q.prefix, p.title) {
				beside = true
			}
		}
	}
	if inSpecialties {
		return grade
	}
	switch {
	case grade && (role || deeper):
		return true
	case deeper:
		return role || r.within(i, family.LevelsKind) || !r.firstHeading(i) && len(kinds) > 1
	case beside && role:
		return true
	case role && r.statesReporting(p):
		return true
	}
	return role && r.directlyIn(i, family.LevelsKind) && len(p.blocks) > 0
}

// climbs reports whether a heading of the same depth is this one with a rank in
// front: beside a "Senior Pilot", "Pilot" names a role.
func (r *resolver) climbs(p *part) bool {
	for _, q := range r.parts {
		if q.depth != p.depth || q.kind != family.Unknown || len(q.title) <= len(p.title) || !strings.Contains(q.title, p.title) {
			continue
		}
		key, other := roleKey(p.title), roleKey(q.title)
		if n := len(other) - len(key); len(key) > 0 && n > 0 && n < 3 && overlap(key, other) == len(key) && ranksOnly(other, key) {
			return true
		}
	}
	return false
}

// ranksOnly reports whether the words that a key has beside those of another
// are words of rank.
func ranksOnly(key, without []string) bool {
	for _, w := range key {
		if !seniority[w] && !slices.Contains(without, w) {
			return false
		}
	}
	return true
}

// otherRole reports whether a prefix names a role that is not the title's, by
// any word.
func (r *resolver) otherRole(p *part, prefix string) bool {
	if !namesRole(prefix) {
		return false
	}
	return overlap(roleKey(p.title), roleKey(prefix)) == 0
}

// opensSections reports whether the next part is a section inside part i.
func (r *resolver) opensSections(i int) bool {
	if i+1 >= len(r.parts) {
		return false
	}
	q := r.parts[i+1]
	switch q.kind {
	case family.GradeKind, family.ResponsibleKind, family.RequirementsKind, family.BothKind:
		return q.depth > r.parts[i].depth && !q.pseudo
	}
	return false
}

// closes reports the kinds of section that end a level standing above them.
func closes(k family.Kind) bool {
	switch k {
	case family.LevelsKind, family.SpecialtiesKind, family.SegmentsKind, family.GroupKind, family.AboutKind, family.CompensationKind,
		family.HiringKind, family.ReferencesKind, family.ContentsKind:
		return true
	}
	return false
}

// within reports whether an enclosing heading of part i is of the kind.
func (r *resolver) within(i int, k family.Kind) bool {
	for j := r.parts[i].parent; j >= 0; j = r.parts[j].parent {
		if r.parts[j].kind == k {
			return true
		}
	}
	return false
}

// directlyIn reports whether the heading around part i is of the kind.
func (r *resolver) directlyIn(i int, k family.Kind) bool {
	j := r.parts[i].parent
	return j >= 0 && r.parts[j].kind == k
}

// firstHeading reports whether part i is the first heading of the page.
func (r *resolver) firstHeading(i int) bool {
	for _, p := range r.parts[:i] {
		if p.depth > 0 && !p.pseudo {
			return false
		}
	}
	return true
}

// dropPageHeading takes the mark from a heading that only repeats the page's
// title above levels of its own.
func (r *resolver) dropPageHeading() {
	for i, p := range r.parts {
		if !p.isLevel {
			continue
		}
		inner, own := false, false
		for j := i + 1; j < len(r.parts) && (r.parts[j].depth > p.depth); j++ {
			q := r.parts[j]
			if q.isLevel {
				inner = true
				break
			}
			switch q.kind {
			case family.GradeKind, family.ResponsibleKind, family.RequirementsKind, family.BothKind:
				own = true
			}
		}
		if inner && !own && !r.statesReporting(p) && !r.statesGrade(p) {
			p.isLevel = false
		}
	}
}

// makeLevels creates the levels, in the order of the page. Two headings of the
// same title that follow each other are one level.
func (r *resolver) makeLevels() {
	var last *part
	for _, p := range r.parts {
		if !p.isLevel {
			continue
		}
		if last != nil && fold(last.title) == fold(p.title) && !r.twice(last, p) {
			p.owner = last.owner
			continue
		}
		p.owner = r.level(p.title, p)
		last = p
	}
}

// twice reports whether two headings of one title have a section of the same
// kind each: then they are two levels.
func (r *resolver) twice(a, b *part) bool {
	first, second := map[family.Kind]bool{}, map[family.Kind]bool{}
	var in map[family.Kind]bool
	for _, p := range r.parts {
		switch {
		case p == a:
			in = first
		case p == b:
			in = second
		case p.isLevel:
			in = nil
		case in != nil:
			in[p.kind] = true
		}
	}
	for _, k := range []family.Kind{family.GradeKind, family.ResponsibleKind, family.RequirementsKind} {
		if first[k] && second[k] {
			return true
		}
	}
	return false
}

// level adds a level of that title at the place of a part.
func (r *resolver) level(title string, p *part) *family.Level {
	l := &family.Level{Title: title, Line: p.line, Span: p.span, Slug: p.slug, ReportsToMode: family.Any}
	r.levels = append(r.levels, &levelState{Level: l, key: roleKey(title), depth: p.depth, part: p})
	return l
}

// A levelState is a level and what the resolver needs to know while it hands
// out sections.
type levelState struct {
	*family.Level
	key    []string
	folded string // see name
	depth  int
	part   *part
	has    map[family.Kind]bool // kinds of section that it owns
}

// name returns the title as fold makes it.
func (l *levelState) name() string {
	if l.folded == "" {
		l.folded = fold(l.Title)
	}
	return l.folded
}

// state returns the state of a level.
func (r *resolver) state(l *family.Level) *levelState {
	for _, s := range r.levels {
		if s.Level == l {
			return s
		}
	}
	return nil
}

// overlap counts the words that two keys share.
func overlap(a, b []string) int {
	n := 0
	for _, w := range a {
		for _, v := range b {
			if w == v {
				n++
				break
			}
		}
	}
	return n
}

// sameRole reports whether two titles name the same role, but for spelling and
// the order of the words.
func sameRole(a, b string) bool { return SameRole(a, b) }

// SameRole reports whether two titles name the same role, but for spelling,
// fillers and the order of the words.
func SameRole(a, b string) bool { return sameKey(roleKey(a), roleKey(b)) }

func sameKey(a, b []string) bool {
	return len(a) > 0 && len(a) == len(b) && overlap(a, b) == len(a) && overlap(b, a) == len(b)
}

// matchLevel finds the level that a heading's prefix names: the same words in
// any order, else the only level that has all of its words.
func (r *resolver) matchLevel(prefix string) *levelState {
	key := roleKey(prefix)
	if len(key) == 0 {
		return nil
	}
	for _, l := range r.levels {
		if sameKey(l.key, key) {
			return l
		}
	}
	for _, l := range r.levels {
		for _, in := range brackets(l.Title) {
			if strings.EqualFold(in, strings.TrimSpace(prefix)) {
				return l
			}
		}
	}
	return nil
}

package family

import "strings"

// A Duty is a responsibility or requirement that somebody on a level has, with
// the level that states it.
type Duty struct {
	*Item
	Family *Family // of the page that states it
	From   *Level  // nil for the page-wide sections
	// Via lists the titles of the levels through which it was inherited,
	// nearest first; empty for the level's own and the family's.
	Via []string
}

// A Finder looks a level up by a reference on a page: on the page itself, or
// on the one that the reference links to. It returns nil for an unknown one.
type Finder func(f *Family, ref *Reference) (*Family, *Level)

// Find looks a reference up on its own page; it is the Finder for one page
// alone.
func Find(f *Family, ref *Reference) (*Family, *Level) {
	if ref.Level == "" {
		return nil, nil
	}
	return f, f.Level(ref.Level)
}

// What says which list of duties is asked for.
type What string

// The lists that levels inherit.
const (
	ResponsibilitiesOf What = "responsibilities"
	RequirementsOf     What = "requirements"
)

// Effective returns the duties of a level in force: the family's, what it
// inherits from the levels it extends, and its own, each once. "All non-IC
// responsibilities" leaves out what the page marks as an individual
// contributor's; an item that only announces the inheritance is left out too.
// A level that extends itself, over however many steps, is read once.
func (f *Family) Effective(l *Level, what What, find Finder) []Duty {
	e := effective{what: what, find: find, seen: map[*Level]bool{}, texts: map[string]bool{}}
	e.add(f, nil, nil, false)
	e.level(f, l, nil, false)
	return e.out
}

type effective struct {
	what  What
	find  Finder
	seen  map[*Level]bool
	texts map[string]bool
	out   []Duty
}

// level adds what a level inherits, then its own.
func (e *effective) level(f *Family, l *Level, via []string, nonIC bool) {
	if l == nil || e.seen[l] {
		return
	}
	e.seen[l] = true
	for i := range l.Extends {
		x := &l.Extends[i]
		if x.What != "" && x.What != string(e.what) {
			continue
		}
		if g, m := e.find(f, &x.Reference); m != nil {
			if g != f {
				e.add(g, nil, append(via[:len(via):len(via)], m.Title), nonIC || x.NonIC)
			}
			e.level(g, m, append(via[:len(via):len(via)], m.Title), nonIC || x.NonIC)
		}
	}
	e.add(f, l, via, nonIC)
}

// add adds the items of a level, or of the page-wide sections.
func (e *effective) add(f *Family, l *Level, via []string, nonIC bool) {
	d := &f.Responsibilities
	switch {
	case l == nil && e.what == RequirementsOf:
		d = &f.Requirements
	case l != nil && e.what == RequirementsOf:
		d = &l.Requirements
	case l != nil:
		d = &l.Responsibilities
	}
	for _, it := range d.Items {
		key := strings.ToLower(it.Text)
		if nonIC && it.Individual || e.texts[key] || l != nil && announces(l, it) {
			continue
		}
		e.texts[key] = true
		e.out = append(e.out, Duty{Item: it, Family: f, From: l, Via: via})
	}
}

// announces reports whether an item only says what the level extends.
func announces(l *Level, it *Item) bool {
	for i := range l.Extends {
		x := &l.Extends[i]
		if !x.Span.Empty() && it.Span.Start <= x.Span.Start && x.Span.End <= it.Span.End && len(it.Text) < len(x.Title)+70 {
			return true
		}
	}
	return false
}

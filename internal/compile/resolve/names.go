package resolve

import (
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/family"
)

// names connects every role that the page names with the level of the page
// that is meant, and says why it thinks so. A name that fits no level, or two
// equally well, stays unconnected.
func (r *resolver) names() {
	r.answers = map[name]answer{}
	for _, l := range r.levels {
		r.connect(l.ReportsTo, l)
		r.connect(l.Ladder.Next, l)
		for i := range l.Extends {
			r.connectOne(&l.Extends[i].Reference, l)
		}
		r.track(l)
	}
	r.connect(r.family.Ladder.Next, nil)
	for _, s := range r.family.Specialties {
		r.connect(s.ReportsTo, nil)
	}
	for _, h := range r.family.Hiring {
		for _, s := range h.Steps {
			r.connect(s.Interviewers, nil)
		}
	}
}

func (r *resolver) connect(refs []family.Reference, of *levelState) {
	for i := range refs {
		r.connectOne(&refs[i], of)
	}
}

func (r *resolver) connectOne(ref *family.Reference, of *levelState) {
	if ref.Level != "" {
		return // "the previous level" was read as such
	}
	asked := name{ref.Title, ref.Target}
	a, known := r.answers[asked]
	if !known {
		a.level, a.why = r.meant(ref)
		r.answers[asked] = a
	}
	if a.level != nil && a.level != of {
		ref.Level, ref.Why = a.level.Title, a.why
	}
}

// A name is what decides which level a reference means.
type name struct{ title, target string }

// An answer is the level that a name means, if any, and why.
type answer struct {
	level *levelState
	why   string
}

// meant finds the level that a reference means.
func (r *resolver) meant(ref *family.Reference) (*levelState, string) {
	if a, ok := strings.CutPrefix(ref.Target, "#"); ok && a != "" {
		for _, l := range r.levels {
			if l.Slug == a {
				return l, "anchor"
			}
		}
	} else if ref.Target != "" && !strings.Contains(ref.Target, "#") {
		return nil, "" // the link leads to another page
	}
	title := ref.Title
	if l := r.alias(title); l != nil {
		return l, "alias"
	}
	title = strings.TrimSuffix(title, suffixAbove(title))
	folded := fold(title)
	for _, l := range r.levels {
		if l.name() == folded {
			return l, "title"
		}
	}
	for _, l := range r.levels {
		for _, in := range brackets(l.Title) {
			if strings.EqualFold(in, title) {
				return l, "abbreviation"
			}
		}
	}
	key := roleKey(title)
	if len(key) == 0 {
		return nil, ""
	}
	for _, l := range r.levels {
		if sameKey(l.key, key) {
			return l, "word order"
		}
	}
	if l := r.only(key); l != nil {
		return l, "short name"
	}
	return nil, ""
}

// alias returns the level for which the organisation has another name, or nil.
func (r *resolver) alias(title string) *levelState {
	if len(r.Aliases) == 0 {
		return nil
	}
	if to, ok := r.Aliases[fold(title)]; ok {
		for _, l := range r.levels {
			if fold(l.Title) == fold(to) {
				return l
			}
		}
	}
	return nil
}

// only returns the one level that a shorter or longer name can mean: the rank
// is the same, and one has all words of the other.
func (r *resolver) only(key []string) *levelState {
	var found *levelState
	for _, l := range r.levels {
		if !sameRank(key, l.key) {
			continue
		}
		n := overlap(key, l.key)
		if n < len(key) && n < len(l.key) || n == 0 {
			continue
		}
		if found != nil {
			return nil
		}
		found = l
	}
	return found
}

// sameRank reports whether two names have the same words of rank: a "Senior
// Director" is no "Director".
func sameRank(a, b []string) bool { return ranksIn(a, b) && ranksIn(b, a) }

// ranksIn reports whether all words of rank of one name stand in another one.
func ranksIn(a, b []string) bool {
	for _, w := range a {
		if seniority[w] && w != "intermediate" && w != "ic" && !slices.Contains(b, w) {
			return false
		}
	}
	return true
}

// matchAny finds the level that a name means, by any of the reasons.
func (r *resolver) matchAny(name string) *levelState {
	l, _ := r.meant(&family.Reference{Title: name})
	return l
}

// track tells whether a level manages people, where its title or the page
// says so.
func (r *resolver) track(l *levelState) {
	f := " " + strings.Join(l.key, " ") + " "
	first := ""
	if len(l.key) > 0 {
		first = l.key[0]
		if first == "senior" && len(l.key) > 1 {
			first = l.key[1]
		}
	}
	switch {
	case l.Manages != nil, strings.Contains(f, " director "), strings.Contains(f, " vp "), strings.Contains(f, " chief "), strings.Contains(f, " president "), strings.Contains(f, " head "), strings.Contains(f, " group manager "):
		l.Track = family.Management
	case first == "manager":
		l.Track = family.Management
	case strings.Contains(f, " staff "), strings.Contains(f, " principal "), strings.Contains(f, " fellow "), strings.Contains(f, " distinguished "),
		strings.Contains(f, " engineer "), strings.Contains(f, " analyst "), strings.Contains(f, " specialist "), strings.Contains(f, " intern "):
		if !strings.Contains(f, " manager ") {
			l.Track = family.Individual
		}
	}
}

package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"path"
	"strconv"
	"strings"
	"unicode"

	"github.com/cadre-hq/cadre/internal/catalog/internal/db"
	"github.com/cadre-hq/cadre/internal/delta"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/press"
)

// How things keep their names. A family's id is made of its path when it comes,
// a level's of its title, that of a duty or step by the compiler, of its text.
// From then on they are handed down to whatever package delta says the thing
// has become, however it is called by then.

// familyID returns an id for a page that nobody has: the page's name, with the
// folder before it if that is taken.
func familyID(at string, taken func(FamilyID) bool) FamilyID {
	parts := strings.Split(stem(at), "/")
	id := ""
	for i := len(parts) - 1; i >= 0; i-- {
		if word := slug(parts[i]); word != "" {
			id = strings.Trim(word+"-"+id, "-")
		}
		if id != "" && !taken(FamilyID(id)) {
			return FamilyID(id)
		}
	}
	if id == "" {
		id = "family"
	}
	return FamilyID(numbered(id, func(s string) bool { return taken(FamilyID(s)) }))
}

// stem returns a path without what does not tell pages apart: endings, and the
// name of the page of a folder.
func stem(at string) string {
	name := path.Base(at)
	for _, ending := range []string{".erb", ".md", ".markdown", ".html"} {
		name = strings.TrimSuffix(name, ending)
	}
	folder := path.Dir(at)
	if (name == "index" || name == "_index" || name == "README") && folder != "." {
		return folder
	}
	return path.Join(folder, name)
}

// slug returns a text as a part of an address: words of letters and digits,
// joined by hyphens.
func slug(text string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case r != '\'' && r != '’':
			gap = true
		}
	}
	return b.String()
}

// numbered returns a name that is not taken: the name itself, or with a number.
func numbered(name string, taken func(string) bool) string {
	if !taken(name) {
		return name
	}
	for n := 2; ; n++ {
		if next := name + "-" + strconv.Itoa(n); !taken(next) {
			return next
		}
	}
}

// department returns the folder of an organisation's departments that a page
// lies in: the one below the folder of all job families or, where none is
// called so, the page's own.
func department(at string) string {
	parts := strings.Split(stem(at), "/")
	parts = parts[:len(parts)-1]
	for i, p := range parts {
		switch strings.ReplaceAll(strings.ToLower(p), "_", "-") {
		case "job-families", "families":
			if i+1 < len(parts) {
				return parts[i+1]
			}
			return ""
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return parts[len(parts)-1]
}

// fresh returns the names of a page that was not there before.
func fresh(id FamilyID, f *family.Family) *names {
	n := &names{family: id, levels: map[*family.Level]LevelID{}, parts: map[int]string{}}
	n.complete(f)
	return n
}

// stored returns the names of a page that is as it was stored.
func stored(id FamilyID, f *family.Family, levels []db.CatalogLevel, model *press.Page) *names {
	n := &names{family: id, levels: map[*family.Level]LevelID{}, parts: partsOf(model)}
	for i, l := range f.Levels {
		if i < len(levels) {
			n.levels[l] = LevelID(levels[i].ID)
		}
	}
	n.complete(f)
	return n
}

// handedDown returns the names of a page that were those of an earlier state,
// as far as its parts are what they were.
func handedDown(id FamilyID, before *names, old, new delta.Page) *names {
	n := &names{family: id, levels: map[*family.Level]LevelID{}, parts: map[int]string{}}
	heirs := delta.HeirsOf(old, new)
	for o, heir := range heirs.Levels {
		if before.levels[o] != "" {
			n.levels[heir] = before.levels[o]
		}
	}
	for o, heir := range heirs.Items {
		if name := before.parts[o.Span.Start]; name != "" {
			n.parts[heir.Span.Start] = name
		}
	}
	for o, heir := range heirs.Steps {
		if name := before.parts[o.Span.Start]; name != "" {
			n.parts[heir.Span.Start] = name
		}
	}
	n.complete(new.Family)
	return n
}

// complete names what has no name yet.
func (n *names) complete(f *family.Family) {
	levels, parts := map[string]bool{}, map[string]bool{}
	for _, id := range n.levels {
		levels[string(id)] = true
	}
	for _, id := range n.parts {
		parts[id] = true
	}
	for _, l := range f.Levels {
		if n.levels[l] != "" {
			continue
		}
		name := slug(l.Title)
		if name == "" {
			name = "level"
		}
		id := numbered(name, func(s string) bool { return levels[s] })
		n.levels[l], levels[id] = LevelID(id), true
	}
	part := func(at int, id string) {
		if n.parts[at] == "" {
			id = numbered(id, func(s string) bool { return parts[s] })
			n.parts[at], parts[id] = id, true
		}
	}
	for _, d := range lists(f) {
		for _, it := range d.Items {
			part(it.Span.Start, it.ID)
		}
	}
	for _, p := range f.Hiring {
		for _, s := range p.Steps {
			part(s.Span.Start, s.ID)
		}
	}
}

// lists returns the lists of duties of the family and of its levels.
func lists(f *family.Family) []*family.Duties {
	out := []*family.Duties{&f.Responsibilities, &f.Requirements, &f.Indicators}
	for _, l := range f.Levels {
		out = append(out, &l.Responsibilities, &l.Requirements, &l.Indicators)
	}
	return out
}

// partsOf returns the ids of the items and steps of a model.
func partsOf(p *press.Page) map[int]string {
	parts := map[int]string{}
	eachPart(p, func(at int, id *string) { parts[at] = *id })
	return parts
}

// rename gives the items and steps of a model their names.
func rename(p *press.Page, n *names) {
	eachPart(p, func(at int, id *string) {
		if name := n.parts[at]; name != "" {
			*id = name
		}
	})
}

// eachPart calls f for each item and step of a model that stands on its page.
func eachPart(p *press.Page, f func(at int, id *string)) {
	items := func(list []press.Item) {
		for i := range list {
			f(list[i].Span.Start, &list[i].ID)
		}
	}
	duties := func(list []press.Duty) {
		for i := range list {
			if list[i].Path == "" {
				f(list[i].Span.Start, &list[i].ID)
			}
		}
	}
	items(p.Family.Details.Responsibilities)
	items(p.Family.Details.Requirements)
	items(p.Family.Details.Indicators)
	for i := range p.Levels {
		d := &p.Levels[i].Details
		items(d.Responsibilities)
		items(d.Requirements)
		items(d.Indicators)
		duties(d.Effective)
		duties(d.EffectiveReq)
	}
	for i := range p.Hiring {
		for j := range p.Hiring[i].Steps {
			s := &p.Hiring[i].Steps[j]
			f(s.Span.Start, &s.ID)
		}
	}
}

// versionHash tells whether two states of a page are the same version: path,
// text, and what the compiler understands of it. Fields that the model gains in
// a later Cadre are left out, so that an update of the program alone makes no
// version of every family.
func versionHash(at string, text []byte, p *press.Page) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q\n", at, text)
	fmt.Fprintf(h, "%q %q %q\n", p.Title, p.Description, p.Family.Ladder)
	d := &p.Family.Details
	hashItems(h, d.Responsibilities, d.Requirements, d.Indicators)
	for i := range p.Levels {
		l := &p.Levels[i]
		fmt.Fprintf(h, "level %q %d %q %v %q %q %q %q %q\n", l.Title, l.Line, l.Grades, l.Unaligned, l.ReportsTo, l.ReportsToMode, l.Track, l.Extends, l.Ladder)
		if m := l.Manages; m != nil {
			fmt.Fprintf(h, "manages %s %s %q %q %q\n", number(m.Min), number(m.Max), m.Of, m.Scope, m.Modality)
		}
		hashItems(h, l.Details.Responsibilities, l.Details.Requirements, l.Details.Indicators)
	}
	for i := range p.Specialties {
		s := &p.Specialties[i]
		fmt.Fprintf(h, "specialty %q %d %d %d\n", s.Title, s.Line, s.Requirements, s.Responsibilities)
	}
	for i := range p.Hiring {
		fmt.Fprintf(h, "process %q %d\n", p.Hiring[i].Scope, p.Hiring[i].Line)
		for _, s := range p.Hiring[i].Steps {
			fmt.Fprintf(h, "step %d %q %v %q %q %v %v %d %q\n", s.Line, s.Kind, minutes(s), s.Interviewers, s.Mode, s.Panel, s.Optional, s.Count, s.Text)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func hashItems(h hash.Hash, lists ...[]press.Item) {
	for i, list := range lists {
		fmt.Fprintf(h, "list %d\n", i)
		for _, it := range list {
			fmt.Fprintf(h, "%d %d %v %q\n", it.Line, it.Depth, it.Individual, it.Text)
		}
	}
}

func number(n *int) string {
	if n == nil {
		return "-"
	}
	return strconv.Itoa(*n)
}

func minutes(s press.Step) [2]int {
	if s.Minutes == nil {
		return [2]int{-1, -1}
	}
	return *s.Minutes
}

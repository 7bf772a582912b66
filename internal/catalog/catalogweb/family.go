package catalogweb

import (
	"net/http"
	"path"
	"slices"
	"strconv"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/press"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A shown family is a version of a family on a page.
type shown struct {
	*catalog.Family
	file    *source.File
	edition *catalog.Edition // as of which duties and ladders are
	names   people
	fixed   bool // the version stands in the address
	part    string
}

// read reads the family that an address names, with what its pages need.
func (h *pages) read(r *http.Request) (*shown, error) {
	ctx, by := r.Context(), auth.From(r.Context())
	id, number := catalog.FamilyID(r.PathValue("id")), 0
	s := &shown{}
	if text := r.PathValue("version"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, fault.New(fault.NotFound, "%q is no version of a job family: versions are counted from 1", text)
		}
		number, s.fixed = n, true
	}
	var err error
	if s.Family, err = h.catalog.Family(ctx, by, id, number); err != nil {
		return nil, err
	}
	if s.file, _, err = h.catalog.Page(ctx, by, id, s.Version); err != nil {
		return nil, err
	}
	if s.edition, err = h.catalog.Edition(ctx, by, s.AsOf); err != nil {
		return nil, err
	}
	ids := []auth.PrincipalID{s.Release.By}
	for _, f := range s.Findings {
		if f.Waived != nil && f.Waived.By != "" {
			ids = append(ids, auth.PrincipalID(f.Waived.By))
		}
	}
	s.names, err = h.names(ctx, ids...)
	return s, err
}

// base is the address of the family's pages: of the version, if the address
// names one.
func (s *shown) base(parts ...string) string {
	if s.fixed {
		parts = append([]string{"v", strconv.Itoa(s.Version)}, parts...)
	}
	return address(s.ID, parts...)
}

// src leads to a line of the page.
func (s *shown) src(line int) ui.Line { return lineOf(s.ID, s.Version, s.Path, line) }

// at leads to the line of some bytes of the page.
func (s *shown) at(span source.Span) ui.Line {
	if span.Empty() {
		return ui.Line{}
	}
	return s.src(s.file.Line(span.Start))
}

// lineOf leads to a line of the page of a version.
func lineOf(id catalog.FamilyID, version int, at string, line int) ui.Line {
	return ui.Line{File: fileName(at), N: line, Href: sourceAddress(id, version) + "#L" + strconv.Itoa(line)}
}

func sourceAddress(id catalog.FamilyID, version int) string {
	return address(id, "v", strconv.Itoa(version), "source")
}

// fileName returns the name of a page, with its folder if the name alone says
// nothing.
func fileName(at string) string {
	if name := path.Base(at); name != "index.md" && name != "index.html.md" && name != "index.html.md.erb" {
		return name
	}
	return path.Join(path.Base(path.Dir(at)), path.Base(at))
}

// stated leads to the line of a duty, on whatever page states it.
func (s *shown) stated(d *catalog.Duty) ui.Line {
	if d.Family == s.ID || d.Family == "" {
		return s.src(d.Line)
	}
	if f := s.edition.Family(d.Family); f != nil {
		return lineOf(f.ID, f.Version, f.Path, d.Line)
	}
	return ui.Line{}
}

// tabs are the parts of the family.
func (s *shown) tabs() []ui.Tab {
	indicators := len(s.Model.Family.Details.Indicators)
	for i := range s.Model.Levels {
		indicators += len(s.Model.Levels[i].Details.Indicators)
	}
	tabs := []ui.Tab{{Label: "Overview", Href: s.base(), On: s.part == ""}}
	add := func(label, part string, count int) {
		t := ui.Tab{Label: label, Href: s.base(part), On: s.part == part}
		if count > 0 {
			t.Count = strconv.Itoa(count)
		}
		tabs = append(tabs, t)
	}
	if n := len(s.Model.Specialties) + len(s.Model.Segments); n > 0 {
		add("Specialties", "specialties", n)
	}
	add("Ladder", "ladder", len(s.Ladder))
	add("Indicators", "indicators", indicators)
	add("Findings", "findings", s.Summary.Findings()+s.Waived)
	add("Source", "source", 0)
	tabs = append(tabs, ui.Tab{Label: "History", Href: address(s.ID, "history"), Count: strconv.Itoa(s.Latest), On: s.part == "history"})
	return tabs
}

// isOld reports whether a later version is there, or none is in force.
func (s *shown) isOld() bool { return s.Version != s.Latest || s.Retired != 0 }

// family shows the overview.
func (h *pages) family(w http.ResponseWriter, r *http.Request) error {
	s, err := h.read(r)
	if err != nil {
		return err
	}
	o := overview{shown: s, publish: h.mayPublish(r)}
	if len(s.Levels) > 0 {
		chosen := s.Levels[0].ID
		if wanted := catalog.LevelID(r.URL.Query().Get("level")); s.Level(wanted) != nil {
			chosen = wanted
		}
		if o.role, err = s.Role(chosen); err != nil {
			return err
		}
	}
	o.leading = s.leading()
	return web.Show(w, r, overviewPage(&o))
}

// leading counts the levels of other families that lead here.
func (s *shown) leading() int {
	g := s.edition.Graph(s.ID)
	from := map[int]bool{}
	for _, step := range g.Steps {
		if g.Roles[step.To].Family == s.ID && g.Roles[step.From].Family != s.ID {
			from[step.From] = true
		}
	}
	return len(from)
}

// part shows another part of the family.
func (h *pages) part(w http.ResponseWriter, r *http.Request) error {
	part := r.PathValue("part")
	if part == "history" {
		return h.history(w, r)
	}
	s, err := h.read(r)
	if err != nil {
		return err
	}
	s.part = part
	switch part {
	case "specialties":
		return web.Show(w, r, specialtiesPage(s))
	case "ladder":
		return web.Show(w, r, familyLadderPage(s))
	case "indicators":
		return web.Show(w, r, indicatorsPage(s))
	case "findings":
		return web.Show(w, r, familyFindingsPage(s))
	case "source":
		return web.Show(w, r, sourcePage(s))
	}
	return fault.New(fault.NotFound, "a job family has no part %q", part)
}

// An overview is what the first page of a family shows.
type overview struct {
	*shown
	role    *catalog.Role // of the level that is chosen; nil if there is none
	leading int           // levels of other families that lead here
	publish bool
}

// levelAddress chooses a level.
func (o *overview) levelAddress(id catalog.LevelID) string {
	return o.base() + "?level=" + string(id)
}

// A dutyGroup holds the duties of one origin.
type dutyGroup struct {
	title, note string
	duties      []*catalog.Duty
}

// groups sorts duties by where they come from: what the page asks of every
// level, what it asks of this one, and what is inherited.
func (s *shown) groups(level *catalog.LevelSummary, duties []catalog.Duty) []dutyGroup {
	var groups []dutyGroup
	index := map[[2]string]int{}
	for pass := range 3 {
		for i := range duties {
			d := &duties[i]
			own := d.Family == s.ID && d.Level == level.ID
			every := d.Family == s.ID && d.Level == ""
			if (pass == 0) != every || (pass == 1) != own && !every {
				continue
			}
			key := [2]string{string(d.Family), string(d.Level)}
			n, ok := index[key]
			if !ok {
				n = len(groups)
				index[key] = n
				groups = append(groups, dutyGroup{title: s.origin(level, d)})
			}
			groups[n].duties = append(groups[n].duties, d)
		}
	}
	for i := range groups {
		groups[i].note = groups[i].counted()
		// What is withheld stands last.
		slices.SortStableFunc(groups[i].duties, func(a, b *catalog.Duty) int {
			switch {
			case a.Withheld == b.Withheld:
				return 0
			case a.Withheld:
				return 1
			}
			return -1
		})
	}
	return groups
}

// origin says where a duty comes from.
func (s *shown) origin(level *catalog.LevelSummary, d *catalog.Duty) string {
	switch {
	case d.Family == s.ID && d.Level == "":
		return "Every level"
	case d.Family == s.ID && d.Level == level.ID:
		return level.Title
	case d.Level != "":
		return "From " + d.From
	}
	if f := s.edition.Family(d.Family); f != nil {
		return "From every level of " + f.Title
	}
	return "From another page"
}

// counted says how many of a group's duties are in force, and where they stand.
func (g *dutyGroup) counted() string {
	in := 0
	for _, d := range g.duties {
		if !d.Withheld {
			in++
		}
	}
	words := strconv.Itoa(in)
	if in < len(g.duties) {
		words += " of " + strconv.Itoa(len(g.duties))
	}
	first, last := g.duties[0].Line, g.duties[0].Line
	for _, d := range g.duties {
		first, last = min(first, d.Line), max(last, d.Line)
	}
	if first == last {
		return words + ", line " + strconv.Itoa(first)
	}
	return words + ", lines " + strconv.Itoa(first) + " to " + strconv.Itoa(last)
}

// A share counts duties by origin.
type share struct{ every, own, inherited int }

func (s *shown) share(level catalog.LevelID, duties []catalog.Duty) share {
	var n share
	for _, d := range duties {
		switch {
		case d.Withheld:
		case d.Family == s.ID && d.Level == "":
			n.every++
		case d.Family == s.ID && d.Level == level:
			n.own++
		default:
			n.inherited++
		}
	}
	return n
}

func (n share) total() int { return n.every + n.own + n.inherited }

// sum says what a total is made of: "= 7 + 12 inherited"; "" if it is of one
// kind.
func (n share) sum() string {
	words := ""
	parts := 0
	for _, p := range []struct {
		n    int
		word string
	}{{n.every, " shared"}, {n.own, " own"}, {n.inherited, " inherited"}} {
		if p.n == 0 {
			continue
		}
		if parts++; parts > 1 {
			words += " + "
		}
		words += strconv.Itoa(p.n) + p.word
	}
	if parts < 2 {
		return ""
	}
	return "= " + words
}

// firstLine leads to the first of some duties that the page itself states, the
// level's own before those of all.
func (s *shown) firstLine(level catalog.LevelID, duties []catalog.Duty) ui.Line {
	line := 0
	for _, d := range duties {
		if d.Family == s.ID && d.Level == level && (line == 0 || d.Line < line) {
			line = d.Line
		}
	}
	if line == 0 && len(duties) > 0 {
		return s.stated(&duties[0])
	}
	if line == 0 {
		return ui.Line{}
	}
	return s.src(line)
}

// conditions are the rules about the level's duties that depend on the person.
func (o *overview) conditions() []press.Condition { return o.role.Level.Details.Conditions }

package catalogweb

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// picture returns a graph of ladders as it is drawn. Roles of the family that
// the page is about stand out; roles without any step are left out of a picture
// of all families.
func picture(g *catalog.Graph, about catalog.FamilyID, label string) ui.Graph {
	p := ui.Graph{Label: label}
	used := map[int]bool{}
	for _, s := range g.Steps {
		used[s.From], used[s.To] = true, true
	}
	for i := range g.Roles {
		r := &g.Roles[i]
		if !used[i] && r.Family != about {
			continue
		}
		n := ui.Node{ID: strconv.Itoa(i), Label: r.Title, Note: roleNote(r, about)}
		switch {
		case r.Dangles():
			n.State = ui.Bad
		case r.Family == about:
			n.State = ui.Current
		}
		if !r.Dangles() {
			n.Href = address(r.Family) + "?level=" + string(r.Level)
		}
		p.Nodes = append(p.Nodes, n)
	}
	for _, s := range g.Steps {
		e := ui.Edge{From: strconv.Itoa(s.From), To: strconv.Itoa(s.To), Broken: s.Kind == catalog.Dangling || s.InCycle, Note: stepWords(s.Kind)}
		if s.InCycle {
			e.Note = "Leads back to where it began"
		}
		p.Edges = append(p.Edges, e)
	}
	return p
}

// roleNote is what stands below a role in a picture.
func roleNote(r *catalog.GraphRole, about catalog.FamilyID) string {
	if r.Dangles() {
		return "no page describes it"
	}
	var words []string
	if r.Grade != "" {
		words = append(words, "grade "+r.Grade)
	}
	if r.Family != about && r.FamilyTitle != r.Title {
		words = append(words, r.FamilyTitle)
	}
	return strings.Join(words, " · ")
}

func stepWords(k catalog.StepKind) string {
	switch k {
	case catalog.Promotion:
		return "Promotion"
	case catalog.Transfer:
		return "To another family"
	case catalog.Implied:
		return "By the order of the page"
	case catalog.Dangling:
	}
	return "No page describes this role"
}

// leadsTo returns the title of the role that a step leads to: that of its level,
// if a page describes it.
func (s *shown) leadsTo(step *catalog.NextStep) string {
	if f := s.edition.Family(step.Family); f != nil {
		if l := f.Level(step.Level); l != nil {
			return l.Title
		}
	}
	return step.Title
}

// A ladderView is what the page of all ladders shows.
type ladderView struct {
	edition  *catalog.Edition
	graph    *catalog.Graph
	dangling []danglingStep
	publish  bool
}

// A danglingStep leads to a role that no page describes.
type danglingStep struct {
	from *catalog.GraphRole
	to   string
	line ui.Line
}

func (h *pages) ladders(w http.ResponseWriter, r *http.Request) error {
	v := ladderView{publish: h.mayPublish(r)}
	var err error
	if v.edition, err = h.released(r); err != nil {
		return err
	}
	if v.edition != nil {
		v.graph = v.edition.Graph("")
		for _, s := range v.graph.Steps {
			if s.Kind != catalog.Dangling {
				continue
			}
			from := &v.graph.Roles[s.From]
			d := danglingStep{from: from, to: v.graph.Roles[s.To].Title}
			if f := v.edition.Family(from.Family); f != nil && s.Line > 0 {
				d.line = lineOf(f.ID, f.Version, f.Path, s.Line)
			}
			v.dangling = append(v.dangling, d)
		}
	}
	return web.Show(w, r, laddersPage(&v))
}

// cycle names the roles of a ladder that leads back.
func (v *ladderView) cycle(roles []int) string {
	titles := make([]string, len(roles))
	for i, n := range roles {
		titles[i] = v.graph.Roles[n].Title
	}
	return joined(titles, "all")
}

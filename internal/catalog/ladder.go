package catalog

import (
	"cmp"
	"slices"

	"github.com/cadre-hq/cadre/internal/policy"
)

// A Graph is the career ladders of all families as of a release: roles, and the
// steps between them.
type Graph struct {
	Release ReleaseNumber
	Roles   []GraphRole // by grade, the highest first; then by family
	Steps   []GraphStep
	// Cycles are ladders that lead back to where they began: each a list of
	// indexes into Roles.
	Cycles [][]int
}

// A GraphRole is a rung: a level, or a role that a page names and no page
// describes.
type GraphRole struct {
	Family      FamilyID // "" for a role that no page describes
	FamilyTitle string
	Version     int
	Level       LevelID
	Title       string
	Grade       string // the highest; "" if none is stated
	Track       string
	Line        int
}

// Dangles reports whether no page describes the role.
func (r *GraphRole) Dangles() bool { return r.Family == "" }

// A GraphStep leads from one role to another, by their indexes.
type GraphStep struct {
	Kind     StepKind
	From, To int
	Line     int // on the page of From
	InCycle  bool
}

// Graph returns the career ladders of the edition. With a family only its own
// steps, and those that lead to it, are in it; whether a step is part of a cycle
// is told all the same.
func (e *Edition) Graph(only FamilyID) *Graph {
	g := &graphMaker{Graph: Graph{Release: e.Release.Number}, edition: e, at: map[string]int{}}
	for i := range e.Families {
		f := &e.Families[i]
		for j := range f.Levels {
			g.role(f, &f.Levels[j])
		}
	}
	for i := range e.Families {
		for _, s := range e.steps[e.Families[i].ID] {
			g.step(&e.Families[i], s)
		}
	}
	g.order()
	g.cycles()
	if only != "" {
		return g.around(only)
	}
	return &g.Graph
}

// around returns the part of a graph that is about one family.
func (g *Graph) around(id FamilyID) *Graph {
	part := &Graph{Release: g.Release}
	place := make([]int, len(g.Roles))
	used := make([]bool, len(g.Roles))
	for i := range g.Roles {
		used[i] = g.Roles[i].Family == id
	}
	var steps []GraphStep
	for _, s := range g.Steps {
		if g.Roles[s.From].Family == id || g.Roles[s.To].Family == id {
			used[s.From], used[s.To] = true, true
			steps = append(steps, s)
		}
	}
	for i := range g.Roles {
		if used[i] {
			place[i] = len(part.Roles)
			part.Roles = append(part.Roles, g.Roles[i])
		}
	}
	for _, s := range steps {
		s.From, s.To = place[s.From], place[s.To]
		part.Steps = append(part.Steps, s)
	}
	return part
}

// A graphMaker makes a graph.
type graphMaker struct {
	Graph
	edition *Edition
	at      map[string]int
}

// role returns the index of the role of a level.
func (g *graphMaker) role(f *Summary, l *LevelSummary) int {
	key := string(f.ID) + "#" + string(l.ID)
	i, ok := g.at[key]
	if !ok {
		i = len(g.Roles)
		g.at[key] = i
		g.Roles = append(g.Roles, GraphRole{
			Family: f.ID, FamilyTitle: f.Title, Version: f.Version, Level: l.ID, Title: l.Title, Grade: highestGrade(l.Grades), Track: l.Track, Line: l.Line,
		})
	}
	return i
}

// dangling returns the index of a role that no page describes.
func (g *graphMaker) dangling(title string) int {
	key := "?" + slug(title)
	i, ok := g.at[key]
	if !ok {
		i = len(g.Roles)
		g.at[key] = i
		g.Roles = append(g.Roles, GraphRole{Title: title})
	}
	return i
}

// step adds a step that a family's page states.
func (g *graphMaker) step(f *Summary, s NextStep) {
	from := f.Level(s.From)
	if from == nil {
		return
	}
	e := GraphStep{Kind: s.Kind, From: g.role(f, from), Line: s.Line}
	to := g.edition.Family(s.Family)
	if to != nil && to.Level(s.Level) != nil {
		e.To = g.role(to, to.Level(s.Level))
	} else {
		e.Kind, e.To = Dangling, g.dangling(s.Title)
	}
	g.Steps = append(g.Steps, e)
}

// order sorts the roles, and the steps by where they begin.
func (g *graphMaker) order() {
	by := make([]int, len(g.Roles))
	for i := range by {
		by[i] = i
	}
	slices.SortStableFunc(by, func(i, j int) int {
		a, b := &g.Roles[i], &g.Roles[j]
		return cmp.Or(policy.CompareGrades(b.Grade, a.Grade), cmp.Compare(a.FamilyTitle, b.FamilyTitle), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Title, b.Title))
	})
	place, roles := make([]int, len(by)), make([]GraphRole, len(by))
	for now, before := range by {
		place[before], roles[now] = now, g.Roles[before]
	}
	g.Roles = roles
	for i := range g.Steps {
		s := &g.Steps[i]
		s.From, s.To = place[s.From], place[s.To]
	}
	slices.SortStableFunc(g.Steps, func(a, b GraphStep) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
}

// cycles finds the ladders that lead back: the strongly connected parts of the
// graph, by Tarjan's algorithm.
func (g *graphMaker) cycles() {
	next := make([][]int, len(g.Roles))
	for _, s := range g.Steps {
		next[s.From] = append(next[s.From], s.To)
	}
	t := &tarjan{next: next, index: make([]int, len(next)), low: make([]int, len(next)), on: make([]bool, len(next))}
	for i := range next {
		if t.index[i] == 0 {
			t.visit(i)
		}
	}
	part := map[int]int{}
	for n, p := range t.parts {
		slices.Sort(p)
		g.Cycles = append(g.Cycles, p)
		for _, i := range p {
			part[i] = n + 1
		}
	}
	for i := range g.Steps {
		s := &g.Steps[i]
		s.InCycle = part[s.From] != 0 && part[s.From] == part[s.To]
	}
}

// A tarjan looks for the parts of a graph in which every node leads to every
// other.
type tarjan struct {
	next       [][]int
	index, low []int
	on         []bool
	count      int
	stack      []int
	parts      [][]int // of two nodes or more
}

func (t *tarjan) visit(i int) {
	t.count++
	t.index[i], t.low[i] = t.count, t.count
	t.stack, t.on[i] = append(t.stack, i), true
	for _, j := range t.next[i] {
		if t.index[j] == 0 {
			t.visit(j)
			t.low[i] = min(t.low[i], t.low[j])
		} else if t.on[j] {
			t.low[i] = min(t.low[i], t.index[j])
		}
	}
	if t.low[i] != t.index[i] {
		return
	}
	at := slices.Index(t.stack, i)
	found := slices.Clone(t.stack[at:])
	t.stack = t.stack[:at]
	for _, j := range found {
		t.on[j] = false
	}
	if len(found) > 1 {
		t.parts = append(t.parts, found)
	}
}

// highestGrade returns the highest of some grades, "" if there is none.
func highestGrade(grades []string) string {
	best := ""
	for _, g := range grades {
		if best == "" || policy.CompareGrades(g, best) > 0 {
			best = g
		}
	}
	return best
}

package productweb

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A treeView is the hierarchy as a tree.
type treeView struct {
	*view
	query  string
	counts map[product.Ref]int // findings of each node, notes left out
}

func (h *pages) tree(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	t := &treeView{view: v, query: strings.TrimSpace(r.URL.Query().Get("q")), counts: map[product.Ref]int{}}
	report := v.Report()
	for i := range report.Findings {
		if f := &report.Findings[i]; f.Severity != hierarchy.SeverityNote {
			t.counts[f.Ref()]++
		}
	}
	return web.Show(w, r, treePage(t))
}

// leaves returns the sections with what is in them.
func (t *treeView) leaves() []ui.Leaf {
	var out []ui.Leaf
	for _, n := range t.Of(hierarchy.Section) {
		l := t.leaf(n)
		l.Open = true
		out = append(out, l)
	}
	return out
}

func (t *treeView) leaf(n *product.Node) ui.Leaf {
	l := ui.Leaf{Name: n.Name, Href: t.toNode(n.Ref), Note: string(n.Kind), Holds: "What is in " + n.Name, Side: t.side(n)}
	if k := t.counts[n.Ref]; k > 0 {
		l.State, l.Word = ui.Warn, counted(k, "finding", "findings")
	}
	if n.Kind == hierarchy.Category && n.Maturity() != "" {
		l.Note += " · " + n.Maturity()
	}
	for _, k := range []hierarchy.Kind{hierarchy.Stage, hierarchy.Group} {
		for _, below := range t.Below(n.Ref, k) {
			l.Below = append(l.Below, t.leaf(below))
		}
	}
	for _, c := range t.Below(n.Ref, hierarchy.Category) {
		if n.Kind == hierarchy.Group || len(t.Owners(c.Key)) == 0 {
			l.Below = append(l.Below, t.leaf(c))
		}
	}
	return l
}

// side names who answers for a node as product manager.
func (v *view) side(n *product.Node) templ.Component {
	if n.Kind == hierarchy.Category {
		return nil
	}
	return answerable(v, v.InFunction(n.Ref, hierarchy.Product))
}

// found returns the nodes that a search finds: what a name means, or else what
// has the words in its name.
func (t *treeView) found() ([]*product.Node, string) {
	nodes, err := t.Resolve(t.query)
	if err == nil {
		return nodes, ""
	}
	var out []*product.Node
	wanted := strings.ToLower(t.query)
	for _, n := range t.Nodes {
		if strings.Contains(strings.ToLower(t.Title(n)+" "+n.Key), wanted) {
			out = append(out, n)
		}
	}
	return out, err.Error()
}

// A mapView is the hierarchy as a map, coloured by how complete counterparts
// are.
type mapView struct {
	*view
	coverage *product.Coverage
	complete map[product.Ref]int
}

func (h *pages) chart(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	m := &mapView{view: v, complete: map[product.Ref]int{}}
	if m.coverage, err = h.product.Coverage(r.Context(), auth.From(r.Context()), v.Day); err != nil {
		return err
	}
	for _, row := range m.coverage.Rows {
		m.complete[row.Node.Ref] = row.Complete
	}
	return web.Show(w, r, mapPage(m))
}

// plots returns the boxes of the map.
func (m *mapView) plots() []ui.Plot {
	var out []ui.Plot
	for _, s := range m.Of(hierarchy.Section) {
		box := ui.Plot{Name: s.Name, Href: m.toNode(s.Ref)}
		for _, stage := range m.Below(s.Ref, hierarchy.Stage) {
			part := ui.Plot{Name: stage.Name, Href: m.toNode(stage.Ref)}
			for _, g := range m.Below(stage.Ref, hierarchy.Group) {
				n := m.complete[g.Ref]
				part.Below = append(part.Below, ui.Plot{Name: g.Name, Href: m.toNode(g.Ref), Text: percent(n), Heat: heat(n)})
			}
			if len(part.Below) == 0 {
				part.Text, part.None = "no groups", true
			}
			box.Below = append(box.Below, part)
		}
		box.Text = counted(len(box.Below), "stage", "stages")
		out = append(out, box)
	}
	return out
}

// functions are the columns of the table beside the map.
func (m *mapView) functions() []string {
	out := make([]string, len(m.coverage.Functions))
	for i, f := range m.coverage.Functions {
		out[i] = sentence(string(f))
	}
	return out
}

// rows are the stages, each with how many of its groups have somebody in each
// function.
func (m *mapView) rows() []ui.HeatRow {
	var out []ui.HeatRow
	for _, row := range m.coverage.Rows {
		if row.Node.Kind != hierarchy.Stage {
			continue
		}
		line := ui.HeatRow{Name: row.Node.Name}
		for _, n := range row.Filled {
			c := ui.Cell{Text: "–", None: true}
			if row.Groups > 0 {
				c = ui.Cell{Text: ratio(n, row.Groups), Heat: heat(100 * n / row.Groups), Href: m.to("/hierarchy/counterparts?kind=group&stage=" + row.Node.Key)}
			}
			line.Cells = append(line.Cells, c)
		}
		out = append(out, line)
	}
	return out
}

// A findingView is what is wrong with the hierarchy.
type findingView struct {
	*view
	report hierarchy.Report
	code   hierarchy.Code
}

func (h *pages) findings(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, findingsPage(&findingView{v, v.Report(), hierarchy.Code(r.URL.Query().Get("rule"))}))
}

// choices are the rules that found something.
func (f *findingView) choices() []ui.Choice {
	var out []ui.Choice
	for _, c := range hierarchy.Codes {
		if n := f.report.Summary[c]; n > 0 {
			out = append(out, ui.Choice{Value: string(c), Label: sentence(words(string(c))), Count: n})
		}
	}
	return out
}

// shown are the findings of the rule that is looked at; at first all but notes.
func (f *findingView) shown() []hierarchy.Finding {
	var out []hierarchy.Finding
	for _, one := range f.report.Findings {
		if f.code == one.Code || f.code == "" && one.Severity != hierarchy.SeverityNote {
			out = append(out, one)
		}
	}
	return out
}

// file gives one of the files back.
func (h *pages) file(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	files, err := v.Files()
	if err != nil {
		return err
	}
	text, ok := files[r.PathValue("name")]
	if !ok {
		return fault.New(fault.NotFound, "there is no file %s: there are %s, %s and %s", r.PathValue("name"), hierarchy.SectionsFile, hierarchy.StagesFile, hierarchy.CategoriesFile)
	}
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+r.PathValue("name")+`"`)
	_, err = w.Write(text)
	return err
}

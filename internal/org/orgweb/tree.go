package orgweb

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A treeView is what the tree shows: the whole organisation, or what is below
// one position.
type treeView struct {
	*view
	root  *chart.Node // nil is the top
	twigs []ui.Twig
}

// mostTwigs is about how many positions are shown at first; what is further down
// is folded away, and read when somebody opens it.
const mostTwigs = 60

func (h *pages) tree(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	t := &treeView{view: v}
	if at := r.URL.Query().Get("at"); at != "" {
		if t.root = v.Node(org.PositionID(at)); t.root == nil {
			return noPosition(org.PositionID(at), v)
		}
	}
	depth := t.depth()
	if t.root != nil {
		t.twigs = []ui.Twig{v.twig(t.root, depth, t.root.ID)}
	} else {
		for i := range v.Nodes {
			if n := &v.Nodes[i]; n.Parent < 0 {
				t.twigs = append(t.twigs, v.twig(n, depth, ""))
			}
		}
	}
	return web.Show(w, r, treePage(t))
}

func noPosition(id org.PositionID, v *view) error {
	return fault.New(fault.NotFound, "there is no position %q on %s", id, v.Day)
}

// depth returns how many layers are shown at first: as many as fit.
func (t *treeView) depth() int {
	counts := map[int]int{}
	top := 1
	nodes := t.Nodes
	if t.root != nil {
		top = t.root.Depth
		nodes = t.Below(t.root)
	}
	for i := range nodes {
		counts[nodes[i].Depth-top]++
	}
	shown, depth := counts[0]+1, 1
	for counts[depth] > 0 && shown+counts[depth] <= mostTwigs {
		shown += counts[depth]
		depth++
	}
	return max(depth, 2)
}

// mostBelow is how many positions below one are shown at once.
const mostBelow = 40

// twig returns a position as the tree shows it, with so many layers of what is
// below.
func (v *view) twig(n *chart.Node, layers int, here org.PositionID) ui.Twig {
	t := ui.Twig{ID: "p-" + string(n.ID), Href: v.toPosition(n.ID), Label: n.Seat.Title, Note: note(n), Here: n.ID == here}
	if n.Holder != nil {
		t.Name = n.Holder.Name
	}
	if n.Leads() {
		span := v.Span(n, &v.Bands)
		t.Span = v.reach(&span)
		t.State, t.Strange = stateOf(span.Worst()), span.Worst() == chart.Attention || span.Worst() == chart.Problem
	}
	t.Word = v.word(n, &t)
	if layers <= 1 {
		if len(n.Children) > 0 {
			t.More, t.MoreHref = len(n.Children), v.to("/org/below/"+string(n.ID))
		}
		return t
	}
	t.Open = true
	for i, child := range n.Children {
		if i == mostBelow {
			t.More, t.MoreHref = len(n.Children)-i, v.to("/org?at="+string(n.ID))
			break
		}
		t.Below = append(t.Below, v.twig(&v.Nodes[child], layers-1, here))
	}
	return t
}

// note is what stands beside a title: the grade, the specialty, who covers it.
func note(n *chart.Node) string {
	var parts []string
	if n.Role != nil && n.Role.Grade != "" {
		parts = append(parts, "grade "+n.Role.Grade)
	}
	if n.Seat.Specialty != "" && !strings.Contains(n.Seat.Title, n.Seat.Specialty) {
		parts = append(parts, n.Seat.Specialty)
	}
	if n.Cover != nil {
		parts = append(parts, n.Cover.Name+", "+n.Covers.Words())
	}
	return strings.Join(parts, " · ")
}

// word says the heaviest thing about a position in a few words.
func (v *view) word(n *chart.Node, t *ui.Twig) string {
	var findings []chart.Finding
	if n.Leads() {
		findings = v.Span(n, &v.Bands).Findings
	}
	findings = append(findings, v.Lines(n, &v.Bands)...)
	var worst *chart.Finding
	for i := range findings {
		if worst == nil || findings[i].Severity == chart.Attention && worst.Severity == chart.Minor {
			worst = &findings[i]
		}
	}
	if worst == nil {
		if n.Cover != nil {
			t.State = ui.Current
			return capital(n.Covers.Words())
		}
		return ""
	}
	t.State = stateOf(worst.Severity)
	return v.ruleWords(worst.Rule, n)
}

// ruleWords says in short what is found about a position.
func (v *view) ruleWords(r chart.Rule, n *chart.Node) string {
	switch r {
	case chart.CompanySpan:
		if n.Direct.All() < v.Bands.Company.Min {
			return "Below the company band"
		}
		return "Above the company band"
	case chart.RoleSpan:
		return "Outside the role's band"
	case chart.TotalSpan:
		return "Organisation smaller than the role says"
	case chart.SameLayer:
		return "Reports to the same layer"
	case chart.ReportsTo:
		return "Reports otherwise than the page says"
	case chart.TooDeep:
		return "More layers than there may be"
	}
	return string(r)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// reach returns a span for the picture.
func (v *view) reach(s *chart.Span) *ui.Reach {
	r := &ui.Reach{
		Now: s.Direct.Filled, Planned: s.Direct.All(), Company: [2]int{v.Bands.Company.Min, v.Bands.Company.Max}, Aim: v.Bands.Aim,
		State: stateOf(s.Worst()),
	}
	if s.Role != nil {
		r.Role = [2]int{s.Role.Direct.Min, s.Role.Direct.Max}
	}
	return r
}

// scale is the axis above the pictures.
func (v *view) scale() *ui.Reach {
	return &ui.Reach{Company: [2]int{v.Bands.Company.Min, v.Bands.Company.Max}, Aim: v.Bands.Aim}
}

// branch shows what is below one position: alone, for a page that unfolds it, or
// as a tree of its own.
func (h *pages) branch(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	id := org.PositionID(r.PathValue("position"))
	n := v.Node(id)
	if n == nil {
		return noPosition(id, v)
	}
	if r.Header.Get("HX-Request") == "" {
		return web.Redirect(w, r, v.to("/org?at="+string(id)))
	}
	var twigs []ui.Twig
	for _, child := range n.Children {
		twigs = append(twigs, v.twig(&v.Nodes[child], 1, ""))
	}
	return web.Show(w, r, ui.Branch(twigs, 0, ""))
}

// A levelRow is one row of the spans by level.
type levelRow struct {
	title  string
	source chart.Cite
	band   string
	people int
	direct int
}

// mostLevels is how many levels stand beside the tree.
const mostLevels = 10

// byLevel sums the spans up by level, in the order of the tree.
func (t *treeView) byLevel() []*levelRow {
	var rows []*levelRow
	at := map[string]*levelRow{}
	for i := range t.Nodes {
		n := &t.Nodes[i]
		if n.Role == nil || !n.Role.Direct.Is() || t.root != nil && n != t.root && !t.isBelow(n) {
			continue
		}
		row := at[n.Role.Pin.String()]
		if row == nil && len(rows) == mostLevels {
			continue
		}
		if row == nil {
			row = &levelRow{title: n.Role.Title, source: n.Role.Direct.Cite, band: n.Role.Direct.Words()}
			at[n.Role.Pin.String()] = row
			rows = append(rows, row)
		}
		row.people++
		row.direct += n.Direct.All()
	}
	return rows
}

func (t *treeView) isBelow(n *chart.Node) bool {
	for up := t.Above(n); up != nil; up = t.Above(up) {
		if up == t.root {
			return true
		}
	}
	return false
}

func (l *levelRow) mean() string { return fmt.Sprintf("%.1f", float64(l.direct)/float64(l.people)) }

// findingsHere are the findings of what the tree shows, a few of them.
func (t *treeView) findingsHere() (found []chart.Finding, more int) {
	for _, f := range t.Findings() {
		n := t.Node(f.Position)
		if t.root != nil && n != t.root && !t.isBelow(n) {
			continue
		}
		if len(found) == mostFindings {
			more++
			continue
		}
		found = append(found, f)
	}
	return found, more
}

const mostFindings = 12

// title is what the tree is of.
func (t *treeView) title() string {
	if t.root == nil {
		return "Organisation"
	}
	return t.root.Seat.Title
}

// count returns how many people and openings the tree has.
func (t *treeView) count() chart.Count {
	if t.root == nil {
		return t.People()
	}
	return t.root.Total
}

// meanSpan is the mean of the spans that are not empty.
func (t *treeView) meanSpan() string {
	leaders, reports := 0, 0
	for i := range t.Nodes {
		n := &t.Nodes[i]
		if len(n.Children) > 0 && (t.root == nil || n == t.root || t.isBelow(n)) {
			leaders++
			reports += len(n.Children)
		}
	}
	if leaders == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", float64(reports)/float64(leaders))
}

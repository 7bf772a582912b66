package orgweb

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// pageSize is how many people a page of the list has.
const pageSize = 100

// A roster is the list of people and positions.
type roster struct {
	*view
	rows        []*chart.Node
	total       int
	departments []ui.Choice
	states      []ui.Choice
	next        string
	filtered    bool
}

// A rosterKey is the place of a row in the list.
type rosterKey struct {
	Name string         `json:"n"`
	ID   org.PositionID `json:"i"`
}

func keyOf(n *chart.Node) rosterKey { return rosterKey{strings.ToLower(n.Called()), n.ID} }

func (k rosterKey) compare(l rosterKey) int {
	return cmp.Or(strings.Compare(k.Name, l.Name), strings.Compare(string(k.ID), string(l.ID)))
}

func (h *pages) people(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	var in struct {
		Text       string `form:"q"`
		Department string `form:"department"`
		State      string `form:"state"`
		After      string `form:"after"`
	}
	_ = form.Query(r, &in) // they are all texts
	after, found, err := api.ParseCursor[rosterKey](in.After)
	if err != nil {
		return err
	}
	l := &roster{view: v, filtered: in.Text+in.Department+in.State != ""}
	words := strings.Fields(strings.ToLower(in.Text))
	departments, states := map[string]int{}, map[string]int{}
	for i := range v.Nodes {
		n := &v.Nodes[i]
		fits := matches(n, words)
		inDepartment := in.Department == "" || n.Seat.Department == in.Department
		inState := in.State == "" || string(n.Status()) == in.State
		if fits && inState && n.Seat.Department != "" {
			departments[n.Seat.Department]++
		}
		if fits && inDepartment {
			states[string(n.Status())]++
		}
		if fits && inDepartment && inState {
			l.rows = append(l.rows, n)
		}
	}
	l.total = len(l.rows)
	slices.SortFunc(l.rows, func(x, y *chart.Node) int { return keyOf(x).compare(keyOf(y)) })
	if found {
		at, _ := slices.BinarySearchFunc(l.rows, after, func(n *chart.Node, k rosterKey) int { return keyOf(n).compare(k) })
		for at < len(l.rows) && keyOf(l.rows[at]).compare(after) <= 0 {
			at++
		}
		l.rows = l.rows[at:]
	}
	if len(l.rows) > pageSize {
		l.rows = l.rows[:pageSize]
		l.next = api.Cursor(keyOf(l.rows[pageSize-1]))
	}
	for _, d := range sortedKeys(departments) {
		l.departments = append(l.departments, ui.Choice{Value: d, Label: d, Count: departments[d]})
	}
	for _, s := range []string{"filled", "vacant", "interim", "acting", "life_support"} {
		if states[s] > 0 {
			l.states = append(l.states, ui.Choice{Value: s, Label: capital(strings.ReplaceAll(s, "_", " ")), Count: states[s]})
		}
	}
	return web.Show(w, r, peoplePage(l))
}

func sortedKeys(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// matches reports whether all words are in a position's name, holder or
// specialty.
func matches(n *chart.Node, words []string) bool {
	if len(words) == 0 {
		return true
	}
	text := strings.ToLower(n.Called() + " " + n.Seat.Title + " " + n.Seat.Specialty)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

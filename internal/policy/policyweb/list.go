package policyweb

import (
	"net/http"
	"net/url"

	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// pageSize is how many values a page of the list has.
const pageSize = 60

// A listing is what the list of values shows.
type listing struct {
	*view
	url    *url.URL
	values []policy.Value
	total  int
	byRoom map[string]int
	ours   int // overridden values that fit to the search
	weak   int
	next   string // path after which the next page begins
}

func (h *pages) list(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	var in struct {
		Text  string `form:"q"`
		Room  string `form:"room"`
		Only  string `form:"only"`
		After string `form:"after"`
	}
	_ = form.Query(r, &in) // what cannot be read filters nothing
	l := &listing{view: v, url: r.URL, byRoom: map[string]int{}}
	reached := in.After == ""
	for _, value := range v.Pack.Values() {
		if !value.Matches(in.Text) {
			continue
		}
		if isOnly(value, in.Only) {
			l.byRoom[value.Room()]++
		}
		if in.Room != "" && value.Room() != in.Room {
			continue
		}
		if value.Source.Overridden {
			l.ours++
		}
		if value.Source.IsWeak() {
			l.weak++
		}
		if !isOnly(value, in.Only) {
			continue
		}
		l.total++
		switch {
		case !reached:
			reached = value.Path == in.After
		case len(l.values) < pageSize:
			l.values = append(l.values, value)
		case l.next == "":
			l.next = l.values[pageSize-1].Path
		}
	}
	return web.Show(w, r, listPage(l))
}

// isOnly reports whether a value is of those that a filter leaves.
func isOnly(v policy.Value, only string) bool {
	switch only {
	case "ours":
		return v.Source.Overridden
	case "weak":
		return v.Source.IsWeak()
	}
	return true
}

func (l *listing) facets() []ui.Facet {
	f := ui.Facet{Label: "Room", Name: "room"}
	for _, r := range rooms {
		if n := l.byRoom[r.key]; n > 0 || l.url.Query().Get("room") == r.key {
			f.Choices = append(f.Choices, ui.Choice{Value: r.key, Label: r.label, Count: n})
		}
	}
	return []ui.Facet{f, {Label: "Only", Name: "only", Choices: []ui.Choice{
		{Value: "ours", Label: "Overridden", Count: l.ours},
		{Value: "weak", Label: "Weak source", Count: l.weak},
	}}}
}

// short returns a value in few words.
func short(v policy.Value) string {
	switch n := len(v.Rows); {
	case n == 1:
		return "1 row"
	case n > 1:
		return count(n, "row")
	case len(v.Plain) > 160:
		return count(len(v.Items), "item")
	case v.Plain == "":
		return "none"
	}
	return v.Plain
}

// Package policyweb holds the pages of the policy: the values that count, each
// with its source; a page for each value, from which an administrator overrides
// it with a reason; the packs to choose from; comparisons; the history of what
// was decided.
//
// Everybody who signed in may look values up, for every screen links to the
// page of a value that it goes by (chosen.Address). There is one file for each
// page, with its template beside it.
package policyweb

import (
	"context"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// Home is the address of the list of values.
const Home = "/policy"

const (
	packsPage   = Home + "/packs"
	comparePage = Home + "/compare"
	historyPage = Home + "/history"
)

// Options are what the pages need of the server.
type Options struct {
	// Names returns the names of principals, for who decided something. It may
	// be nil.
	Names func(ctx context.Context, ids ...auth.PrincipalID) (map[auth.PrincipalID]string, error)
}

// Register adds the pages. They have no entry of their own in the rail; a link
// to Home is shown by who has the settings, and below the rail.
func Register(site *web.Site, c *chosen.Service, o Options) {
	h := &pages{c, o}
	site.Get(Home, h.list)
	site.Get(packsPage, h.packs)
	site.Post(packsPage, h.choose)
	site.Get(comparePage, h.compare)
	site.Get(historyPage, h.history)
	site.Get(Home+"/{path}", h.value)
	site.Post(Home+"/{path}", h.override)
	site.Post(Home+"/{path}/withdraw", h.withdraw)
}

type pages struct {
	policy  *chosen.Service
	options Options
}

// A view is what all pages show: the standing, and what the reader may do.
type view struct {
	*chosen.Standing
	decides bool // may choose and override
	looks   bool // may see who decided what
	names   people
}

// look returns the standing as the reader of a request may see it.
func (h *pages) look(r *http.Request) (*view, error) {
	by := auth.From(r.Context())
	st, err := h.policy.Standing(r.Context(), by)
	if err != nil {
		return nil, err
	}
	v := &view{Standing: st, decides: h.policy.MayDecide(by), looks: h.policy.MaySeeHistory(by)}
	var ids []auth.PrincipalID
	for _, d := range st.Overrides {
		ids = append(ids, d.By)
	}
	if st.Choice != nil {
		ids = append(ids, st.Choice.By)
	}
	v.names, err = h.people(r.Context(), ids...)
	return v, err
}

// people are the names of principals.
type people map[auth.PrincipalID]string

func (h *pages) people(ctx context.Context, ids ...auth.PrincipalID) (people, error) {
	if h.options.Names == nil || len(ids) == 0 {
		return nil, nil
	}
	return h.options.Names(ctx, ids...)
}

// name returns how somebody is called; the program has no name.
func (p people) name(id auth.PrincipalID) string {
	switch {
	case id == "":
		return "Cadre"
	case p[id] != "":
		return p[id]
	}
	return "a former member"
}

// tabs lead through the pages of the policy.
func (v *view) tabs(on string) []ui.Tab {
	tabs := []ui.Tab{
		{Label: "Values", Href: Home, On: on == Home},
		{Label: "Packs", Href: packsPage, On: on == packsPage},
		{Label: "Compare", Href: comparePage, On: on == comparePage},
	}
	if v.looks {
		tabs = append(tabs, ui.Tab{Label: "History", Href: historyPage, On: on == historyPage})
	}
	return tabs
}

// address returns the page of a value.
func address(path string) string { return chosen.Address(path) }

// sentence returns a text that begins with a capital letter.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// words returns a key of a pack as people read it.
func words(key string) string { return sentence(strings.ReplaceAll(key, "_", " ")) }

// A room of the policy and what its filter is called.
type room struct{ key, label string }

var rooms = []room{
	{"pages", "Job-family pages"},
	{"company", "Company"},
	{"catalog", "Job families"},
	{"org", "Organisation"},
	{"hiring", "Hiring"},
	{"schedule", "Scheduling"},
	{"growth", "Growth"},
	{"direction", "Direction"},
	{"indicators", "Indicators"},
	{"access", "Access"},
}

func roomLabel(v policy.Value) string {
	for _, r := range rooms {
		if r.key == v.Room() {
			return r.label
		}
	}
	return words(v.Room())
}

// origin says in a colour and a word where a value comes from.
func origin(v policy.Value) (ui.State, string) {
	switch {
	case v.Source.Overridden:
		return ui.Current, "Overridden"
	case v.Source.IsWeak():
		return ui.Unknown, "Weak source"
	}
	return ui.OK, "From pack " + v.Source.Pack
}

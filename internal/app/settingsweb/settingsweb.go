// Package settingsweb is the page of settings: what there is to administer, each
// with a sentence and how it stands now.
//
// It knows no room. The application gives it entries, each with who may see it
// and a function that says how things stand; what a reader may not see is not
// there for them. The rail shows Settings as current on the pages of entries.
package settingsweb

import (
	"context"
	"net/http"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// Home is the address of the page.
const Home = "/settings"

// A Group is a part of the page. Without an entry for the reader it is not
// shown.
type Group struct {
	ID, Title string
	Note      string // beside the title
	Entries   []Entry
}

// An Entry is something to look after.
type Entry struct {
	Title string
	Href  string // its page; "" if it is set outside of the program's pages
	Say   string // what it is for
	// Elsewhere says that its page belongs to another entry of the rail.
	Elsewhere bool
	// Shown says for whom the entry is there; nil is for everybody.
	Shown func(auth.Actor) bool
	// Stands says how things stand.
	Stands func(context.Context, auth.Actor) ([]Fact, error)
}

// A Fact says how one thing stands.
type Fact struct {
	State ui.State
	Text  string
	At    time.Time // when that came about; zero if it is not known
}

// Register adds the page, and its entry of the rail.
func Register(site *web.Site, groups ...Group) {
	room := web.Room{Label: "Settings", Href: Home, Icon: ui.IconSettings}
	for _, g := range groups {
		for _, e := range g.Entries {
			if e.Href != "" && !e.Elsewhere {
				room.Below = append(room.Below, e.Href)
			}
		}
	}
	site.Room(room)
	site.Get(Home, pages(groups).settings)
}

type pages []Group

// A shown group, with the entries that its reader may see.
type shown struct {
	Group
	Entries []standing
}

// A standing is an entry with how it stands.
type standing struct {
	Entry
	Facts []Fact
}

func (p pages) settings(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), auth.From(r.Context())
	var all []shown
	for _, g := range p {
		s := shown{Group: g}
		for _, e := range g.Entries {
			if e.Shown != nil && !e.Shown(by) {
				continue
			}
			facts, err := e.Stands(ctx, by)
			if err != nil {
				return err
			}
			s.Entries = append(s.Entries, standing{e, facts})
		}
		if len(s.Entries) > 0 {
			all = append(all, s)
		}
	}
	return web.Show(w, r, page(all))
}

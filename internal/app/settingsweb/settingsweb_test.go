package settingsweb_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/app/settingsweb"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web/ui"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

var (
	ada = auth.Actor{ID: "ada", Kind: auth.Person, Name: "Ada", Roles: []auth.Role{auth.Administrator}}
	ben = auth.Actor{ID: "ben", Kind: auth.Person, Name: "Ben"}
)

func administrators(by auth.Actor) bool { return by.Has(auth.Administrator) }

func stands(facts ...settingsweb.Fact) func(context.Context, auth.Actor) ([]settingsweb.Fact, error) {
	return func(context.Context, auth.Actor) ([]settingsweb.Fact, error) { return facts, nil }
}

// A reader sees the entries that are for them; a group without any is not
// there, and how the others stand is not even asked.
func TestEntriesAreForTheirReaders(t *testing.T) {
	site, asked := webtest.New(t), 0
	settingsweb.Register(site.Site,
		settingsweb.Group{ID: "harbour", Title: "Harbour", Entries: []settingsweb.Entry{
			{Title: "Berths", Href: "/berths", Say: "Where ships lie", Stands: stands(settingsweb.Fact{Text: "7 berths, the last", At: webtest.Noon.Add(-time.Hour)})},
			{Title: "Cranes", Href: "/cranes", Shown: administrators, Stands: stands(settingsweb.Fact{State: ui.Warn, Text: "2 stand still"}, settingsweb.Fact{Text: "5 work"})},
		}},
		settingsweb.Group{ID: "town", Title: "Town", Entries: []settingsweb.Entry{
			{Title: "Mayor", Shown: administrators, Stands: func(context.Context, auth.Actor) ([]settingsweb.Fact, error) {
				asked++
				return nil, nil
			}},
		}},
	)
	site.As(ben).Get("/settings").WantsStatus(200).Wants("Harbour", "Berths", "Where ships lie", "7 berths, the last 1 hour ago").Lacks("Cranes", "stand still", "Town", "Mayor")
	if asked > 0 {
		t.Error("how something stands is asked for somebody who may not see it")
	}
	page := site.As(ada).Get("/settings").WantsStatus(200).Wants("Cranes", "2 stand still", "5 work", "Town", "Mayor")
	if links := page.Links(); asked != 1 || len(links) == 0 {
		t.Errorf("asked %d times, links %v", asked, links)
	}
}

// What cannot be said is not passed over.
func TestFailuresAreShown(t *testing.T) {
	site := webtest.New(t)
	settingsweb.Register(site.Site, settingsweb.Group{Title: "Harbour", Entries: []settingsweb.Entry{
		{Title: "Berths", Stands: func(context.Context, auth.Actor) ([]settingsweb.Fact, error) { return nil, errors.New("flooded") }},
	}})
	site.As(ada).Get("/settings").WantsStatus(500).Lacks("flooded")
}

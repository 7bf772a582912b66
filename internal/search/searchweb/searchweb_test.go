package searchweb_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/search"
	"github.com/cadre-hq/cadre/internal/search/searchweb"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web/ui"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

var ada = auth.Actor{ID: "ada", Kind: auth.Person, Name: "Ada", Roles: []auth.Role{auth.Recruiter}}

func site(t *testing.T) *webtest.Site {
	t.Helper()
	db := storetest.Open(t, storetest.SQLite(t))
	var docs []search.Document
	add := func(kind, id, title, text string, audiences ...string) {
		docs = append(docs, search.Document{Room: "test", Kind: kind, ID: id, Title: title, Text: text, Address: "/" + kind + "/" + id, Audiences: audiences, At: webtest.Noon})
	}
	add("family", "crane", "Crane Engineer", "Keeps <b>cranes</b> & quays safe.", search.Everyone)
	add("offer", "o1", "Offer for a crane engineer", "", "role:recruiter")
	add("offer", "o2", "Offer for another crane engineer", "", "role:finance_partner")
	add("note", "n1", "Note of the crane team", "", "team:1")
	add("note", "n2", "Note to Ada on cranes", "", "person:ada")
	for i := range 30 {
		add("family", fmt.Sprint(i), fmt.Sprintf("Planner %d", i), "", search.Everyone)
	}
	err := db.Update(t.Context(), func(tx store.Tx) error {
		var all error
		for _, d := range docs {
			all = errors.Join(all, search.Put(t.Context(), tx, d))
		}
		return all
	})
	if err != nil {
		t.Fatal(err)
	}
	s := webtest.New(t)
	searchweb.Register(s.Site, db, []searchweb.Kind{{Name: "family", Plural: "Job families", Icon: ui.IconFamily}, {Name: "offer", Plural: "Offers"}},
		func(_ context.Context, _ store.Tx, by auth.Actor) ([]string, error) {
			if by.ID == "member" {
				return []string{"team:1"}, nil
			}
			return nil, nil
		})
	return s
}

// Everybody gets what is theirs, by role, by name and by what rooms know.
func TestResults(t *testing.T) {
	s := site(t)
	s.As(ada).Get("/search?q=crane").WantsStatus(http.StatusOK).
		Wants("3 results", "Crane Engineer", "Offer for a crane engineer", "Note to Ada", "cranes</b> & quays safe.").Lacks("another", "crane team")
	s.As(auth.Actor{ID: "member", Kind: auth.Person, Name: "M"}).Get("/search?q=crane").Wants("2 results", "Note of the crane team").Lacks("Offer", "Ada on")
	if s.Visitor().Get("/search?q=crane").Status == http.StatusOK {
		t.Error("somebody who did not sign in can search")
	}
	b := s.As(ada)
	b.Get("/search?q=crane").Follow("Offers").Wants("1 result").Lacks("Note to Ada")
	b.Get("/search").Wants("What are you looking for?")
	b.Get("/search?q=submarine").Wants("Nothing is found")
	b.Get("/search?q=%22%27%3Cscript%3E").Wants("Nothing is found")
	b.Get("/search?q=planner").Wants("30 results").Follow("Next page").Wants("30 results", "These are the last results.")
	b.Get("/search?q=planner&after=x").WantsStatus(http.StatusUnprocessableEntity)
	if page := b.Get("/search?q=engineer"); !strings.Contains(page.HTML, "<mark>Engineer</mark>") {
		t.Error("the word that was looked for is not marked")
	}
}

// The suggestions are few, and come as a part that htmx can ask for alone.
func TestSuggestions(t *testing.T) {
	s := site(t)
	page := s.As(ada).Get("/search/suggestions?q=planner")
	if n := strings.Count(page.HTML, `href="/family/`); n != 6 {
		t.Errorf("%d suggestions, want 6", n)
	}
	if page := s.As(ada).Get("/search/suggestions?q=submarine"); strings.Contains(page.HTML, `href="/family/`) {
		t.Error("there are suggestions for nothing")
	}
}

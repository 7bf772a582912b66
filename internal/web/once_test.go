package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/idempotency"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// A form that is sent twice is carried out once, and the second answer leads to
// where the first did. Somebody else's form under the same key is another.
func TestFormsAreCarriedOutOnce(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		db, err := store.Open(t.Context(), place, store.Options{Guard: idempotency.Guard})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
		built := 0
		site := webtest.New(t, func(o *web.Options) { o.Once = &idempotency.Middleware{DB: db} })
		site.Get("/berths", say("Berths"))
		site.Get("/berths/new", say("New"))
		site.Post("/berths/new", func(w http.ResponseWriter, r *http.Request) error {
			err := db.Update(r.Context(), func(store.Tx) error { return nil })
			if err != nil {
				return err
			}
			built++
			return web.Done(w, r, "/berths", ui.Toast{Text: "It is built"})
		})
		b := site.As(ada)
		values := map[string][]string{idempotency.Field: {"key-1"}}
		for range 2 {
			if p := b.Post("/berths/new", values).WantsStatus(http.StatusOK); p.Title() != "Berths" {
				t.Errorf("it leads to %s", p.Title())
			}
		}
		other := ada
		other.ID = "ben"
		site.As(other).Post("/berths/new", values)
		if built != 2 {
			t.Errorf("%d are built, want one for each of two people", built)
		}
		b.Post("/berths/new", map[string][]string{idempotency.Field: {strings.Repeat("x", 300)}}).WantsStatus(http.StatusUnprocessableEntity)
	})
}

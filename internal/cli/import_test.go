package cli

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/org/product/producttest"
	"github.com/cadre-hq/cadre/internal/org/productapi"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A hierarchy is imported to a server, by a token: looked at, imported, the same
// again, and not many removals without a yes.
func TestImportHierarchyToAServer(t *testing.T) {
	room := producttest.Open(t, storetest.Open(t, storetest.SQLite(t)))
	mux := http.NewServeMux()
	productapi.Register(api.New(mux, api.Options{Version: "1", Log: slog.New(slog.DiscardHandler), Reference: func(context.Context) string { return "r" }}), room.Service)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		by := auth.Actor{}
		if r.Header.Get("Authorization") == "Bearer good" {
			by = producttest.Administrator
		}
		mux.ServeHTTP(w, r.WithContext(auth.With(r.Context(), by)))
	}))
	t.Cleanup(s.Close)
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range producttest.Harbour() {
		write(name, text)
	}
	m := &terminal{t: t, environ: []string{"CADRE_TOKEN=good"}}
	says := func(code int, want string, more ...string) {
		t.Helper()
		out, errors := m.run(code, append([]string{"import", "hierarchy", "--server", s.URL, folder}, more...)...)
		if !strings.Contains(out+errors, want) {
			t.Errorf("%v says %s%s, not %q", more, out, errors, want)
		}
	}
	says(0, "this would be 11 new, 0 changed, 0 gone", "--dry-run")
	says(0, "imported: 11 new, 0 changed, 0 gone")
	says(0, "nothing has changed")
	says(0, `"same": 11`, "--format", "json")
	says(2, "the hierarchy changed on", "--day", "2020-01-01")
	write("categories.yml", "more: {stage: berth}\na: {stage: berth}\nb: {stage: berth}\n")
	says(0, "3 new, 0 changed, 4 gone")
	write("categories.yml", "{}\n")
	write("stages.yml", "stages: {}\n")
	says(1, "nothing was done: 8 parts would go, of at most 5; if that is right, say --allow-removals")
	says(0, "0 new, 0 changed, 8 gone", "--allow-removals")
	m.environ = []string{"CADRE_TOKEN=bad"}
	says(2, "the server says: sign in")
	m.run(2, "import", "hierarchy", "--server", "ftp://x", folder)
}

package catalogapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog/catalogapi"
	"github.com/cadre-hq/cadre/internal/catalog/catalogtest"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A server is the interface of a catalog on a loopback address, used by whoever
// the test says.
type server struct {
	*catalogtest.Room
	*httptest.Server
	by  auth.Actor
	api *api.API
}

func serve(t *testing.T, db *store.DB) *server {
	t.Helper()
	s := &server{Room: catalogtest.Open(t, db), by: catalogtest.Administrator}
	mux := http.NewServeMux()
	s.api = api.New(mux, api.Options{Version: "1", Log: slog.New(slog.DiscardHandler), Reference: func(context.Context) string { return "r" }})
	catalogapi.Register(s.api, s.Room.Service)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r.WithContext(auth.With(r.Context(), s.by)))
	}))
	t.Cleanup(s.Close)
	return s
}

// get reads an address and decodes what comes into to, unless that is nil.
func (s *server) get(t *testing.T, address string, status int, to any, headers ...string) *http.Response {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		q.Header.Set(headers[i], headers[i+1])
	}
	return s.do(t, q, status, to)
}

func (s *server) do(t *testing.T, q *http.Request, status int, to any) *http.Response {
	t.Helper()
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	if a.StatusCode != status {
		t.Fatalf("%s %s: %d, want %d: %s", q.Method, q.URL, a.StatusCode, status, text)
	}
	if to != nil {
		if err := json.Unmarshal(text, to); err != nil {
			t.Fatalf("%s: %v in %s", q.URL, err, text)
		}
	}
	return a
}

// publish sends pages.
func (s *server) publish(t *testing.T, p catalogtest.Pages, status int, to any, fields ...string) *http.Response {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	f, err := w.CreateFormFile("archive", "handbook.tar")
	if err == nil {
		_, err = f.Write(p.Archive().Archive)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/api/v1/releases", &b)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", w.FormDataContentType())
	return s.do(t, q, status, to)
}

type published struct {
	Release   *int64
	Published bool
	Differs   bool
	Changes   []struct {
		Kind, Family string
		Changes      []struct{ Category, Kind string }
	}
	Blocking []struct{ Fingerprint string }
}

type problem struct {
	Detail string
	Errors []struct{ Message, Location, Value string }
}

// Pages are published from afar: previewed, refused with the place of each
// error, waived, published, and published again without effect.
func TestPublish(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db)
		good := catalogtest.Harbour()
		bad := good.Edit(t, catalogtest.Pilots, "Write a report of each passage", "Write a [report]() of each passage")
		var p published
		s.publish(t, bad, 200, &p, "preview", "true")
		if p.Release != nil || p.Published || len(p.Changes) != 2 || len(p.Blocking) != 1 {
			t.Errorf("preview: %+v", p)
		}
		var refused problem
		s.publish(t, bad, 422, &refused)
		if len(refused.Errors) != 1 || !strings.HasPrefix(refused.Errors[0].Location, catalogtest.Pilots+":29:") || !strings.Contains(refused.Errors[0].Message, "CAD204") {
			t.Errorf("refused: %+v", refused)
		}
		waivers := fmt.Sprintf(`[{"fingerprint": %q, "reason": "The report moves.", "until": "2026-12-31"}]`, refused.Errors[0].Value)
		if a := s.publish(t, bad, 201, &p, "waivers", waivers); *p.Release != 1 || !p.Published || a.Header.Get("Location") != "/api/v1/releases/1" {
			t.Errorf("with a reason: %+v at %q", p, a.Header.Get("Location"))
		}
		s.publish(t, bad, 200, &p)
		if *p.Release != 1 || p.Published || p.Differs {
			t.Errorf("again: %+v", p)
		}
		p = published{}
		s.publish(t, good, 201, &p, "name", "main")
		if *p.Release != 2 || len(p.Changes) != 1 || p.Changes[0].Kind != "changed" || len(p.Changes[0].Changes) == 0 {
			t.Errorf("corrected: %+v", p)
		}
		for why, fields := range map[string][]string{
			"no waivers":    {"waivers", "{"},
			"no day":        {"waivers", `[{"fingerprint":"x","reason":"y","until":"soon"}]`},
			"no such thing": {"waivers", `[{"fingerprint":"x","reason":"y"}]`},
			"no time":       {"in_force", "yesterday"},
			"the future":    {"in_force", "2031-01-01"},
			"the past":      {"in_force", "2001-01-01"},
		} {
			refused = problem{}
			s.publish(t, good, 422, &refused, fields...)
			if refused.Detail == "" {
				t.Errorf("%s: %+v", why, refused)
			}
		}
		s.by = catalogtest.Member
		s.publish(t, good, 403, nil)
		s.by = catalogtest.Nobody
		s.publish(t, good, 401, nil)
	})
}

// Everything that was published can be read.
func TestRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db)
		pages := catalogtest.Meridian(t)
		s.Publish(t, pages)
		s.Publish(t, pages.Edit(t, "handbook/job-families/product/product-management-leadership.md", "typically leads 2-4", "typically leads 3-5"))
		s.by = catalogtest.Member

		var families struct {
			Items []struct {
				ID     string
				Levels []struct{ ID string }
			}
			Next   string
			Total  int
			Facets struct{ Departments, Grades []struct{ Value string } }
		}
		met := map[string]bool{}
		for next := "/api/v1/families?limit=7&findings="; next != ""; {
			a := s.get(t, next, 200, &families)
			for _, f := range families.Items {
				met[f.ID] = true
			}
			link, _, _ := strings.Cut(a.Header.Get("Link"), ">")
			next = strings.TrimPrefix(link, "<")
		}
		if len(met) != 18 || families.Total != 18 || len(families.Facets.Departments) != 7 || len(families.Facets.Grades) == 0 {
			t.Errorf("%d families met, %+v", len(met), families)
		}
		s.get(t, "/api/v1/families?q=staff+backend&track=ic", 200, &families)
		if families.Total != 1 || families.Items[0].ID != "backend-engineer" || len(families.Items[0].Levels) != 5 {
			t.Errorf("%+v", families)
		}

		var f struct {
			Version, Latest int
			Title           string
			Model           struct{ Levels []struct{ Title string } }
			Duties          []struct{ Responsibilities []struct{ Text, From string } }
			Findings        []struct{ Code string }
			FindingCounts   struct{ Infos, Waived int } `json:"finding_counts"`
		}
		a := s.get(t, "/api/v1/families/product-management-leadership", 200, &f)
		if f.Version != 2 || f.Latest != 2 || len(f.Model.Levels) == 0 || len(f.Duties) != len(f.Model.Levels) || f.FindingCounts.Waived != 2 || len(f.Findings) == 0 {
			t.Errorf("%+v", f)
		}
		s.get(t, "/api/v1/families/product-management-leadership", 304, nil, "If-None-Match", a.Header.Get("ETag"))
		s.get(t, "/api/v1/families/product-management-leadership", 200, nil, "If-None-Match", `"1.1"`)
		s.get(t, "/api/v1/families/product-management-leadership/versions/1", 200, &f)
		if f.Version != 1 || f.Latest != 2 {
			t.Errorf("version 1: %+v", f)
		}
		s.get(t, "/api/v1/families/product-management-leadership/versions/3", 404, nil)
		s.get(t, "/api/v1/families/nobody", 404, nil)

		var versions struct{ Items []struct{ Version int } }
		s.get(t, "/api/v1/families/product-management-leadership/versions", 200, &versions)
		if len(versions.Items) != 2 || versions.Items[0].Version != 2 {
			t.Errorf("%+v", versions)
		}
		var levels struct {
			Items []struct {
				Pin, Title       string
				Responsibilities []struct{ ID string }
				Hiring           []struct{ Steps []struct{ ID string } }
			}
		}
		s.get(t, "/api/v1/families/product-management-leadership/versions/2/levels", 200, &levels)
		if l := levels.Items[0]; l.Pin != "product-management-leadership@2#group-manager-product" || len(l.Responsibilities) == 0 || len(l.Hiring) != 1 {
			t.Errorf("%+v", l)
		}
		var diff struct {
			Changes []struct{ Category, Kind, Old, New string }
		}
		s.get(t, "/api/v1/families/product-management-leadership/diff?from=1&to=2", 200, &diff)
		if len(diff.Changes) != 1 || diff.Changes[0].Kind != "span" || diff.Changes[0].Category != "CONTRACT" {
			t.Errorf("%+v", diff)
		}
		s.get(t, "/api/v1/families/product-management-leadership/diff?from=1", 422, nil)
		if a := s.get(t, "/api/v1/families/product-management-leadership/versions/1/source", 200, nil); !strings.HasPrefix(a.Header.Get("Content-Type"), "text/markdown") {
			t.Errorf("source: %v", a.Header)
		}
		var ladders struct {
			Roles []struct{ Title, Family string }
			Steps []struct{ Kind string }
		}
		s.get(t, "/api/v1/ladders", 200, &ladders)
		if len(ladders.Roles) < 30 || len(ladders.Steps) < 20 {
			t.Errorf("%d roles, %d steps", len(ladders.Roles), len(ladders.Steps))
		}
		var grades struct {
			Release int
			Items   []struct {
				Grade  string
				Levels []struct{ Title string }
			}
		}
		s.get(t, "/api/v1/grades", 200, &grades)
		if grades.Release != 2 || grades.Items[0].Grade == "" || len(grades.Items[0].Levels) == 0 {
			t.Errorf("%+v", grades)
		}
		s.get(t, "/api/v1/grades?on=2026-11-30", 200, &grades)
		s.get(t, "/api/v1/grades?on=2026-11-01", 404, nil)
		s.get(t, "/api/v1/grades?on=soon", 422, nil)
		var findings struct {
			Items []struct{ Family, Code string }
		}
		s.get(t, "/api/v1/findings", 200, &findings)
		if len(findings.Items) < 4 || findings.Items[0].Family == "" {
			t.Errorf("%+v", findings)
		}
		var releases struct {
			Items []struct{ Release int }
			Next  string
		}
		s.get(t, "/api/v1/releases?limit=1", 200, &releases)
		if len(releases.Items) != 1 || releases.Items[0].Release != 2 || releases.Next == "" {
			t.Errorf("%+v", releases)
		}
		s.get(t, "/api/v1/releases?limit=1&after="+releases.Next, 200, &releases)
		if len(releases.Items) != 1 || releases.Items[0].Release != 1 {
			t.Errorf("%+v", releases)
		}
		var release struct {
			Changes []struct{ Kind, Family string }
		}
		s.get(t, "/api/v1/releases/2", 200, &release)
		if len(release.Changes) != 1 || release.Changes[0].Kind != "changed" {
			t.Errorf("%+v", release)
		}
		s.get(t, "/api/v1/releases/3", 404, nil)
	})
}

// Nobody reads without having said who they are.
func TestNobodyReads(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db)
		s.Publish(t, catalogtest.Harbour())
		s.by = catalogtest.Nobody
		tried := 0
		for path, item := range s.api.Description().Paths {
			if item.Get != nil {
				path = strings.NewReplacer("{family}", "pilot", "{version}", "1", "{release}", "1").Replace(path)
				if strings.HasSuffix(path, "diff") {
					path += "?from=1&to=1"
				}
				s.get(t, path, 401, nil)
				tried++
			}
		}
		if tried != 12 {
			t.Errorf("%d paths", tried)
		}
	})
}

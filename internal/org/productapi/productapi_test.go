package productapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/org/product/producttest"
	"github.com/cadre-hq/cadre/internal/org/productapi"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A server answers for whoever is set.
type server struct {
	*producttest.Room
	*httptest.Server
	t  *testing.T
	by auth.Actor
}

func serve(t *testing.T, db *store.DB) *server {
	t.Helper()
	s := &server{Room: producttest.Open(t, db), by: producttest.Administrator, t: t}
	mux := http.NewServeMux()
	a := api.New(mux, api.Options{Version: "1", Log: slog.New(slog.DiscardHandler), Reference: func(context.Context) string { return "r" }})
	productapi.Register(a, s.Room.Service)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r.WithContext(auth.With(r.Context(), s.by)))
	}))
	t.Cleanup(s.Close)
	return s
}

// A reply is what a server answered.
type reply struct {
	t    *testing.T
	tag  string
	text string
}

// at returns a value of the answer: "items.0.key".
func (r reply) at(path string) any {
	r.t.Helper()
	var v any
	if err := json.Unmarshal([]byte(r.text), &v); err != nil {
		r.t.Fatalf("%v in %s", err, r.text)
	}
	for part := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[part]
		case []any:
			i := int(part[0] - '0')
			if i >= len(x) {
				r.t.Fatalf("no %s in %s", path, r.text)
			}
			v = x[i]
		default:
			r.t.Fatalf("no %s in %s", path, r.text)
		}
	}
	return v
}

func (r reply) wants(path string, want any) reply {
	r.t.Helper()
	if got := r.at(path); got != want {
		r.t.Errorf("%s is %v, want %v in %s", path, got, want, r.text)
	}
	return r
}

// ask sends a request; the body is JSON, "" is none.
func (s *server) ask(method, address, body string, status int, headers ...string) reply {
	s.t.Helper()
	q, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+"/api/v1/product"+address, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if body != "" {
		q.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		q.Header.Set(headers[i], headers[i+1])
	}
	return s.send(q, status)
}

func (s *server) send(q *http.Request, status int) reply {
	s.t.Helper()
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	text, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode != status {
		s.t.Fatalf("%s %s: %d, want %d: %s", q.Method, q.URL, a.StatusCode, status, text)
	}
	return reply{s.t, a.Header.Get("ETag"), string(text)}
}

// upload sends files to import.
func (s *server) upload(files producttest.Files, status int, fields ...string) reply {
	s.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		_ = w.WriteField(fields[i], fields[i+1])
	}
	for name, text := range files {
		f, err := w.CreateFormFile(strings.TrimSuffix(name, ".yml"), name)
		if err != nil {
			s.t.Fatal(err)
		}
		_, _ = io.WriteString(f, text)
	}
	_ = w.Close()
	q, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.URL+"/api/v1/product/imports", &b)
	if err != nil {
		s.t.Fatal(err)
	}
	q.Header.Set("Content-Type", w.FormDataContentType())
	return s.send(q, status)
}

// A program imports the hierarchy, reads it, changes a node that it has seen,
// and gives it all back.
func TestHierarchy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db)
		files := producttest.Harbour()
		s.upload(files, 200, "preview", "true").wants("new", 11.0).wants("applied", false)
		s.upload(files, 200).wants("new", 11.0).wants("applied", true).wants("counts.groups", 3.0)
		s.upload(files, 200).wants("same", 11.0).wants("applied", false)
		s.upload(producttest.Files{hierarchy.StagesFile: "- no"}, 422)
		s.upload(files, 422, "day", "soon")

		next := s.ask("GET", "/nodes?kind=category&limit=3", "", 200).wants("items.0.key", "port_calls").wants("items.0.groups.0", "vessel_calls").at("next")
		s.ask("GET", "/nodes?kind=category&limit=3&after="+next.(string), "", 200).wants("items.0.key", "stacking")
		calls := s.ask("GET", "/nodes/group/vessel_calls", "", 200)
		calls.wants("title", "Berth:Vessel Calls").wants("fields.pm", "Ben Tide").wants("holders.0.person", "p-ben").wants("findings.0.code", "open_holder")
		s.ask("GET", "/nodes/group/vesel_calls", "", 404)
		s.ask("GET", "/nodes/group/vessel_calls?as_of=2020-01-01", "", 404)
		s.ask("GET", "/nodes/group/vessel_calls?as_of=soon", "", 422)

		s.ask("PATCH", "/nodes/group/vessel_calls", `{"name":"Calls"}`, 422)
		now := s.ask("PATCH", "/nodes/group/vessel_calls", `{"name":"Calls","fields":{"focus":"Ships"}}`, 200, "If-Match", calls.tag).wants("name", "Calls").wants("fields.focus", "Ships")
		s.ask("PATCH", "/nodes/group/vessel_calls", `{"name":"Other"}`, 412, "If-Match", calls.tag)
		s.ask("PATCH", "/nodes/group/vessel_calls", `{"parent":"yrd"}`, 422, "If-Match", now.tag)
		s.ask("POST", "/nodes", `{"kind":"category","key":"tides","name":"Tides","group":"planning"}`, 201).wants("parent", "berth")
		s.ask("POST", "/nodes", `{"kind":"category","key":"tides","name":"Tides","group":"planning"}`, 409)
		tides := s.ask("GET", "/nodes/category/tides", "", 200)
		s.ask("DELETE", "/nodes/category/tides", "", 204, "If-Match", tides.tag)
		s.ask("GET", "/nodes/group/vessel_calls/history", "", 200).wants("eras.0.name", "Calls").wants("eras.0.until", nil)
		s.ask("GET", "/findings", "", 200).wants("counts.sections", 2.0)
		s.ask("GET", "/resolve?name=berth:calls", "", 200).wants("items.0.key", "vessel_calls")
		s.ask("GET", "/resolve?name=berth:kalls", "", 404)
		text := s.ask("GET", "/files", "", 200).at("files").(map[string]any)
		again := producttest.Files{}
		for name, one := range text {
			again[name] = one.(string)
		}
		s.upload(again, 200).wants("applied", false)

		s.by = producttest.Member
		s.upload(files, 403)
		s.ask("POST", "/nodes", `{"kind":"section","key":"sea","name":"Sea"}`, 403)
		s.by = producttest.Nobody
		s.ask("GET", "/nodes", "", 401)
	})
}

// Counterparts, responsibilities and use cases.
func TestPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db)
		s.Import(t, producttest.Harbour())
		s.ask("GET", "/counterparts", "", 200).wants("rows.0.subject", "group:vessel_calls").wants("rows.0.primary_percent", 75.0).wants("functions.0.named", 2.0)
		s.ask("PUT", "/counterparts", `{"subject":"group:stacks","field":"pm","names":["Ben Tide"]}`, 204)
		s.ask("PUT", "/counterparts", `{"subject":"group:stacks","field":"pm","names":["Ida Wharf"]}`, 409)
		s.ask("PUT", "/counterparts", `{"subject":"nothing","field":"pm","names":[]}`, 422)
		s.ask("POST", "/meetings", `{"subject":"group:stacks","attendees":["Ben Tide"],"notes":"Well."}`, 201)
		s.ask("GET", "/meetings?subject=group:stacks", "", 200).wants("items.0.attendees.0", "Ben Tide").wants("items.0.notes", "Well.")
		s.by = producttest.Chief
		s.ask("GET", "/meetings?subject=group:stacks", "", 200).wants("items.0.sealed", true).wants("items.0.notes", nil)
		s.by = producttest.Administrator

		s.ask("GET", "/dris", "", 200).wants("items.0.kind", "prioritisation").wants("items.0.name", "Ida Wharf")
		id := s.ask("POST", "/dris", `{"subject":"group:planning","kind":"prioritisation","person":"p-ben"}`, 201).at("id").(string)
		s.ask("POST", "/dris", `{"subject":"group:planning","kind":"prioritisation","person":"p-ida"}`, 409)
		s.ask("POST", "/dris", `{"subject":"group:planning","kind":"weather","person":"p-ida"}`, 422)
		s.ask("GET", "/coverage", "", 200).wants("nodes", 7.0).wants("right", 5.0)
		s.Days(1)
		handover := s.ask("POST", "/handovers", `{"subject":"group:planning","kind":"prioritisation","person":"p-ida"}`, 201).at("id").(string)
		s.ask("PUT", "/handovers/"+handover+"/steps/1", `{"done":true,"link":"https://x.example"}`, 204)
		s.ask("GET", "/handovers?open=true", "", 200).wants("items.0.left", 2.0).wants("items.0.from", "p-ben")
		s.ask("POST", "/dris/"+id+"/end", `{}`, 409)
		s.ask("POST", "/dris/none/end", `{}`, 404)

		u := s.ask("PUT", "/use-cases/reefers", `{"name":"Cold chain","kind":"solution","categories":["port_calls"]}`, 200).wants("gaps.0", "nobody is responsible as product marketing manager")
		s.ask("PUT", "/use-cases/reefers", `{"name":"Cold chain","kind":"solution"}`, 409)
		s.ask("PUT", "/use-cases/reefers", `{"name":"Cold chain","kind":"wish"}`, 422, "If-Match", u.tag)
		s.ask("GET", "/use-cases", "", 200).wants("items.0.key", "reefers")
		s.ask("DELETE", "/use-cases/reefers", "", 204, "If-Match", u.tag)
		s.ask("GET", "/use-cases/reefers", "", 404)
	})
}

// A change is asked for by a program; agreeing is for people.
func TestChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db)
		s.Import(t, producttest.Harbour())
		s.by = producttest.Member
		s.ask("POST", "/changes", `{"node":"category:quays","name":"Quays","reason":"Because"}`, 422)
		c := s.ask("POST", "/changes", `{"node":"category:quays","fields":{"maturity":"minimal"},"reason":"Because"}`, 201).wants("kind", "details").wants("approvals.0.name", "Ida Wharf")
		id := c.at("id").(string)
		s.ask("GET", "/changes?node=category:quays", "", 200).wants("items.0.id", id)
		s.ask("POST", "/changes/"+id+"/application", "", 409)
		if err := s.Decide(t.Context(), producttest.Director, "none", "x", true, ""); err == nil {
			t.Error("a change that is not")
		}
		if err := s.Decide(t.Context(), producttest.Director, idOf(id), "product_director_of_section", true, ""); err != nil {
			t.Fatal(err)
		}
		s.ask("POST", "/changes/"+id+"/application", "", 204)
		s.ask("GET", "/changes/"+id, "", 200).wants("state", "applied")
		s.ask("GET", "/nodes/category/quays", "", 200).wants("fields.maturity", "minimal")
		id = s.ask("POST", "/changes", `{"node":"category:quays","retire":true,"reason":"Because"}`, 201).at("id").(string)
		s.ask("PUT", "/changes/"+id+"/approvers/vp_product", `{"person":"p-ida"}`, 403)
		s.ask("POST", "/changes/"+id+"/withdrawal", "", 204)
		s.ask("POST", "/changes/"+id+"/announcements", `{"link":"https://x.example"}`, 409)
		s.ask("GET", "/changes/none", "", 404)
	})
}

func idOf(id string) product.ChangeID { return product.ChangeID(id) }

package api_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/press"
)

// The berths of a small harbour: a list of 7, and one that may be renamed.
type berths struct {
	*httptest.Server
	log bytes.Buffer
}

type list struct {
	api.Paging
}

type rename struct {
	api.Matching
	ID   string `path:"id"`
	Body struct {
		Name string `json:"name" minLength:"1"`
	}
}

type renamed struct {
	ETag string `header:"ETag"`
}

func open(t *testing.T) *berths {
	t.Helper()
	b := &berths{}
	mux := http.NewServeMux()
	a := api.New(mux, api.Options{
		Version: "1.0.0", Log: slog.New(slog.NewTextHandler(&b.log, nil)),
		Reference: func(context.Context) string { return "req-7" },
	})
	get := func(id, path string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: api.Prefix + path}
	}
	api.Register(a, get("list-berths", "/berths"), func(_ context.Context, in *list) (*api.Page[string], error) {
		at, _, err := api.ParseCursor[int](in.After)
		if err != nil {
			return nil, err
		}
		var items []string
		for n := at + 1; n <= 7 && len(items) <= in.Limit; n++ {
			items = append(items, fmt.Sprint("berth ", n))
		}
		return api.NewPage(in.Paging, &url.URL{Path: "/api/v1/berths", RawQuery: "harbour=a"}, items, func(s string) int { return int(s[6] - '0') }), nil
	})
	for name, err := range map[string]error{
		"missing":   fault.New(fault.NotFound, "there is no berth %q", "x"),
		"forbidden": fmt.Errorf("look: %w", fault.New(fault.Forbidden, "only pilots may")),
		"busy":      fault.New(fault.Busy, "the harbour is full"),
		"secret":    errors.New("the password of the database is swordfish"),
		"wrong": fault.New(fault.Invalid, "two mistakes: %w", errors.Join(
			&api.FieldError{Field: "body.name", Message: "is taken"}, &api.FieldError{Field: "body.depth", Message: "is no number"})),
	} {
		api.Register(a, get("get-"+name, "/"+name), func(context.Context, *struct{}) (*struct{}, error) { return nil, err })
	}
	api.Register(a, huma.Operation{OperationID: "rename", Method: http.MethodPut, Path: api.Prefix + "/berths/{id}"},
		func(_ context.Context, in *rename) (*renamed, error) {
			if err := in.Check(api.ETag("3")); err != nil {
				return nil, err
			}
			return &renamed{ETag: api.ETag("4")}, nil
		})
	b.Server = httptest.NewServer(mux)
	t.Cleanup(b.Close)
	return b
}

// answer is an answer, with its body.
type answer struct {
	*http.Response
	body string
}

func (b *berths) send(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, b.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{a, string(text)}
}

func TestProblems(t *testing.T) {
	b := open(t)
	for _, c := range []struct {
		path   string
		status int
		says   string
	}{
		{"/api/v1/missing", 404, `there is no berth \"x\"`},
		{"/api/v1/forbidden", 403, "only pilots may"},
		{"/api/v1/busy", 503, "the harbour is full"},
		{"/api/v1/wrong", 422, `"location":"body.depth"`},
		{"/api/v1/secret", 500, "urn:cadre:request:req-7"},
		{"/api/v1/berths?limit=0", 422, "query.limit"},
		{"/api/v1/berths?limt=5", 422, "query.limt"},
		{"/api/v1/berths?after=tomorrow", 422, "this is no place in the list"},
	} {
		a := b.send(t, http.MethodGet, c.path, "")
		if a.StatusCode != c.status || !strings.Contains(a.body, c.says) || a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s %s, want %d and %q", c.path, a.StatusCode, a.Header.Get("Content-Type"), a.body, c.status, c.says)
		}
		if strings.Contains(a.body, "swordfish") {
			t.Errorf("%s tells a secret: %s", c.path, a.body)
		}
		if busy := a.Header.Get("Retry-After") != ""; busy != (c.status == 503) {
			t.Errorf("%s: Retry-After %q", c.path, a.Header.Get("Retry-After"))
		}
	}
	if log := b.log.String(); strings.Count(log, "swordfish") != 1 || !strings.Contains(log, "req-7") || strings.Contains(log, "pilots") {
		t.Errorf("the log should have the one unsorted error, under its reference:\n%s", log)
	}
}

// A client walks a list by the links alone and meets every item once.
func TestPaging(t *testing.T) {
	b := open(t)
	var met []string
	next := "/api/v1/berths?limit=3"
	for pages := 0; next != ""; pages++ {
		if pages == 3 {
			t.Fatal("the list does not end")
		}
		a := b.send(t, http.MethodGet, next, "")
		var page struct{ Items []string }
		if err := json.Unmarshal([]byte(a.body), &page); err != nil || a.StatusCode != 200 {
			t.Fatalf("%s: %d %s", next, a.StatusCode, a.body)
		}
		met = append(met, page.Items...)
		link, rel, _ := strings.Cut(a.Header.Get("Link"), ">; ")
		next = strings.TrimPrefix(link, "<")
		if next != "" && (rel != `rel="next"` || !strings.Contains(next, "harbour=a")) {
			t.Errorf("link %q", a.Header.Get("Link"))
		}
		next = strings.Replace(next, "harbour=a&", "", 1)
		next = strings.Replace(next, "&harbour=a", "", 1)
	}
	if got := strings.Join(met, ", "); got != "berth 1, berth 2, berth 3, berth 4, berth 5, berth 6, berth 7" {
		t.Errorf("met %s", got)
	}
}

func TestTwoEditors(t *testing.T) {
	b := open(t)
	for _, c := range []struct {
		why, tag string
		status   int
	}{
		{"who saw the present state may change it", `"3"`, 204},
		{"who saw an older one may not", `"2"`, 412},
		{"one of several is enough", `"2", "3"`, 204},
		{"a star means whatever it is", "*", 204},
	} {
		a := b.send(t, http.MethodPut, "/api/v1/berths/n", `{"name":"north"}`, "If-Match", c.tag)
		if a.StatusCode != c.status {
			t.Errorf("%s: %d %s, want %d", c.why, a.StatusCode, a.body, c.status)
		}
	}
	if a := b.send(t, http.MethodPut, "/api/v1/berths/n", `{"name":"north"}`); a.StatusCode != 422 || !strings.Contains(a.body, "If-Match") {
		t.Errorf("without a tag: %d %s", a.StatusCode, a.body)
	}
}

func TestDescription(t *testing.T) {
	b := open(t)
	a := b.send(t, http.MethodGet, "/openapi.json", "")
	var doc struct {
		OpenAPI  string
		Paths    map[string]any
		Security []map[string][]string
	}
	if err := json.Unmarshal([]byte(a.body), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || doc.Paths["/api/v1/berths"] == nil || len(doc.Security) != 2 {
		t.Errorf("openapi %s, paths %v, security %v", doc.OpenAPI, doc.Paths, doc.Security)
	}
}

type one[T any] struct{ Body T }

// Two rooms may have types of one name, and types made of them.
func TestSchemasAreNamedWithTheirRoom(t *testing.T) {
	a := api.New(http.NewServeMux(), api.Options{Version: "1.0.0", Log: slog.New(slog.DiscardHandler)})
	get := func(id string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: api.Prefix + "/" + id}
	}
	api.Register(a, get("stated"), func(context.Context, *struct{}) (*one[family.Grade], error) { return nil, nil })
	api.Register(a, get("printed"), func(context.Context, *struct{}) (*one[*press.Grade], error) { return nil, nil })
	api.Register(a, get("maybe-stated"), func(context.Context, *struct{}) (*one[sql.Null[family.Grade]], error) { return nil, nil })
	api.Register(a, get("maybe-printed"), func(context.Context, *struct{}) (*one[sql.Null[press.Grade]], error) { return nil, nil })
	schemas := a.Description().Components.Schemas.Map()
	for name, property := range map[string]string{"FamilyGrade": "Value", "PressGrade": "value", "NullFamilyGrade": "V", "NullPressGrade": "V"} {
		if s := schemas[name]; s == nil || s.Properties[property] == nil {
			t.Errorf("the description has no %s with %s: %v", name, property, slices.Collect(maps.Keys(schemas)))
		}
	}
}

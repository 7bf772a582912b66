package apiweb_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/api/apiweb"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// A berth may lie beside others, which lie beside it.
type berth struct {
	Name    string  `json:"name" doc:"What the crew calls it."`
	Depth   int     `json:"depth" minimum:"2" maximum:"30"`
	Kind    string  `json:"kind" enum:"quay,buoy"`
	Besides []berth `json:"besides"`
	Cranes  []crane `json:"cranes"`
}

type crane struct {
	Reach int `json:"reach" doc:"In metres."`
}

type renaming struct {
	ID   string `path:"id" doc:"The berth."`
	Body struct {
		Name string `json:"name" maxLength:"80" doc:"The new name."`
	}
}

type renamed struct{ Body berth }

// People read of each operation who may use it, what it takes and what it
// answers.
func TestPage(t *testing.T) {
	mux := http.NewServeMux()
	a := api.New(mux, api.Options{Version: "1"})
	api.Register(a, huma.Operation{
		OperationID: "rename-berth", Method: "PUT", Path: "/api/v1/berths/{id}", Summary: "Rename a berth", Tags: []string{"Berths"}, Security: api.Scope("harbour:write"),
	}, func(context.Context, *renaming) (*renamed, error) { return &renamed{}, nil })
	site := webtest.New(t)
	apiweb.Register(site.Site, a.Description(), "/openapi.json")
	p := site.As(auth.Actor{ID: "ada", Kind: auth.Person, Name: "Ada"}).Get(apiweb.Home)
	p.WantsStatus(200).Wants(
		"PUT /api/v1/berths/{id}", "Rename a berth", "Whoever is signed in, or has a token for harbour:write",
		"The berth.", "The new name.", "string, up to 80 characters", "besides", "cranes[].reach", "In metres.", "401 Unauthorized", "What the crew calls it.", "integer, 2 to 30", "quay | buoy",
	)
	// What stands between backticks in the description is code.
	if !strings.Contains(p.HTML, "<code>Idempotency-Key</code> is") || strings.Contains(p.Text(), "`") {
		t.Errorf("the page shows Markdown: %s", p.Text())
	}
	site.Visitor().Get(apiweb.Home).Lacks("berths")
}

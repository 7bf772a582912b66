// Package api is the frame of the JSON interface: how an operation is
// registered and described, how errors look, how lists are paged, and how
// several authors of the same thing are kept from overwriting each other.
//
// The rooms register operations; this package knows none. The description of
// all of them (OpenAPI 3.1) is served at /openapi.json. Names are the words of
// the field in snake_case, ids are strings, times are RFC 3339 in UTC.
//
// Errors are problems as RFC 9457 has them. Their status comes from the kind
// of the fault. The text of an error that nobody sorted is never shown: the
// problem carries a reference, and the log has the rest.
package api

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Prefix is what the paths of all operations begin with.
const Prefix = "/api/v1"

// An API is the JSON interface of one server.
type API struct {
	huma      huma.API
	log       *slog.Logger
	reference func(context.Context) string
	room      string // whose operation is registered now
}

// Options are what an API needs from the server.
type Options struct {
	Version string // of the program
	Log     *slog.Logger
	// Reference names the request in hand, for problems that do not show
	// their cause.
	Reference func(context.Context) string
	// Secure says that clients reach the server by HTTPS alone.
	Secure bool
}

// A Mux takes the handlers of the operations.
type Mux interface {
	HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request))
	http.Handler
}

// New returns an API without operations, whose handlers go to a mux.
func New(mux Mux, o Options) *API {
	c := huma.DefaultConfig("Cadre", o.Version)
	c.Info.Description = "Job architecture, compiled from the pages that publish it. Lists are paged by `after`; " +
		"what several people may edit carries an `ETag`; a `POST` under an `Idempotency-Key` is carried out once."
	c.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	c.Info.Contact = &huma.Contact{Name: "The administrator of this server"}
	c.Servers = []*huma.Server{{URL: "/"}}
	c.DocsPath = ""    // a page of our own; the ready ones load scripts from elsewhere
	c.SchemasPath = "" // schemas are part of the description
	c.CreateHooks = nil
	c.RejectUnknownQueryParameters = true
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "An API token, with its scopes."},
		"session": {Type: "apiKey", In: "cookie", Name: SessionName(o.Secure), Description: "The session of a person who signed in."},
	}
	c.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	a := &API{log: o.Log, reference: o.Reference}
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", a.nameSchema)
	a.huma = humago.New(mux, c)
	return a
}

// nameSchema names a type in the description: with its room, so that two rooms
// may have types of one name. A body that has no name of its own is named after
// the room of its operation.
func (a *API) nameSchema(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Name() == "" {
		return within(a.room, huma.DefaultSchemaNamer(t, hint))
	}
	// What a generic type is made for is written with the path of its package:
	// Page[example.com/catalogapi.Family].
	name, of, isGeneric := strings.Cut(t.Name(), "[")
	name = within(packageRoom(t.PkgPath()), titled(name))
	if !isGeneric {
		return name
	}
	for part := range strings.FieldsFuncSeq(of, func(r rune) bool { return strings.ContainsRune("[]*,", r) }) {
		dot := max(strings.LastIndexByte(part, '.'), 0)
		name += within(packageRoom(part[:dot]), titled(strings.TrimPrefix(part[dot:], ".")))
	}
	return name
}

// within returns the name of a type of a room.
func within(room, name string) string {
	if strings.HasPrefix(name, room) {
		return name
	}
	return room + name
}

// titled returns a word with a capital letter.
func titled(word string) string {
	return strings.ToUpper(word[:min(1, len(word))]) + word[min(1, len(word)):]
}

// packageRoom returns the room of a package: "Catalog" for catalog and
// catalogapi. What every room uses has none: the frame, the library, Go's own
// types.
func packageRoom(pkg string) string {
	own := strings.TrimSuffix(reflect.TypeFor[API]().PkgPath(), "api")
	if !strings.HasPrefix(pkg, own) {
		return ""
	}
	return titled(strings.TrimSuffix(path.Base(pkg), "api"))
}

// roomOf returns the room of the first type that a room declares: "Catalog" for
// one of package catalogapi.
func roomOf(types ...reflect.Type) string {
	for _, t := range types {
		if room, ok := strings.CutSuffix(path.Base(t.PkgPath()), "api"); ok && room != "" {
			return titled(room)
		}
	}
	return ""
}

// SessionCookie is the name of the cookie that holds a session, without HTTPS.
const SessionCookie = "cadre_session"

// SessionName returns the name of the cookie that holds a session. With HTTPS
// it is one that browsers take from this very host, by HTTPS, and from no other
// site below the same domain.
func SessionName(secure bool) string {
	if secure {
		return "__Host-" + SessionCookie
	}
	return SessionCookie
}

// Description returns the OpenAPI document.
func (a *API) Description() *huma.OpenAPI { return a.huma.OpenAPI() }

// Operations lists what a description tells of, by path.
func Operations(d *huma.OpenAPI) []*huma.Operation {
	var list []*huma.Operation
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		p := d.Paths[path]
		for _, o := range []*huma.Operation{p.Get, p.Post, p.Put, p.Patch, p.Delete} {
			if o != nil {
				list = append(list, o)
			}
		}
	}
	return list
}

// Public marks an operation that needs no session and no token.
var Public = []map[string][]string{}

// Scope says which scope a token needs for an operation.
func Scope(scope string) []map[string][]string {
	return []map[string][]string{{"token": {scope}}, {"session": {}}}
}

// Register adds an operation. The handler returns errors with kinds; the
// problems that it may answer with are added to the description.
func Register[In, Out any](a *API, o huma.Operation, handle func(context.Context, *In) (*Out, error)) {
	if o.Method != http.MethodGet && o.Method != http.MethodHead {
		o.Errors = append(o.Errors, http.StatusConflict)
	}
	o.Errors = append(o.Errors, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests, http.StatusServiceUnavailable)
	a.room = roomOf(reflect.TypeFor[In](), reflect.TypeFor[Out]())
	huma.Register(a.huma, o, func(ctx context.Context, in *In) (*Out, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

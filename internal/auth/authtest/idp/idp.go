// Package idp is an identity provider in this process, for tests: a real one
// (the OpenID provider of zitadel/oidc), with a sign-in page of one form.
//
// Start begins one that knows some people and some clients. Server.SignIn goes
// where a browser would go, and returns the address to which the provider sends
// it back; a real browser fills in the form instead.
package idp

import (
	"context"
	"crypto/sha256"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// A Person is somebody whom the provider knows.
type Person struct {
	ID       string
	Name     string
	Email    string
	Verified bool // that the address is theirs
}

// Password is everybody's.
const Password = "harbour-master"

// A Client is a server whose people sign in here.
type Client struct {
	ID, Secret string
	Back       string // where browsers are sent back to
}

// A Server is a provider.
type Server struct {
	Issuer string

	people *people
}

// people implements storage.UserStore.
type people struct{ byID map[string]*storage.User }

// GetUserByID implements storage.UserStore.
func (p *people) GetUserByID(id string) *storage.User { return p.byID[id] }

// GetUserByUsername implements storage.UserStore.
func (p *people) GetUserByUsername(name string) *storage.User { return p.byID[name] }

// ExampleClientID implements storage.UserStore.
func (p *people) ExampleClientID() string { return "service" }

// Start starts a provider, until the test ends.
func Start(t testing.TB, clients []Client, known ...Person) *Server {
	t.Helper()
	p := &people{map[string]*storage.User{}}
	for _, k := range known {
		first, last, _ := strings.Cut(k.Name, " ")
		p.byID[k.ID] = &storage.User{
			ID: k.ID, Username: k.ID, Password: Password, FirstName: first, LastName: last, Email: k.Email, EmailVerified: k.Verified,
		}
	}
	registered := map[string]*storage.Client{}
	for _, c := range clients {
		registered[c.ID] = storage.WebClient(c.ID, c.Secret, c.Back)
	}
	kept := storage.NewStorageWithClients(p, registered)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	provider, err := op.NewProvider(&op.Config{CryptoKey: sha256.Sum256([]byte("test")), CryptoKeyId: "key1", CodeMethodS256: true, AuthMethodPost: true},
		kept, op.StaticIssuer(server.URL), op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/", provider)
	mux.HandleFunc("GET /login/username", showForm)
	back := op.NewIssuerInterceptor(provider.IssuerFromRequest)
	mux.HandleFunc("POST /login/username", back.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.PostFormValue("id")
		if err := kept.CheckUsernamePassword(r.PostFormValue("username"), r.PostFormValue("password"), id); err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		http.Redirect(w, r, op.AuthCallbackURL(provider)(r.Context(), id), http.StatusFound)
	}))
	return &Server{Issuer: server.URL, people: p}
}

const form = `<!doctype html><html lang="en"><title>Provider</title><h1>Provider</h1>
<form method="post" action="/login/username"><input type="hidden" name="id" value="{{.}}">
<label>Name <input name="username"></label> <label>Password <input type="password" name="password"></label>
<button>Sign in</button></form></html>`

func showForm(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = template.Must(template.New("form").Parse(form)).Execute(w, r.FormValue("authRequestID")) // the browser went away
}

// Verify changes what the provider says of somebody's address.
func (s *Server) Verify(id, email string, verified bool) {
	u := s.people.byID[id]
	u.Email, u.EmailVerified = email, verified
}

// SignIn opens an address of the provider as a browser does, signs somebody in
// there, and returns the address to which they are sent back.
func (s *Server) SignIn(t testing.TB, address, id string) *url.URL {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	at := s.follow(t, browser, http.MethodGet, address, nil)
	if !strings.HasPrefix(at.Path, "/login/") {
		return at // refused, and sent back at once
	}
	at = s.follow(t, browser, http.MethodPost, s.Issuer+"/login/username", url.Values{
		"id": {at.Query().Get("authRequestID")}, "username": {id}, "password": {Password},
	})
	return s.follow(t, browser, http.MethodGet, at.String(), nil)
}

// follow makes a request and returns where its answer leads.
func (s *Server) follow(t testing.TB, browser *http.Client, method, address string, fields url.Values) *url.URL {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, address, strings.NewReader(fields.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	to, err := answer.Location()
	if err != nil {
		text, _ := io.ReadAll(answer.Body)
		t.Fatalf("the provider answered %s %s with %s: %s", method, address, answer.Status, text)
	}
	return to
}

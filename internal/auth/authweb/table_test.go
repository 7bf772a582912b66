package authweb_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authapi"
)

// A thing is somebody else's account, with what belongs to it.
type thing struct {
	id, session, token, invitation string
	robot                          string // a service
}

// A try is one action, through pages and through the API.
type try struct {
	what string
	page func(thing) (method, path string, fields url.Values)
	api  func(thing) (method, path, body string)
	may  []auth.Role // on somebody else's account
	// shows are fields of the answer with who sees them; others must not find
	// them there.
	shows map[string][]auth.Role
}

// inSession are the tries that no token is good for, whoever it belongs to.
var inSession = []string{
	"invite", "send an invitation again", "withdraw an invitation", "withdraw one by the API",
	"give a role", "take a role", "take a role by the API", "have a reset sent",
	"make a token of somebody", "make a token of a service", "revoke a token", "revoke a token by the API",
}

const (
	admin   = auth.Administrator
	partner = auth.PeoplePartner
)

func get(path string) func(thing) (string, string, url.Values) {
	return func(t thing) (string, string, url.Values) { return http.MethodGet, t.in(path), nil }
}

func post(path string, pairs ...string) func(thing) (string, string, url.Values) {
	fields := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		fields.Set(pairs[i], pairs[i+1])
	}
	return func(t thing) (string, string, url.Values) { return http.MethodPost, t.in(path), fields }
}

func send(method, path, body string) func(thing) (string, string, string) {
	return func(t thing) (string, string, string) { return method, api.Prefix + t.in(path), t.in(body) }
}

// in puts the ids of a thing into a text.
func (t thing) in(text string) string {
	return strings.NewReplacer("ID", t.id, "SESSION", t.session, "TOKEN", t.token, "INVITATION", t.invitation, "ROBOT", t.robot).Replace(text)
}

// table says who may do what with accounts. The first of its actions read.
var table = []try{
	{
		"list accounts", get("/accounts?q=target"), send("GET", "/principals?q=target", ""),
		[]auth.Role{admin, partner},
		map[string][]auth.Role{"target.": {admin, partner}},
	},
	{
		"read an account", get("/accounts/ID"), send("GET", "/principals/ID", ""),
		[]auth.Role{admin, partner},
		map[string][]auth.Role{"target.": {admin, partner}, "/ID/disable": {admin}, "/ID/name": {admin}, "/ID/tokens": {admin}, "/ID/sessions": {admin}},
	},
	{"read the roles of an account", nil, send("GET", "/principals/ID/roles", ""), []auth.Role{admin, partner}, nil},
	{"see who is invited", get("/accounts/invitations"), send("GET", "/invitations", ""), []auth.Role{admin, partner}, map[string][]auth.Role{"/INVITATION/withdraw": {admin}}},
	{"see sessions", get("/accounts/ID/sessions"), send("GET", "/sessions?principal=ID", ""), []auth.Role{admin}, nil},
	{"see tokens", get("/accounts/ID/tokens"), send("GET", "/tokens?principal=ID", ""), []auth.Role{admin}, nil},
	{"read the journal", get("/journal"), send("GET", "/journal", ""), []auth.Role{admin}, nil},
	{"open the form to invite", get("/accounts/invite"), nil, []auth.Role{admin}, nil},
	{"open the form of services", get("/accounts/add-service"), nil, []auth.Role{admin}, nil},

	{"invite", post("/accounts/invite", "email", "new-ID@meridian.example"), send("POST", "/invitations", `{"email":"api-ID@meridian.example"}`), []auth.Role{admin}, nil},
	{"send an invitation again", post("/accounts/invitations/INVITATION/resend"), send("POST", "/invitations/INVITATION/resend", ""), []auth.Role{admin}, nil},
	{"withdraw an invitation", post("/accounts/invitations/INVITATION/withdraw"), nil, []auth.Role{admin}, nil},
	{"withdraw one by the API", nil, send("DELETE", "/invitations/INVITATION", ""), []auth.Role{admin}, nil},
	{"add a service", post("/accounts/add-service", "name", "Robot"), send("POST", "/principals", `{"name":"Robot"}`), []auth.Role{admin}, nil},
	{"rename", post("/accounts/ID/name", "name", "Target Other"), send("PATCH", "/principals/ID", `{"name":"Target Again"}`), []auth.Role{admin}, nil},
	{"give a role", post("/accounts/ID/roles", "role", "recruiter"), send("PUT", "/principals/ID/roles/executive", ""), []auth.Role{admin}, nil},
	{"take a role", post("/accounts/ID/roles/coordinator/take"), nil, []auth.Role{admin}, nil},
	{"take a role by the API", nil, send("DELETE", "/principals/ID/roles/coordinator", ""), []auth.Role{admin}, nil},
	{"have a reset sent", post("/accounts/ID/reset"), nil, []auth.Role{admin}, nil},
	{"end a session", nil, send("DELETE", "/sessions/SESSION", ""), []auth.Role{admin}, nil},
	{"end another's session on one's own page", post("/account/sessions/SESSION/end"), nil, []auth.Role{admin}, nil},
	{"end all sessions", post("/accounts/ID/sessions/end"), send("DELETE", "/sessions?principal=ID", ""), []auth.Role{admin}, nil},
	{"revoke a token", post("/accounts/ID/tokens/TOKEN/revoke"), nil, []auth.Role{admin}, nil},
	{"revoke a token by the API", nil, send("DELETE", "/tokens/TOKEN", ""), []auth.Role{admin}, nil},
	{
		"make a token of somebody", post("/accounts/ID/tokens", "name", "spy", "scopes", "auth:read", "days", "7"),
		send("POST", "/tokens", `{"principal":"ID","name":"spy","scopes":["auth:read"],"expires_at":"2026-12-01T00:00:00Z"}`), nil, nil,
	},
	{
		"make a token of a service", post("/accounts/ROBOT/tokens", "name", "nightly", "scopes", "auth:read", "days", "7"),
		send("POST", "/tokens", `{"principal":"ROBOT","name":"nightly","scopes":["auth:read"],"expires_at":"2026-12-01T00:00:00Z"}`),
		[]auth.Role{admin},
		nil,
	},
	{"close an account", post("/accounts/ID/disable"), nil, []auth.Role{admin}, nil},
	{"close one by the API", nil, send("POST", "/principals/ID/disable", ""), []auth.Role{admin}, nil},
}

// reads reports whether a try only looks.
func (y try) reads() bool {
	method := ""
	if y.page != nil {
		method, _, _ = y.page(thing{})
	} else {
		method, _, _ = y.api(thing{})
	}
	return method == http.MethodGet
}

// A crew is one actor for each role, with a browser and tokens.
type member struct {
	name    string
	role    auth.Role // "" is none
	id      auth.PrincipalID
	session auth.Secret
	by      auth.Actor
}

// A yard serves pages and API over one service.
type yard struct {
	*desk
	api  http.Handler
	demo *auth.Demo
}

func openYard(t *testing.T) *yard {
	t.Helper()
	d := open(t)
	mux := http.NewServeMux()
	a := api.New(mux, api.Options{Version: "1", Log: slog.New(slog.DiscardHandler), Reference: func(context.Context) string { return "r" }})
	authapi.Register(a, d.service)
	return &yard{d, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		by, err := d.service.ByToken(r.Context(), auth.Secret(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")))
		if c, none := r.Cookie(api.SessionCookie); none == nil {
			by, err = d.service.ByCookie(r.Context(), auth.Secret(c.Value))
		}
		if err != nil {
			a.Fail(w, r, err)
			return
		}
		mux.ServeHTTP(w, r.WithContext(auth.With(r.Context(), by)))
	}), auth.NewDemo(d.service)}
}

// join makes somebody who is signed in.
func (y *yard) join(name string, roles ...auth.Role) member {
	y.Helper()
	email := strings.ReplaceAll(strings.ToLower(name), " ", ".") + "@meridian.example"
	p, err := y.service.AddPerson(y.Context(), auth.TheProgram("test"), name, email, "", roles...)
	if err != nil {
		y.Fatal(err)
	}
	in, err := y.demo.SignIn(y.Context(), p.ID, auth.SignIn{Device: "Firefox"})
	if err != nil {
		y.Fatal(err)
	}
	m := member{name: name, id: p.ID, session: in.Session}
	if len(roles) > 0 {
		m.role = roles[0]
	}
	if m.by, err = y.service.ByCookie(y.Context(), in.Session); err != nil {
		y.Fatal(err)
	}
	return m
}

// target makes an account of somebody else, with a session, a token, a role and
// an invitation beside it.
func (y *yard) target(n int) thing {
	y.Helper()
	m := y.join(fmt.Sprint("Target ", n), auth.Coordinator)
	token, _, err := y.service.NewToken(y.Context(), m.by, m.id, "ci", []string{"auth:read"}, y.now.AddDate(0, 1, 0))
	if err != nil {
		y.Fatal(err)
	}
	root := auth.TheProgram("test")
	i, err := y.service.Invite(y.Context(), root, fmt.Sprintf("invited%d@meridian.example", n), "")
	if err != nil {
		y.Fatal(err)
	}
	robot, err := y.service.AddServiceAccount(y.Context(), root, fmt.Sprint("Robot ", n))
	if err != nil {
		y.Fatal(err)
	}
	return thing{string(m.id), m.by.Session, token.ID, i.ID, string(robot.ID)}
}

// browse sends a request to the pages.
func (y *yard) browse(session auth.Secret, method, path string, fields url.Values) (int, string) {
	return y.browseWith(y.Context(), session, method, path, fields)
}

// browseWith does so with an actor in the context, if there is one: pages take
// no tokens, so that is how one gets to the services below them.
func (y *yard) browseWith(ctx context.Context, session auth.Secret, method, path string, fields url.Values) (int, string) {
	r := httptest.NewRequestWithContext(ctx, method, "http://cadre.test"+path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: api.SessionCookie, Value: session.Reveal()})
	w := httptest.NewRecorder()
	y.site.ServeHTTP(w, r)
	if strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
		return http.StatusUnauthorized, ""
	}
	return w.Code, w.Body.String()
}

// call sends a request to the API.
func (y *yard) call(session, token auth.Secret, method, path, body string) (int, string) {
	r := httptest.NewRequestWithContext(y.Context(), method, "http://cadre.test"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if session != "" {
		r.AddCookie(&http.Cookie{Name: api.SessionCookie, Value: session.Reveal()})
	} else {
		r.Header.Set("Authorization", "Bearer "+token.Reveal())
	}
	w := httptest.NewRecorder()
	y.api.ServeHTTP(w, r)
	text, _ := io.ReadAll(w.Body)
	return w.Code, string(text)
}

// judge compares an answer with what the table says.
func (y *yard) judge(who string, t try, way string, it thing, may bool, role auth.Role, status int, text string) {
	y.Helper()
	ok := status < 400
	refused := status == http.StatusForbidden || status == http.StatusNotFound
	if strings.Contains(way, "token") && slices.Contains(t.may, role) && slices.Contains(inSession, t.what) {
		refused = status == http.StatusForbidden && strings.Contains(text, "sign in")
	}
	if ok != may || !ok && !refused {
		y.Errorf("%s, %s by %s: %d, want allowed %t: %.200s", who, t.what, way, status, may, text)
	}
	for field, see := range t.shows {
		if way != "page" && strings.HasPrefix(field, "/") {
			continue // pages alone show what one may do
		}
		if shown := strings.Contains(text, it.in(field)); ok && shown != slices.Contains(see, role) {
			y.Errorf("%s, %s by %s: %q is there: %t, want %t", who, t.what, way, field, shown, !shown)
		}
	}
}

// Who may do what with the accounts of others, through pages, through the API
// in a session, and by tokens; and what they see of it.
func TestPermissionTable(t *testing.T) {
	y := openYard(t)
	crew := []member{y.join("Nobody Special")}
	for _, r := range auth.Roles {
		crew = append(crew, y.join(r.Words(), r))
	}
	n := 0
	for _, m := range crew {
		tokens := map[string]auth.Secret{}
		for name, scopes := range map[string][]string{"reading": {"auth:read"}, "writing": {"auth:read", "auth:write"}, "foreign": {"catalog:read", "catalog:write"}} {
			_, secret, err := y.service.NewToken(t.Context(), m.by, m.id, name, scopes, y.now.AddDate(0, 1, 0))
			if err != nil {
				t.Fatal(err)
			}
			tokens[name] = secret
		}
		for _, c := range table {
			may := slices.Contains(c.may, m.role)
			if c.page != nil {
				n++
				it := y.target(n)
				method, path, fields := c.page(it)
				status, text := y.browse(m.session, method, path, fields)
				y.judge(m.name, c, "page", it, may, m.role, status, text)
				if slices.Contains(inSession, c.what) {
					by, err := y.service.ByToken(t.Context(), tokens["writing"])
					if err != nil {
						t.Fatal(err)
					}
					status, text := y.browseWith(auth.With(t.Context(), by), "", method, path, fields)
					y.judge(m.name, c, "a token below the page", it, false, m.role, status, text)
				}
			}
			if c.api == nil {
				continue
			}
			// The list is there for everybody, and holds who they may see.
			may = may || c.what == "list accounts"
			n++
			it := y.target(n)
			method, path, body := c.api(it)
			status, text := y.call(m.session, "", method, path, body)
			y.judge(m.name, c, "API", it, may, m.role, status, text)
			for name, secret := range tokens {
				n++
				it := y.target(n)
				method, path, body := c.api(it)
				status, text := y.call("", secret, method, path, body)
				fits := (name == "writing" || name == "reading" && c.reads()) && !slices.Contains(inSession, c.what)
				y.judge(m.name, c, "a "+name+" token", it, may && fits, m.role, status, text)
			}
		}
	}
	if n < 700 {
		t.Errorf("only %d requests were made", n)
	}
}

// Whoever may not read a thing does not learn whether there is one.
func TestRefusalsTellNothing(t *testing.T) {
	y := openYard(t)
	nobody, hidden := y.join("Nobody Special"), 0
	for n, c := range table {
		if c.api == nil {
			continue
		}
		ask := func(it thing) (int, string) {
			method, path, body := c.api(it)
			return y.call(nobody.session, "", method, path, body)
		}
		status, text := ask(y.target(n))
		if status != http.StatusNotFound {
			continue
		}
		hidden++
		if other, said := ask(thing{"none", "none", "none", "none", "none"}); other != status || said != text {
			t.Errorf("%s: %s of what there is, %d %s of what is not", c.what, text, other, said)
		}
	}
	if hidden < 15 {
		t.Errorf("only %d were refused so", hidden)
	}
}

// Whoever is not signed in gets nowhere.
func TestVisitorsTable(t *testing.T) {
	y := openYard(t)
	for n, c := range table {
		it := y.target(n)
		if c.page != nil {
			method, path, fields := c.page(it)
			if status, _ := y.browse("", method, path, fields); status != http.StatusUnauthorized {
				t.Errorf("a visitor, %s by page: %d", c.what, status)
			}
		}
		if c.api != nil {
			method, path, body := c.api(it)
			if status, _ := y.call("", "cadre_t_made-up", method, path, body); status != http.StatusUnauthorized {
				t.Errorf("a visitor, %s by API: %d", c.what, status)
			}
		}
	}
}

// What belongs to somebody is theirs, whoever asks for it under their own name.
func TestOwnThingsTable(t *testing.T) {
	y := openYard(t)
	his := y.target(1)
	for _, m := range []member{y.join("Nobody Special"), y.join("Robin Vane", auth.PeoplePartner), y.join("Eve Moor", auth.Executive)} {
		for _, path := range []string{"/account", "/account/sign-in", "/account/sessions", "/account/tokens"} {
			status, text := y.browse(m.session, http.MethodGet, path, nil)
			if status != http.StatusOK || strings.Contains(text, "Target") || strings.Contains(text, his.session) {
				t.Errorf("%s reads %s: %d", m.name, path, status)
			}
		}
		status, text := y.call(m.session, "", http.MethodGet, api.Prefix+"/me", "")
		if status != http.StatusOK || !strings.Contains(text, strings.ToLower(strings.Split(m.name, " ")[0])+".") {
			t.Errorf("%s reads who they are: %d %s", m.name, status, text)
		}
		for _, path := range []string{"/account/passkeys/" + his.id + "/remove", "/account/identities/" + his.id + "/remove", "/account/tokens/" + his.token + "/revoke", "/account/sessions/" + his.session + "/end"} {
			if status, _ := y.browse(m.session, http.MethodPost, path, nil); status != http.StatusNotFound {
				t.Errorf("%s sends %s: %d, want 404", m.name, path, status)
			}
		}
	}
}

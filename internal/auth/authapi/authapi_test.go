package authapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authapi"
	"github.com/cadre-hq/cadre/internal/auth/authtest"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A client uses the interface as ada, an administrator.
type client struct {
	*httptest.Server
	service *auth.Service
	api     *api.API
	ada     auth.Actor
	token   string // instead of her session, if there is one
}

func open(t *testing.T, d *store.DB) *client {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) }
	c := &client{service: authtest.Open(t, d, &authtest.Inbox{}, now)}
	ada, err := c.service.AddPerson(t.Context(), auth.TheProgram("test"), "Ada Quay", "ada@meridian.example", "", auth.Administrator)
	if err != nil {
		t.Fatal(err)
	}
	in, err := auth.NewDemo(c.service).SignIn(t.Context(), ada.ID, auth.SignIn{Device: "Firefox"})
	if err != nil {
		t.Fatal(err)
	}
	if c.ada, err = c.service.ByCookie(t.Context(), in.Session); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	c.api = api.New(mux, api.Options{Version: "1", Log: slog.New(slog.DiscardHandler), Reference: func(context.Context) string { return "r" }})
	authapi.Register(c.api, c.service)
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		by := c.ada
		if c.token != "" {
			if by, err = c.service.ByToken(r.Context(), auth.Secret(c.token)); err != nil {
				c.api.Fail(w, r, err)
				return
			}
		}
		mux.ServeHTTP(w, r.WithContext(auth.With(r.Context(), by)))
	}))
	t.Cleanup(c.Close)
	return c
}

// ask sends a request, wants a status, and returns what came as JSON.
func (c *client) ask(t *testing.T, method, path, body string, status int) (answer map[string]any, headers http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, c.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
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
	if a.StatusCode != status {
		t.Fatalf("%s %s: %d, want %d: %s", method, path, a.StatusCode, status, text)
	}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &answer); err != nil {
			t.Fatalf("%s: %v in %s", path, err, text)
		}
	}
	return answer, a.Header
}

func TestPrincipals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		c := open(t, d)
		me, _ := c.ask(t, "GET", "/api/v1/me", "", 200)
		if me["name"] != "Ada Quay" || me["email"] != "ada@meridian.example" || me["email_verified"] != true || fmt.Sprint(me["roles"]) != "[administrator]" || me["scopes"] != nil {
			t.Errorf("me is %v", me)
		}
		for n := range 5 {
			made, headers := c.ask(t, "POST", "/api/v1/principals", fmt.Sprintf(`{"name":"Robot %d"}`, n), 201)
			if at := "/api/v1/principals/" + made["id"].(string); headers.Get("Location") != at {
				t.Errorf("made at %s, want %s", headers.Get("Location"), at)
			}
		}
		seen, path := 0, "/api/v1/principals?kind=service&limit=2"
		for path != "" {
			page, headers := c.ask(t, "GET", path, "", 200)
			seen += len(page["items"].([]any))
			for _, item := range page["items"].([]any) {
				if one := item.(map[string]any); one["email"] != nil || one["email_verified"] != nil {
					t.Errorf("a service has an address: %v", one)
				}
			}
			path, _, _ = strings.Cut(strings.TrimPrefix(headers.Get("Link"), "<"), ">")
		}
		if seen != 5 {
			t.Errorf("the pages hold %d services", seen)
		}
		c.ask(t, "GET", "/api/v1/principals?after=x", "", 422)
		c.ask(t, "GET", "/api/v1/principals/nobody", "", 404)

		one, _ := c.ask(t, "POST", "/api/v1/principals", `{"name":"Payroll"}`, 201)
		at := "/api/v1/principals/" + one["id"].(string)
		c.ask(t, "PATCH", at, `{"name":"Payments"}`, 204)
		c.ask(t, "PUT", at+"/roles/recruiter", "", 204)
		c.ask(t, "PUT", at+"/roles/recruiter", "", 409)
		c.ask(t, "PUT", at+"/roles/king", "", 422)
		c.ask(t, "DELETE", at+"/roles/recruiter", "", 204)
		roles, _ := c.ask(t, "GET", at+"/roles", "", 200)
		if tenure := roles["items"].([]any)[0].(map[string]any); tenure["role"] != "recruiter" || tenure["taken_by"] != string(c.ada.ID) {
			t.Errorf("the history is %v", roles)
		}
		c.ask(t, "POST", at+"/disable", "", 204)
		if now, _ := c.ask(t, "GET", at, "", 200); now["name"] != "Payments" || now["disabled_at"] == nil {
			t.Errorf("after all that it is %v", now)
		}
		c.ask(t, "POST", at+"/enable", "", 204)
		c.ask(t, "DELETE", "/api/v1/principals/"+string(c.ada.ID)+"/roles/administrator", "", 409)
	})
}

func TestTokensAndSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		c := open(t, d)
		scopes, _ := c.ask(t, "GET", "/api/v1/scopes", "", 200)
		if fmt.Sprint(scopes["items"]) != "[auth:read auth:write]" {
			t.Errorf("scopes %v", scopes)
		}
		body := `{"name":"ci","scopes":["auth:read"],"expires_at":"2026-12-24T00:00:00Z"}`
		made, _ := c.ask(t, "POST", "/api/v1/tokens", body, 201)
		c.ask(t, "POST", "/api/v1/tokens", strings.Replace(body, "2026", "2036", 1), 422)
		list, _ := c.ask(t, "GET", "/api/v1/tokens", "", 200)
		if one := list["items"].([]any)[0].(map[string]any); one["secret"] != nil || one["name"] != "ci" {
			t.Errorf("the list tells %v", one)
		}
		c.token = made["secret"].(string)
		if me, _ := c.ask(t, "GET", "/api/v1/me", "", 200); fmt.Sprint(me["scopes"]) != "[auth:read]" {
			t.Errorf("with the token, me is %v", me)
		}
		c.ask(t, "POST", "/api/v1/tokens", body, 403)
		c.ask(t, "DELETE", "/api/v1/tokens/"+made["id"].(string), "", 403)
		c.ask(t, "DELETE", "/api/v1/sessions", "", 403)
		c.token = ""
		c.ask(t, "DELETE", "/api/v1/tokens/"+made["id"].(string), "", 204)
		c.token = made["secret"].(string)
		c.ask(t, "GET", "/api/v1/me", "", 401)
		c.token = ""
		sessions, _ := c.ask(t, "GET", "/api/v1/sessions", "", 200)
		if one := sessions["items"].([]any)[0].(map[string]any); one["here"] != true || one["means"] != "demo" || one["device"] != "Firefox" {
			t.Errorf("sessions %v", sessions)
		}
		c.ask(t, "DELETE", "/api/v1/sessions", "", 204)
		c.ask(t, "DELETE", "/api/v1/sessions/"+c.ada.Session, "", 204)
		c.ask(t, "DELETE", "/api/v1/sessions/"+c.ada.Session, "", 404)
	})
}

func TestInvitationsAndJournal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		c := open(t, d)
		c.ask(t, "POST", "/api/v1/invitations", `{"email":"nonsense"}`, 422)
		c.ask(t, "POST", "/api/v1/invitations", `{"email":"ben@meridian.example","roles":["king"]}`, 422)
		made, _ := c.ask(t, "POST", "/api/v1/invitations", `{"email":"Ben@meridian.example","roles":["recruiter"]}`, 201)
		c.ask(t, "POST", "/api/v1/invitations", `{"email":"ben@meridian.example"}`, 409)
		list, _ := c.ask(t, "GET", "/api/v1/invitations", "", 200)
		if one := list["items"].([]any)[0].(map[string]any); one["email"] != "ben@meridian.example" || one["invited_by"] != string(c.ada.ID) {
			t.Errorf("invitations %v", list)
		}
		at := "/api/v1/invitations/" + made["id"].(string)
		c.ask(t, "POST", at+"/resend", "", 204)
		c.ask(t, "DELETE", at, "", 204)
		c.ask(t, "DELETE", at, "", 404)

		seen, path := []string{}, "/api/v1/journal?action=auth.invitation.&limit=1&actor="+string(c.ada.ID)
		for path != "" {
			page, headers := c.ask(t, "GET", path, "", 200)
			for _, item := range page["items"].([]any) {
				seen = append(seen, item.(map[string]any)["action"].(string))
			}
			path, _, _ = strings.Cut(strings.TrimPrefix(headers.Get("Link"), "<"), ">")
		}
		if want := "[auth.invitation.withdraw auth.invitation.resend auth.invitation.make]"; fmt.Sprint(seen) != want {
			t.Errorf("the journal has %v, want %s", seen, want)
		}
		program, _ := c.ask(t, "GET", "/api/v1/journal?actor=-&until=2026-11-25T10:00:00Z&from=2026-11-25T08:00:00Z", "", 200)
		if entries := program["items"].([]any); len(entries) != 2 || entries[0].(map[string]any)["actor"] != nil {
			t.Errorf("the program did %v", program)
		}
		if later, _ := c.ask(t, "GET", "/api/v1/journal?from=2026-11-26T00:00:00Z", "", 200); len(later["items"].([]any)) != 0 {
			t.Errorf("tomorrow there is %v", later)
		}
	})
}

// Every operation says which scope its token needs, or that it takes none.
func TestDescription(t *testing.T) {
	c := open(t, storetest.Open(t, storetest.SQLite(t)))
	text, err := json.Marshal(c.api.Description())
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Paths map[string]map[string]struct {
			Security             []map[string][]string
			Summary, Description string
		}
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	n, inSession := 0, 0
	for path, methods := range d.Paths {
		for method, o := range methods {
			n++
			want := "[map[token:[auth:write]] map[session:[]]]"
			switch {
			case method == "get":
				want = "[map[token:[auth:read]] map[session:[]]]"
			case strings.Contains(path, "/roles/"), strings.Contains(path, "/invitations"), strings.Contains(path, "/tokens"):
				want, inSession = "[map[session:[]]]", inSession+1
			}
			if fmt.Sprint(o.Security) != want || o.Summary == "" || (len(o.Security) == 1) != strings.Contains(o.Description, "403") {
				t.Errorf("%s %s: %+v, want %s", method, path, o, want)
			}
		}
	}
	if n < 20 || inSession != 7 {
		t.Errorf("%d operations, %d of them in a session alone", n, inSession)
	}
}

package app

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// public are the only routes that somebody may use who did not sign in, each
// with the reason.
var public = map[string]string{
	"GET /healthz":      "who restarts the server asks it",
	"GET /chart":        "names and titles, if the organisation publishes them",
	"GET /readyz":       "who sends requests to nodes asks it",
	"GET /openapi.json": "it describes the program and nothing of the organisation",

	"/hooks/git": "a code host shows a secret that it shares with the server; without one it is not there",

	"GET /sign-in":                  "here one says who one is",
	"POST /sign-in":                 "here one says who one is",
	"POST /sign-in/passkey/options": "here one says who one is",
	"POST /sign-in/passkey":         "here one says who one is",
	"POST /sign-out":                "whose session has ended may leave, too",
	"GET /forgot":                   "who forgot their password cannot sign in",
	"POST /forgot":                  "who forgot their password cannot sign in",

	"GET /first/{secret}":   "the secret lets in",
	"POST /first/{secret}":  "the secret lets in",
	"GET /accept/{secret}":  "the secret lets in",
	"POST /accept/{secret}": "the secret lets in",
	"GET /reset/{secret}":   "the secret lets in",
	"POST /reset/{secret}":  "the secret lets in",
	"GET /verify/{secret}":  "the secret lets in",
	"POST /verify/{secret}": "the secret lets in",
}

// Every address of pages and API wants to know who is there, but for a short
// list. A route that somebody adds is walked here without being named.
func TestEveryRouteWantsToKnowWhoIsThere(t *testing.T) {
	h := build(t, "", "CADRE_RATE_LIMIT=0")
	walked := 0
	for _, r := range h.Routes() {
		if _, listed := public[r.String()]; listed != r.Public {
			t.Errorf("%s: open to everybody is %t, on the list is %t", r, r.Public, listed)
		}
		if r.Public {
			continue
		}
		methods := []string{r.Method}
		if r.Method == "" {
			methods = []string{"GET", "POST", "PUT", "DELETE"}
		}
		for _, method := range methods {
			walked++
			h.refuses(t, method, filled(r.Pattern))
		}
	}
	// What no route is, is not open either, and does not tell of what is there.
	for _, path := range []string{"/", "/api/v1/none", "/none"} {
		if w := h.ask("GET", path); w.Code == http.StatusOK {
			t.Errorf("GET %s is open: %d", path, w.Code)
		}
	}
	t.Logf("%d routes, %d requests", len(h.Routes()), walked)
}

// refuses sends a request of nobody, one with a session that never was, and one
// with a token that never was.
func (h *house) refuses(t *testing.T, method, path string) {
	t.Helper()
	for who, change := range map[string]func(*http.Request){
		"nobody": func(*http.Request) {},
		"a dead cookie": func(r *http.Request) {
			r.AddCookie(&http.Cookie{Name: "cadre_session", Value: "cadre_s_" + strings.Repeat("a", 43)})
		},
		"a dead token": func(r *http.Request) { r.Header.Set("Authorization", "Bearer cadre_t_"+strings.Repeat("a", 43)) },
	} {
		w := h.ask(method, path, change)
		isAPI := strings.HasPrefix(path, "/api/")
		toSignIn := w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/sign-in")
		switch {
		case isAPI && w.Code == http.StatusUnauthorized && strings.HasPrefix(w.Header().Get("Content-Type"), "application/problem+json"):
		case !isAPI && method == "GET" && toSignIn:
		case !isAPI && method != "GET" && w.Code == http.StatusUnauthorized:
		default:
			t.Errorf("%s %s by %s is answered %d %s", method, path, who, w.Code, w.Header().Get("Location"))
		}
	}
}

// filled returns a path that a pattern takes.
func filled(pattern string) string {
	return regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(strings.TrimSuffix(pattern, "{$}"), "x")
}

// The list is short, and stays so.
func TestPublicRoutesAreFew(t *testing.T) {
	h := build(t, "")
	var open []string
	for _, r := range h.Routes() {
		if r.Public {
			open = append(open, r.String())
		}
	}
	for route := range public {
		if !slices.Contains(open, route) {
			t.Errorf("the list names %s, which is not there", route)
		}
	}
}

package app

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/settings"
)

// An address that a client invents does not count; one that a trusted proxy
// adds does.
func TestWhereARequestComesFrom(t *testing.T) {
	p := newProxies(&settings.Settings{TrustedProxies: []string{"10.0.0.0/8", "192.0.2.7", "2001:db8::/32"}})
	for _, c := range []struct {
		name, peer string
		said       []string
		want       string
	}{
		{"no proxy", "198.51.100.1:9", nil, "198.51.100.1"},
		{"a liar", "198.51.100.1:9", []string{"203.0.113.1"}, "198.51.100.1"},
		{"behind a proxy", "10.1.1.1:9", []string{"203.0.113.1"}, "203.0.113.1"},
		{"a liar behind a proxy", "10.1.1.1:9", []string{"1.1.1.1, 203.0.113.1"}, "203.0.113.1"},
		{"two proxies", "10.1.1.1:9", []string{"1.1.1.1, 203.0.113.1, 192.0.2.7"}, "203.0.113.1"},
		{"two lines", "10.1.1.1:9", []string{"203.0.113.1", "192.0.2.7"}, "203.0.113.1"},
		{"only proxies", "10.1.1.1:9", []string{"10.2.2.2"}, "10.2.2.2"},
		{"nothing said", "10.1.1.1:9", nil, "10.1.1.1"},
		{"no address", "10.1.1.1:9", []string{"203.0.113.1, unknown"}, "10.1.1.1"},
		{"IPv6", "[2001:db8::1]:9", []string{"2001:db9::5"}, "2001:db9::5"},
		{"IPv4 in IPv6", "[::ffff:10.1.1.1]:9", []string{"::ffff:203.0.113.1"}, "203.0.113.1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		for _, line := range c.said {
			r.Header.Add("X-Forwarded-For", line)
		}
		if got := p.client(r); got != netip.MustParseAddr(c.want) {
			t.Errorf("%s: it comes from %s, want %s", c.name, got, c.want)
		}
	}
}

// One client that sends too much waits, and nobody else does.
func TestLimitIsByClient(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	l := newLimiter(2, func() time.Time { return now })
	from := func(addr string) *http.Request {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = addr
		return r
	}
	for i := range 20 {
		if wait := l.wait(from("198.51.100.1:" + strconv.Itoa(1000+i))); wait != 0 {
			t.Fatalf("request %d waits %s", i, wait)
		}
	}
	if wait := l.wait(from("198.51.100.1:9")); wait <= 0 || wait > time.Second {
		t.Errorf("one too many waits %s", wait)
	}
	if wait := l.wait(from("198.51.100.2:9")); wait != 0 {
		t.Errorf("a neighbour waits %s", wait)
	}
	now = now.Add(time.Second)
	for i, want := range []bool{true, true, false} {
		if got := l.wait(from("198.51.100.1:9")) == 0; got != want {
			t.Errorf("a second later request %d passes: %t", i, got)
		}
	}
	// A customer has as many IPv6 addresses as they like, in one network.
	for i := range 20 {
		l.wait(from("[2001:db8:1:1::" + strconv.Itoa(i) + "]:9"))
	}
	if wait := l.wait(from("[2001:db8:1:1:ffff::1]:9")); wait == 0 {
		t.Error("another address of the same network passes")
	}
	var none *limiter
	if none.wait(from("198.51.100.1:9")) != 0 {
		t.Error("no limit limits")
	}
}

func TestTooManyRequests(t *testing.T) {
	h := build(t, "", "CADRE_RATE_LIMIT=1")
	for _, path := range []string{"/none", "/api/v1/none"} {
		from := func(r *http.Request) { r.RemoteAddr = "198.51.100." + strconv.Itoa(len(path)) + ":9" }
		var last *httptest.ResponseRecorder
		for range 11 {
			last = h.ask("GET", path, from)
		}
		kind := last.Header().Get("Content-Type")
		if last.Code != http.StatusTooManyRequests || last.Header().Get("Retry-After") == "" || strings.HasPrefix(path, "/api") != strings.Contains(kind, "problem") {
			t.Errorf("%s: %d, %s, wait %s", path, last.Code, kind, last.Header().Get("Retry-After"))
		}
		if w := h.ask("GET", "/readyz", from); w.Code != 200 {
			t.Errorf("whether the server is ready is limited: %d", w.Code)
		}
	}
}

// A token opens the API, and no pages; what is wrong is a problem.
func TestAPIIsForTokens(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, program := t.Context(), auth.TheProgram("")
		p, err := h.accounts.AddServiceAccount(ctx, program, "pipeline")
		if err != nil {
			t.Fatal(err)
		}
		token, secret, err := h.accounts.NewToken(ctx, program, p.ID, "test", []string{"catalog:read"}, h.clock().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		bearer := func(r *http.Request) { r.Header.Set("Authorization", "bearer "+secret.Reveal()) }
		if w := h.ask("GET", "/api/v1/none", bearer); w.Code != 404 || !strings.Contains(w.Body.String(), descriptionPath) {
			t.Errorf("with a token: %d %s", w.Code, w.Body)
		}
		if w := h.ask("GET", "/api/v1/none", func(r *http.Request) { r.Header.Set("Authorization", "Basic YTpi") }); w.Code != 401 || w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("with a password: %d %v", w.Code, w.Header())
		}
		if w := h.ask("POST", "/api/v1/none", bearer, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }); w.Code != 403 {
			t.Errorf("from a page of another site: %d", w.Code)
		}
		if err := h.accounts.RevokeToken(ctx, program, token.ID); err != nil {
			t.Fatal(err)
		}
		if w := h.ask("GET", "/api/v1/none", bearer); w.Code != 401 {
			t.Errorf("with a revoked token: %d", w.Code)
		}
	})
}

// The figures tell how much there is to do, and of nobody.
func TestMetrics(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for range 3 {
			h.ask("GET", "/families/ada-okafor?q=ada")
			h.ask("INVENTED", "/"+strconv.Itoa(int(time.Now().UnixNano())))
		}
		w := httptest.NewRecorder()
		h.serveMetrics(w, httptest.NewRequest("GET", "/metrics", nil))
		text := w.Body.String()
		for _, want := range []string{
			`cadre_build_info{version="test"`, "cadre_ready 1", `cadre_jobs{state="available"} `, "cadre_database_connections_open ",
			`cadre_http_requests_total{route=`, "cadre_http_request_seconds_bucket{route=", "cadre_http_requests_in_flight 0", "process_resident_memory_bytes ",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("there is no %s", want)
			}
		}
		for _, word := range []string{"ada", "INVENTED"} {
			if strings.Contains(text, word) {
				t.Errorf("the figures tell of %q", word)
			}
		}
		if n := strings.Count(text, "cadre_http_requests_total{"); n > 3 {
			t.Errorf("%d counts for a few requests: labels grow with what clients send", n)
		}
	})
}

// A collector that the environment names gets a span for each request, on the
// trace of the caller, without what may tell of a person.
func TestTraces(t *testing.T) {
	got := make(chan string, 10)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		got <- string(text)
	}))
	defer collector.Close()
	h := build(t, "", "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL)
	h.ask("GET", "/sign-in?next=/ada", func(r *http.Request) {
		r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	})
	if err := h.traces.stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	text := <-got
	if !json.Valid([]byte(text)) || !strings.Contains(text, `"traceId":"0af7651916cd43dd8448eb211c80319c"`) || !strings.Contains(text, `"parentSpanId":"b7ad6b7169203331"`) {
		t.Errorf("the span is %s", text)
	}
	if !strings.Contains(text, `"name":"GET /sign-in"`) {
		t.Errorf("the span is not named by its route: %s", text)
	}
	if strings.Contains(text, "ada") {
		t.Errorf("the span tells of somebody: %s", text)
	}
}

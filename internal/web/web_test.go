package web_test

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

var ada = auth.Actor{ID: "ada", Kind: auth.Person, Name: "Ada Berg", Roles: []auth.Role{auth.Recruiter}}

// page is a page of words alone.
func page(title string, words ...string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		inside := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, err := io.WriteString(w, "<p>"+templ.EscapeString(strings.Join(words, " "))+"</p>")
			return err
		})
		return ui.Page(ui.Sheet{Title: title}).Render(templ.WithChildren(ctx, inside), w)
	})
}

func say(title string, words ...string) web.Handler {
	return web.Page(func(*http.Request) (templ.Component, error) { return page(title, words...), nil })
}

// The frame shows the rooms that are there for the reader, marks where they
// are, and who they are.
func TestFrame(t *testing.T) {
	site := webtest.New(t)
	site.Room(web.Room{Label: "Berths", Href: "/berths", Icon: ui.IconOrg, Count: func(context.Context) int { return 9 }})
	site.Room(web.Room{Label: "Vaults", Href: "/vaults", Icon: ui.IconLock, Shown: func(a auth.Actor) bool { return a.Has(auth.Finance) }})
	site.Get("/berths/{id}", say("North"))
	p := site.As(ada).Get("/berths/4").WantsStatus(http.StatusOK).Wants("Berths 9 need you", "Ada Berg Recruiter", "Meridian")
	p.Lacks("Vaults")
	if p.Title() != "North" || !strings.Contains(p.HTML, `href="/berths" aria-current="page"`) {
		t.Errorf("%s, or the room is not marked:\n%s", p.Title(), p.HTML)
	}
}

// A route demands somebody who is signed in, unless it says otherwise.
func TestGate(t *testing.T) {
	site := webtest.New(t)
	site.Get("/berths", say("Berths"))
	site.Post("/berths", say("Berths"))
	site.Get("/about", say("About"), web.Open)
	site.Get("/sign-in", say("Sign in"), web.Open)
	visitor := site.Visitor()
	visitor.Get("/about").WantsStatus(http.StatusOK)
	if p := visitor.Get("/berths?q=a%20b"); p.Title() != "Sign in" || p.Address.Query().Get("next") != "/berths?q=a%20b" {
		t.Errorf("%s at %s", p.Title(), p.Address)
	}
	visitor.Post("/berths", nil).WantsStatus(http.StatusUnauthorized).Wants("You are signed out", "send it again")
	typed := url.Values{"note": {"a long <letter>", "and more"}, "password": {"harbour-7"}, "idempotency_key": {"key-1"}}
	lost := visitor.Post("/berths?x=1", typed).WantsStatus(http.StatusUnauthorized).Wants("nothing is lost").Lacks("harbour-7")
	typed.Del("password")
	if d := cmp.Diff(typed, lost.Form("/berths").Values); d != "" {
		t.Errorf("what was typed is lost: %s", d)
	}
	site.As(ada).Post("/berths?x=1", lost.Form("/berths").Values).WantsStatus(http.StatusOK)
	visitor.Header.Set("HX-Request", "true")
	visitor.Header.Set("HX-Current-URL", "http://cadre.test/berths?q=x")
	if to := visitor.Get("/berths").Header.Get("HX-Redirect"); to != "/sign-in?next=%2Fberths%3Fq%3Dx" {
		t.Errorf("a part leads to %q", to)
	}
	for _, rt := range site.Routes() {
		if rt.Open != (rt.Pattern != "/berths") {
			t.Errorf("%+v", rt)
		}
	}
}

// Each kind of error has its page and status. What nobody sorted is shown as a
// reference, under which the log has it.
func TestErrors(t *testing.T) {
	site := webtest.New(t)
	kinds := map[string]error{
		"missing":   fault.New(fault.NotFound, "there is no berth 4"),
		"mine":      fault.New(fault.Forbidden, "only the harbour master may do this"),
		"changed":   fault.New(fault.Conflict, "somebody took the berth"),
		"busy":      fault.New(fault.Busy, "the crane is in use"),
		"odd":       fault.New(fault.Invalid, "a berth has a number"),
		"slow":      fmt.Errorf("read berths: %w", context.DeadlineExceeded),
		"broken":    errors.New("password of the crane: hunter2"),
		"broken-by": fmt.Errorf("open: %w", io.ErrUnexpectedEOF),
	}
	site.Get("/{kind}", func(_ http.ResponseWriter, r *http.Request) error { return kinds[r.PathValue("kind")] })
	b := site.As(ada)
	b.Get("/missing").WantsStatus(404).Wants("There is no berth 4.")
	b.Get("/mine").WantsStatus(403).Wants("Only the harbour master may do this.")
	b.Get("/changed").WantsStatus(409).Wants("Somebody took the berth.", "Try again")
	b.Get("/odd").WantsStatus(422).Wants("A berth has a number.")
	b.Get("/slow").WantsStatus(503).Wants("took too long").Lacks("read berths")
	if after := b.Get("/busy").WantsStatus(503).Header.Get("Retry-After"); after != "2" {
		t.Errorf("Retry-After: %q", after)
	}
	p := b.Get("/broken").WantsStatus(500).Lacks("hunter2", "crane")
	id := p.Header.Get("X-Request-Id")
	p.Wants(id)
	if log := site.Log.String(); id == "" || !strings.Contains(log, "request="+id) || !strings.Contains(log, "hunter2") {
		t.Errorf("the log does not have %s:\n%s", id, log)
	}
	site.Visitor().Get("/no/such/page").WantsStatus(404).Wants("There is nothing here")
}

// An address that exists answers to another method with what it does take.
func TestMethods(t *testing.T) {
	site := webtest.New(t)
	site.Get("/berths", say("Berths"))
	p := site.As(ada).Post("/berths", nil).WantsStatus(http.StatusMethodNotAllowed)
	if p.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("Allow: %q", p.Header.Get("Allow"))
	}
}

// A panic ends one request, with a page; the log says where it was.
func TestPanic(t *testing.T) {
	site := webtest.New(t)
	site.Get("/broken", func(http.ResponseWriter, *http.Request) error { panic("no crane") })
	site.Get("/whole", say("Whole"))
	b := site.As(ada)
	p := b.Get("/broken").WantsStatus(http.StatusInternalServerError).Lacks("no crane")
	p.Wants(p.Header.Get("X-Request-Id"))
	if !strings.Contains(site.Log.String(), "web_test.go") {
		t.Error("the log does not say where")
	}
	b.Get("/whole").WantsStatus(http.StatusOK)
}

// The log has a line for each request, without anything that people typed.
func TestLog(t *testing.T) {
	var seen []string
	site := webtest.New(t, func(o *web.Options) {
		o.Found = func(_ context.Context, route string) { seen = append(seen, route) }
	})
	site.Get("/people/{name}", say("A person"))
	site.As(ada).Get("/people/ingrid?q=pay+of+ingrid").WantsStatus(200)
	log := site.Log.String()
	if !strings.Contains(log, `route="GET /people/{name}"`) || !strings.Contains(log, "status=200") || strings.Contains(log, "ingrid") || strings.Contains(log, "Ada") {
		t.Error(log)
	}
	if got := strings.Join(seen, ", "); got != "GET /people/{name}" {
		t.Error(seen)
	}
}

func TestHeaders(t *testing.T) {
	site := webtest.New(t, func(o *web.Options) { o.Secure = true })
	site.Get("/berths", say("Berths"))
	site.Get("/sign-in", func(w http.ResponseWriter, r *http.Request) error {
		web.AllowFormsTo(w, "https://id.example")
		return web.Show(w, r, page("Sign in"))
	}, web.Open)
	h := site.As(ada).Get("/berths").Header
	policy := h.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self';"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy lacks %s: %s", part, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" || h.Get("Strict-Transport-Security") == "" {
		t.Errorf("%v", h)
	}
	if p := site.Visitor().Get("/sign-in").Header.Get("Content-Security-Policy"); !strings.Contains(p, "form-action 'self' https://id.example;") {
		t.Error(p)
	}
}

// A change that a page of another site sends is refused before anybody is asked
// who sends it.
func TestOtherSites(t *testing.T) {
	site := webtest.New(t)
	done := false
	site.Post("/berths/4/take", func(w http.ResponseWriter, r *http.Request) error {
		done = true
		return web.Redirect(w, r, "/")
	})
	b := site.As(ada)
	for _, header := range []string{"cross-site", "same-site"} {
		r := httptest.NewRequest(http.MethodPost, "http://cadre.test/berths/4/take", nil)
		r.Header = b.Header.Clone()
		r.Header.Set("Sec-Fetch-Site", header)
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden || done {
			t.Errorf("%s: %d, done: %t", header, w.Code, done)
		}
	}
}

// A form that is refused is shown again with all that was typed; one that is
// taken leads on to a page that says so, once.
func TestFormsAndToasts(t *testing.T) {
	site := webtest.New(t)
	editor := func(f *form.Form) templ.Component {
		return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			fields := templ.Join(
				ui.Field(f, ui.Input{Name: "title", Label: "Title", Help: "As it is painted on the wall."}),
				ui.Field(f, ui.Input{Name: "note", Label: "Note", Optional: true, Lines: 3}),
				ui.Button(ui.Act{Label: "Save", Kind: ui.Primary}),
			)
			inside := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
				return ui.Form(ui.Sending{To: "/berths/new", Form: f}).Render(templ.WithChildren(ctx, fields), w)
			})
			return ui.Page(ui.Sheet{Title: "A new berth"}).Render(templ.WithChildren(ctx, inside), w)
		})
	}
	site.Get("/berths", say("Berths"))
	site.Get("/berths/new", web.Page(func(*http.Request) (templ.Component, error) { return editor(nil), nil }))
	site.Post("/berths/new", func(w http.ResponseWriter, r *http.Request) error {
		var in struct {
			Title string `form:"title,required"`
			Note  string `form:"note"`
		}
		f, err := form.Read(r, &in)
		if err != nil {
			return err
		}
		if in.Title == "North" {
			f.Refuse(fault.New(fault.Conflict, "there is a North already"), "title")
		}
		if !f.OK() {
			return web.Again(w, r, editor(f))
		}
		return web.Done(w, r, "/berths", ui.Toast{Text: in.Title + " is built"})
	})
	b := site.As(ada)
	again := b.Get("/berths/new").Form("/berths/new").Fill("note", "with <b>cranes</b>").Submit()
	again.WantsStatus(http.StatusUnprocessableEntity).Wants("One thing to correct", "Fill this in.", "with <b>cranes</b>")
	if !strings.Contains(again.HTML, `aria-describedby="f-title-error f-title-help"`) || !strings.Contains(again.HTML, `href="#f-title"`) {
		t.Error(again.HTML)
	}
	again = again.Form("/berths/new").Fill("title", "North").Submit().Wants("There is a North already.")
	list := again.Form("/berths/new").Fill("title", "South").Submit().WantsStatus(http.StatusOK).Wants("South is built")
	if list.Title() != "Berths" {
		t.Error(list.Title())
	}
	b.Get("/berths").Lacks("South is built")
}

// Nobody can put words into a toast but the site.
func TestToastsAreSigned(t *testing.T) {
	site := webtest.New(t)
	site.Get("/berths", say("Berths"))
	b := site.As(ada)
	b.Header.Set("Cookie", "cadre_toast=eyJUZXh0IjoiU2VuZCB5b3VyIHBhc3N3b3JkIn0.AAAA")
	b.Get("/berths").Lacks("Send your password")
}

// A part of a page can be asked for alone, and is the same as in the page.
func TestParts(t *testing.T) {
	site := webtest.New(t)
	list := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		part := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			return ui.Part("results").Render(templ.WithChildren(ctx, templ.Raw("<p>four berths</p>")), w)
		})
		return ui.Page(ui.Sheet{Title: "Berths"}).Render(templ.WithChildren(ctx, part), w)
	})
	site.Get("/berths", web.Page(func(*http.Request) (templ.Component, error) { return list, nil }))
	b := site.As(ada)
	b.Get("/berths").Wants("Berths", "four berths")
	b.Header.Set("HX-Request", "true")
	b.Header.Set("HX-Target", "results")
	if p := b.Get("/berths"); p.HTML != `<div id="results"><p>four berths</p></div>` {
		t.Errorf("the part is %q", p.HTML)
	}
	b.Header.Set("HX-Target", "none")
	if p := b.Get("/berths"); p.Header.Get("HX-Redirect") != "/berths" {
		t.Errorf("%d %v", p.Status, p.Header)
	}
}

func TestLocal(t *testing.T) {
	for next, want := range map[string]string{
		"/families?q=a#b": "/families?q=a#b", "/": "/", "": "/", "families": "/", "//evil.example": "/", "/\\evil.example": "/",
		"https://evil.example": "/", "javascript:alert(1)": "/", "/a\r\nSet-Cookie: x": "/", "\t//evil.example": "/", "/%5cevil": "/%5cevil",
	} {
		if got := web.Local(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

// Times are shown in the zone of the reader, which their browser tells.
func TestZone(t *testing.T) {
	site := webtest.New(t)
	site.Get("/berths", web.Page(func(*http.Request) (templ.Component, error) {
		at := webtest.Noon.Add(-2 * time.Hour)
		return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			return ui.Page(ui.Sheet{Title: "Berths"}).Render(templ.WithChildren(ctx, templ.Join(ui.At(at), ui.Ago(at))), w)
		}), nil
	}))
	b := site.As(ada)
	b.Get("/berths").Wants("23 Nov 2026, 10:00 UTC", "2 hours ago")
	for zone, want := range map[string]string{
		"Europe/Berlin": "23 Nov 2026, 11:00 CET", "America/New_York": "23 Nov 2026, 05:00 EST",
		"Local": "10:00 UTC", "../../etc/passwd": "10:00 UTC", "Nowhere/At-all": "10:00 UTC",
	} {
		b.Header.Set("Cookie", "cadre_zone="+zone)
		b.Get("/berths").Wants(want)
	}
}

func TestCompression(t *testing.T) {
	site := webtest.New(t)
	site.Get("/long", say("Long", strings.Repeat("berth ", 2000)))
	site.Mount("/raw/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(make([]byte, 5000))
	}))
	b := site.As(ada)
	b.Header.Set("Accept-Encoding", "gzip")
	answer := b.Send(http.MethodGet, "/long", "", nil)
	z, err := gzip.NewReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); err != nil || !strings.Contains(string(text), "berth berth") || answer.Header.Get("Content-Length") != "" {
		t.Errorf("%v, %v", err, answer.Header)
	}
	if answer := b.Send(http.MethodGet, "/raw/x", "", nil); answer.Header.Get("Content-Encoding") != "" {
		t.Error("a picture is compressed")
	}
}

// A body that is too large is refused, and a sender who is too quick.
func TestLimits(t *testing.T) {
	wait := time.Duration(0)
	site := webtest.New(t, func(o *web.Options) { o.Limit = func(*http.Request) time.Duration { return wait } })
	site.Post("/berths", func(w http.ResponseWriter, r *http.Request) error {
		var in struct {
			Note string `form:"note"`
		}
		if _, err := form.Read(r, &in); err != nil {
			return err
		}
		return web.Redirect(w, r, "/")
	}, web.MaxBody(2048))
	b := site.As(ada)
	b.Post("/berths", url.Values{"note": {strings.Repeat("x", 4000)}}).WantsStatus(422).Wants("at most 2 kB")
	wait = 1500 * time.Millisecond
	if p := b.Get("/").WantsStatus(http.StatusTooManyRequests); p.Header.Get("Retry-After") != "2" {
		t.Error(p.Header)
	}
}

// A handler that is slow sees its context end.
func TestMaxTime(t *testing.T) {
	site := webtest.New(t)
	site.Get("/slow", func(_ http.ResponseWriter, r *http.Request) error {
		<-r.Context().Done()
		return r.Context().Err()
	}, web.MaxTime(10*time.Millisecond))
	site.As(ada).Get("/slow").WantsStatus(http.StatusServiceUnavailable).Wants("took too long")
}

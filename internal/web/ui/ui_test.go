package ui

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/web/form"
)

// noon is when the frames of these tests are shown.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func markup(t *testing.T, f *Frame, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(With(t.Context(), f), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func at(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// Distances are in words as people use them: hours within a day, days by the
// reader's calendar within a month, then the date.
func TestAgo(t *testing.T) {
	f := &Frame{Now: noon, Zone: time.FixedZone("AEDT", 11*3600)}
	for d, want := range map[time.Duration]string{
		0: "just now", -59 * time.Second: "just now", -60 * time.Second: "1 minute ago", -119 * time.Minute: "1 hour ago",
		-23 * time.Hour: "23 hours ago", -36 * time.Hour: "1 day ago", -36*time.Hour - 12*time.Minute: "1 day ago",
		-80 * time.Hour: "3 days ago", -40 * 24 * time.Hour: "14 Oct 2026",
		30 * time.Second: "in 1 minute", 5 * time.Hour: "in 5 hours", 50 * time.Hour: "in 3 days", 400 * 24 * time.Hour: "28 Dec 2027",
	} {
		if got := f.ago(noon.Add(d)); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

// A date is the same everywhere, a time is not.
func TestDatesAndTimes(t *testing.T) {
	f := &Frame{Now: noon, Zone: time.FixedZone("PST", -8*3600)}
	midnight := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	if got := markup(t, f, On(midnight)); got != `<time datetime="2026-11-23">23 Nov 2026</time>` {
		t.Error(got)
	}
	if got := markup(t, f, At(midnight)); got != `<time datetime="2026-11-23T00:00:00Z" title="12 hours ago">22 Nov 2026, 16:00 PST</time>` {
		t.Error(got)
	}
}

func TestAddress(t *testing.T) {
	u := at(t, "/families?q=a%26b&sort=title&after=x#top")
	for want, got := range map[string]string{
		"/families?q=a%26b&sort=-title": Address(u, "sort", "-title", "after", ""),
		"/families?after=x&sort=title":  Address(u, "q", ""),
		"/families":                     Address(at(t, "/families?q=x"), "q", ""),
		"/a%20b?q=1":                    Address(at(t, "/a%20b"), "q", "1"),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if u.RawQuery != "q=a%26b&sort=title&after=x" {
		t.Error("the address itself is changed")
	}
}

// A column is sorted by one way, then the other, and the list begins anew.
func TestSorting(t *testing.T) {
	title := Column{Label: "Title", Sort: "title"}
	for address, want := range map[string][2]string{
		"/f?after=9":     {"", "/f?sort=title"},
		"/f?sort=title":  {"ascending", "/f?sort=-title"},
		"/f?sort=-title": {"descending", "/f?sort=title"},
		"/f?sort=people": {"", "/f?sort=title"},
	} {
		c := Columns{URL: at(t, address)}
		if d := cmp.Diff(want, [2]string{c.way(title), c.sorted(title)}); d != "" {
			t.Errorf("%s: %s", address, d)
		}
	}
}

// A search keeps the filters of its list, but not the page of it.
func TestSearchKeepsFilters(t *testing.T) {
	var got []string
	for _, p := range kept(at(t, "/f?q=old&after=9&ask=x&track=ic&grade=7&grade=8&sort=title")) {
		got = append(got, p.Label+"="+p.Value)
	}
	if want := "grade=7 grade=8 sort=title track=ic"; strings.Join(got, " ") != want {
		t.Errorf("kept are %v, want %s", got, want)
	}
}

// A room is current on its own page and below it, and nowhere else.
func TestRoomIsCurrent(t *testing.T) {
	r := Room{Href: "/families", Below: []string{"/grades"}}
	for path, want := range map[string]bool{"/families": true, "/families/a": true, "/grades": true, "/grades/b": true, "/familiesx": false, "/": false} {
		if got := r.is(&url.URL{Path: path}); got != want {
			t.Errorf("%s: %t", path, got)
		}
	}
	if (Room{Href: "/"}).is(&url.URL{Path: "/families"}) {
		t.Error("the start page is current everywhere")
	}
}

// What is secret is never sent back, whatever was wrong.
func TestPasswordsAreNotShownAgain(t *testing.T) {
	f := &form.Form{Values: url.Values{"password": {"harbour-7"}, "name": {"Ada"}}}
	got := markup(t, &Frame{}, templ.Join(Field(f, Input{Name: "password", Label: "Password", Kind: "password"}), Field(f, Input{Name: "name", Label: "Name"})))
	if strings.Contains(got, "harbour-7") || !strings.Contains(got, `value="Ada"`) {
		t.Error(got)
	}
}

// Each form carries a key of its own, an upload in its address.
func TestFormsCarryKeys(t *testing.T) {
	n := 0
	f := &Frame{Key: func() string { n++; return "key-" + string(rune('0'+n)) }}
	got := markup(t, f, templ.Join(Form(Sending{To: "/a"}), Form(Sending{To: "/b", Upload: true}), Do("/c", Act{Label: "Go"})))
	for _, want := range []string{`name="idempotency_key" value="key-1"`, `action="/b?idempotency_key=key-2"`, `name="idempotency_key" value="key-3"`} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %s in %s", want, got)
		}
	}
}

// A dialog is open when the address asks for it.
func TestDialogWithoutScripts(t *testing.T) {
	f := &Frame{URL: at(t, "/x?page=2")}
	button := markup(t, f, Button(Act{Label: "Decline…", Dialog: "decline"}))
	if !strings.Contains(button, `href="/x?ask=decline&amp;page=2#decline"`) {
		t.Error(button)
	}
	if got := markup(t, f, Dialog(Question{ID: "decline"})); strings.Contains(got, " open") {
		t.Error("it is open at once")
	}
	f.URL = at(t, "/x?ask=decline&page=2")
	if got := markup(t, f, Dialog(Question{ID: "decline"})); !strings.Contains(got, " open") {
		t.Error("it stays closed: " + got)
	}
}

// Text of people is text, wherever it is shown.
func TestEscaping(t *testing.T) {
	const bad = `<script>alert("x")</script>`
	f := &Frame{Now: noon, Organisation: bad, URL: at(t, "/?q=<script>"), Account: Account{Name: bad}}
	all := templ.Join(
		Page(Sheet{Title: bad, Path: []Link{{Label: bad, Href: "/"}}}), Quote(Excerpt{Line: Line{N: 1, File: bad}, Text: bad}),
		Diff(bad, []Row{{Sign: Added, Parts: []Span{{Text: bad, Sign: Added}, {Text: bad}}}}), Picture(Graph{Label: bad, Nodes: []Node{{ID: "a", Label: bad, Note: bad}}}),
		Field(&form.Form{Values: url.Values{"a": {bad}}}, Input{Name: "a", Label: bad, Lines: 2}), Finding(Remark{Say: bad, Fix: bad}),
		SearchIn(f.URL, bad, "list"), Because(Line{N: 2}, bad),
	)
	if got := markup(t, f, all); strings.Contains(got, "<script>") || !strings.Contains(got, "&lt;script&gt;") {
		t.Error(got)
	}
	if got := markup(t, f, Button(Act{Label: "x", Href: "javascript:alert(1)"})); strings.Contains(got, "javascript:") {
		t.Error(got)
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"Leilani Kahale": "LK", "Ada": "A", "élan van Ørsted": "ÉØ", "": "–", "  ": "–"} {
		if got := initials(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}

// Without a frame, components have safe defaults.
func TestWithoutFrame(t *testing.T) {
	var b bytes.Buffer
	if err := templ.Join(At(noon), Do("/x", Act{Label: "Go"}), Facets(From(context.Background()).URL)).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "12:00 UTC") {
		t.Error(b.String())
	}
}

// The breadcrumbs begin at the room, be it that the page names it or not.
func TestBreadcrumbsBeginAtTheRoom(t *testing.T) {
	settings := Room{Label: "Settings", Href: "/settings", Below: []string{"/accounts"}}
	ada := Link{Label: "Ada", Href: "/accounts/ada"}
	for _, c := range []struct {
		path string
		of   []Link
		want string
	}{
		{"/settings", nil, ""},
		{"/accounts", nil, "Settings"},
		{"/accounts/ada/tokens", []Link{ada}, "Settings Ada"},
		{"/settings/jobs/7", []Link{{Label: "All settings", Href: "/settings"}}, "All settings"},
		{"/families", nil, ""},
	} {
		var got []string
		for _, l := range (&Frame{URL: &url.URL{Path: c.path}, Rooms: []Room{settings}}).way(c.of) {
			got = append(got, l.Label)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %q", c.path, got, c.want)
		}
	}
}

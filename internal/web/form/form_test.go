package form_test

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/web/form"
)

type berth struct {
	Title  string    `form:"title,required"`
	Length int       `form:"length"`
	From   time.Time `form:"from"`
	Cranes []int     `form:"cranes"`
	Cold   bool      `form:"cold"`
	Depth  *int64    `form:"depth"`
	Secret string    `form:"secret,raw"`
	Other  string
}

func post(values url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestRead(t *testing.T) {
	var in berth
	f, err := form.Read(post(url.Values{
		"title": {" North "}, "length": {"320"}, "from": {"2026-11-23"}, "cranes": {"1", "", "4"},
		"cold": {"on"}, "depth": {"15"}, "secret": {" a b "}, "Other": {"not asked for"},
	}), &in)
	if err != nil || !f.OK() {
		t.Fatal(err, f)
	}
	depth := int64(15)
	want := berth{"North", 320, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), []int{1, 4}, true, &depth, " a b ", ""}
	if d := cmp.Diff(want, in); d != "" {
		t.Error(d)
	}
	// What was read can be shown again.
	if got := form.New(in).Values.Encode(); got != "cold=on&cranes=1&cranes=4&depth=15&from=2026-11-23&length=320&secret=+a+b+&title=North" {
		t.Error(got)
	}
}

// Every field that is wrong says what to enter, in the order of the struct, and
// what was typed is kept.
func TestReadKeepsWhatIsWrong(t *testing.T) {
	var in berth
	f, err := form.Read(post(url.Values{"title": {"  "}, "length": {"long"}, "from": {"31 Feb 2027"}, "cranes": {"2", "x"}}), &in)
	if err != nil {
		t.Fatal(err)
	}
	want := []form.Error{
		{Field: "title", Message: "Fill this in."},
		{Field: "length", Message: "Enter a whole number, such as 12."},
		{Field: "from", Message: "This day does not exist: look at the month again."},
		{Field: "cranes", Message: "Enter a whole number, such as 12."},
	}
	if d := cmp.Diff(want, f.Errors); d != "" {
		t.Error(d)
	}
	if f.OK() || f.Value("length") != "long" || !f.Has("cranes", "x") || f.Error("from") == "" || f.Error("cold") != "" {
		t.Errorf("what was typed is lost: %v", f)
	}
}

func TestDay(t *testing.T) {
	for _, text := range []string{"2026-11-03", "3 Nov 2026", "3 November 2026", "3.11.2026"} {
		if day, err := form.Day(text); err != nil || !day.Equal(time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: %v, %v", text, day, err)
		}
	}
	if _, err := form.Day("soon"); err == nil || !strings.Contains(err.Error(), "such as") {
		t.Error(err)
	}
}

func TestFiles(t *testing.T) {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	w, _ := m.CreateFormFile("plan", "plan.md")
	_, _ = fmt.Fprint(w, "# Plan")
	_ = m.WriteField("title", "South")
	_ = m.Close()
	r := httptest.NewRequest(http.MethodPost, "/", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	var in struct {
		Title string                `form:"title"`
		Plan  *multipart.FileHeader `form:"plan,required"`
		Photo *multipart.FileHeader `form:"photo,required"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		t.Fatal(err)
	}
	if in.Title != "South" || in.Plan == nil || in.Plan.Filename != "plan.md" || f.Error("plan") != "" || f.Error("photo") != "Choose a file." {
		t.Errorf("%+v, %v", in, f.Errors)
	}
}

func TestBrokenBodies(t *testing.T) {
	large := post(url.Values{"title": {strings.Repeat("x", 3000)}})
	large.Body = http.MaxBytesReader(httptest.NewRecorder(), large.Body, 2048)
	json := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("{}"))
	json.Header.Set("Content-Type", "application/json")
	broken := post(nil)
	broken.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	for want, r := range map[string]*http.Request{"at most 2 kB": large, "as a browser does": json, "broken": broken} {
		var in berth
		if _, err := form.Read(r, &in); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// A rule behind the form speaks beside a field; what the reader cannot help is
// no matter of the form.
func TestRefuse(t *testing.T) {
	var f form.Form
	if !f.Refuse(fault.New(fault.Conflict, "berth %d is taken", 4), "berth") || f.Refuse(errors.New("disk full"), "berth") {
		t.Error("wrong errors are taken")
	}
	f.Wrong("berth", "a second one")
	f.Wrong("", "the harbour is closed?")
	want := []form.Error{{Field: "berth", Message: "Berth 4 is taken."}, {Message: "The harbour is closed?"}}
	if d := cmp.Diff(want, f.Errors); d != "" {
		t.Error(d)
	}
	if f.ID = "new"; f.FieldID("berth.no") != "f-new-berth-no" || (*form.Form)(nil).FieldID("x") != "f-x" {
		t.Error(f.FieldID("berth.no"))
	}
}

func TestQuery(t *testing.T) {
	var in struct {
		Text  string `form:"q"`
		Limit int    `form:"limit"`
	}
	f := form.Query(httptest.NewRequest(http.MethodGet, "/?q=crane&limit=many", nil), &in)
	if in.Text != "crane" || in.Limit != 0 || f.Error("limit") == "" {
		t.Errorf("%+v %v", in, f)
	}
}

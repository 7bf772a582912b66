package press_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/press"
	"github.com/cadre-hq/cadre/internal/source"
)

// A page by itself is what JSON writes of it, and to change an id in it does not
// change the family.
func TestPageOf(t *testing.T) {
	o := compile.Options{}
	f := o.Page(source.New("pilot.md", []byte("---\ntitle: Pilot\n---\n## Responsibilities\n* Guide ships\n## Hiring Process\n* 30 minute call with a Recruiter\n"))).Family
	p := press.PageOf(f, nil)
	var b bytes.Buffer
	if err := press.JSON(&b, []*family.Family{f}, nil); err != nil {
		t.Fatal(err)
	}
	var want press.Export
	if err := json.Unmarshal(b.Bytes(), &want); err != nil {
		t.Fatal(err)
	}
	got, err1 := json.Marshal(p)
	text, err2 := json.Marshal(want.Pages[0])
	if err1 != nil || err2 != nil || !bytes.Equal(got, text) {
		t.Errorf("%v %v\n%s\n%s", err1, err2, got, text)
	}
	p.Hiring[0].Steps[0].ID = "changed"
	if f.Hiring[0].Steps[0].ID == "changed" {
		t.Error("the family changed with the page")
	}
}

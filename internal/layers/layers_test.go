package layers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A harbour has a key of each shape.
type harbour struct {
	Name   string            `yaml:"name"`
	Berths int64             `yaml:"berths"`
	Open   bool              `yaml:"open"`
	Ships  []string          `yaml:"ships"`
	Names  map[string]string `yaml:"names"`
	Depth  depth             `yaml:"depth"`
	Pilot  struct {
		Call string `yaml:"call"`
	} `yaml:"pilot"`
	hidden string
}

// A depth is one value, though it is a struct.
type depth struct{ Metres string }

func (d *depth) SetText(text string) (want string) {
	if !strings.HasSuffix(text, "m") {
		return "a depth such as 12m"
	}
	d.Metres = text
	return ""
}

func (d depth) MarshalJSON() ([]byte, error) { return JSON(d.Metres) }

// Each layer is over the one before, key by key, and it is known where a value
// comes from.
func TestLayersAreOverEachOther(t *testing.T) {
	h := &harbour{Name: "a", Berths: 3, hidden: "x"}
	s := New(h, "harbour.yaml")
	problems, err := s.TakeFile("h.yaml", []byte("name: b & c\nships: x\npilot:\n  call: 12\nnames: {z: 1, y: 2}\n"))
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	problems = s.TakeEnvironment([]string{"CADRE_BERTHS=4", "CADRE_SHIPS=p, q", "CADRE_DEPTH=9m", "CADRE_OPEN=", "CADRE_OTHER=1", "HOME=/"})
	problems = append(problems, s.Set("pilot.call", []string{"16"}, Origin{Kind: FromFlag, Name: "--call"})...)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var got []string
	for _, v := range s.Values() {
		got = append(got, v.Key+": "+v.Text+" # "+v.Origin.String())
	}
	want := []string{
		`name: "b & c" # h.yaml:1`, `berths: 4 # CADRE_BERTHS`, `open: false # default`, `ships: ["p","q"] # CADRE_SHIPS`,
		`names: {"y":"2","z":"1"} # h.yaml:5`, `depth: "9m" # CADRE_DEPTH`, `pilot.call: "16" # --call`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if s.Get("berths") != int64(4) || s.Get("none") != nil {
		t.Errorf("berths are %v", s.Get("berths"))
	}
}

// What does not fit is told with its place, and what does fit counts.
func TestWhatDoesNotFit(t *testing.T) {
	h := &harbour{}
	s := New(h, "harbour.yaml")
	problems, err := s.TakeFile("h.yaml", []byte("nmae: x\nberths: many\nships: [a, b]\n"))
	if err != nil {
		t.Fatal(err)
	}
	problems = append(problems, s.TakeEnvironment([]string{"CADRE_OPEN=maybe", "CADRE_NAMES=a", "CADRE_DEPTH=deep", "CADRE_BERTHS=x"})...)
	problems = append(problems, s.Set("shps", nil, Origin{Kind: FromFlag, Name: "--shps"})...)
	problems = append(problems, s.Problem("ships", "ships[1]", "no such ship"), s.Problem("open", "open", "closed"))
	want := strings.Join([]string{
		`h.yaml:1:1: unknown key "nmae"; did you mean "name"?`,
		`h.yaml:2:9: berths must be a whole number, not "many"`,
		`CADRE_BERTHS: berths must be a whole number, not "x"`,
		`CADRE_DEPTH: depth must be a depth such as 12m, not "deep"`,
		`CADRE_NAMES: names must be set in harbour.yaml, not "a"`,
		`CADRE_OPEN: open must be true or false, not "maybe"`,
		`--shps: unknown key "shps"; did you mean "ships"?`,
		`h.yaml:3:12: no such ship`,
		`default: closed`,
	}, "\n")
	if diff := cmp.Diff(want, problems.Error()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if len(h.Ships) != 2 {
		t.Errorf("ships are %v", h.Ships)
	}
	if _, err := s.TakeFile("h.yaml", []byte("a: b: c")); err == nil {
		t.Error("what is no YAML is taken")
	}
	var none Stack
	if len(none.Values()) != 0 || none.Origin("x").Kind != FromDefault {
		t.Error("the zero stack has keys")
	}
}

package hierarchy

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/fault"
)

// Unknown keys, lists for single values and missing names do no harm.
func TestLoad(t *testing.T) {
	got, err := Load(fstest.MapFS{
		SectionsFile: {Data: []byte("waterside: {name: [Waterside, Sea], crew: [a, b]}\nlandside: null\n")},
		StagesFile: {Data: []byte(`stages:
  berth:
    display_name: Berth
    name: berthing
    marketing: true
    section: [waterside]
    groups:
      vessel_calls: {name: Vessel Calls, pm: [x, y], categories: port_calls}
      quay_walls:
  gate: {section: landside, groups: []}
`)},
		CategoriesFile: {Data: []byte("port_calls: {name: Port Calls, stage: berth, marketing: false, viable: 2020-01-01}\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &lint.Hierarchy{
		Sections: []lint.Node{{Key: "waterside", Name: "Waterside"}, {Key: "landside", Name: "landside"}},
		Stages: []lint.Node{
			{Key: "berth", Name: "Berth", Parent: "waterside", Marketing: true},
			{Key: "gate", Name: "gate", Parent: "landside"},
		},
		Groups: []lint.Node{
			{Key: "vessel_calls", Name: "Vessel Calls", Parent: "berth"},
			{Key: "quay_walls", Name: "quay walls", Parent: "berth"},
		},
		Categories: []lint.Node{{Key: "port_calls", Name: "Port Calls", Parent: "berth"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestLoadFails(t *testing.T) {
	for name, c := range map[string]struct {
		files fstest.MapFS
		kind  fault.Kind
		want  string
	}{
		"nothing": {fstest.MapFS{"other.yml": {}}, fault.NotFound, "no product hierarchy here: expected sections.yml, stages.yml or categories.yml"},
		"list":    {fstest.MapFS{StagesFile: {Data: []byte("- a\n")}}, fault.Invalid, "stages.yml: must hold keys with values"},
		"syntax":  {fstest.MapFS{SectionsFile: {Data: []byte("a: b: c\n")}}, fault.Invalid, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(c.files)
			if fault.KindOf(err) != c.kind || c.want != "" && err.Error() != c.want {
				t.Errorf("got %v (%v), want %s", err, fault.KindOf(err), c.want)
			}
		})
	}
}

func TestExample(t *testing.T) {
	h, err := Load(os.DirFS("../../examples/meridian/data"))
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Sections) == 0 || len(h.Stages) == 0 || len(h.Groups) == 0 || len(h.Categories) == 0 {
		t.Errorf("something is missing: %d sections, %d stages, %d groups, %d categories", len(h.Sections), len(h.Stages), len(h.Groups), len(h.Categories))
	}
}

// The real files hold 10 sections, 20 stages, 60 groups and 139 categories.
func TestCorpus(t *testing.T) {
	corpus := os.Getenv("CADRE_CORPUS")
	if corpus == "" {
		corpus = "../../../shared/corpus"
	}
	folder := filepath.Join(corpus, "data")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("no corpus: %v", err)
	}
	h, err := Load(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	got := []int{len(h.Sections), len(h.Stages), len(h.Groups), len(h.Categories)}
	if diff := cmp.Diff([]int{10, 20, 60, 139}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte("stages:\n  a: &x {groups: {b: *x}}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _ = Load(fstest.MapFS{StagesFile: {Data: text}, SectionsFile: {Data: text}, CategoriesFile: {Data: text}})
	})
}

package hierarchy

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/policy"
)

// corpus reads the real files; without them the test is skipped.
func corpus(t *testing.T) *Reading {
	t.Helper()
	folder := os.Getenv("CADRE_CORPUS")
	if folder == "" {
		folder = "../../../shared/corpus"
	}
	folder = filepath.Join(folder, "data")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("no corpus: %v", err)
	}
	r, err := ReadFolder(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func keysOf(all []Finding, c Code) []string {
	var out []string
	for _, f := range all {
		if f.Code == c {
			out = append(out, f.Key)
		}
	}
	return out
}

// What is known of the real files is found in them, and where it stands.
func TestRealFindings(t *testing.T) {
	r := corpus(t)
	if diff := cmp.Diff(Counts{10, 20, 60, 139}, r.Counts()); diff != "" || len(r.Rejected) > 0 {
		t.Errorf("-want +got:\n%s%v", diff, r.Rejected)
	}
	found := Check(r.Tree, LimitsOf(policy.Default()))
	for code, want := range map[Code][]string{
		Orphan:          {"dora_metrics", "gitlab_handbook", "snippets", "code_search"},
		DoubleOwned:     {"runner_saas", "gitaly"},
		TooMany:         {"secure"},
		DaysOutOfOrder:  {"dependency_proxy", "product_analytics"},
		OtherStage:      {"optimize"},
		NoParent:        nil,
		UnknownCategory: nil,
		NoDay:           nil,
		NameRepeats:     nil,
	} {
		got := keysOf(found, code)
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", code, diff)
		}
	}
	if n := len(keysOf(found, NoDirection)); n != 12 {
		t.Errorf("%d categories without a direction, want 12", n)
	}
	for _, f := range found {
		if f.Line == 0 || f.File == "" {
			t.Errorf("no line: %+v", f)
		}
		if f.Code == TooMany && (f.Message != "stage Secure has 9 marketing categories of at most 8" || f.Line == 0) {
			t.Errorf("%+v", f)
		}
		if strings.Contains(f.Message, "Person ") {
			t.Errorf("names a person: %s", f.Message)
		}
	}
}

// 58 of 60 groups name a product manager, 53 product marketing, 58 a writer.
func TestRealCounterparts(t *testing.T) {
	l := LimitsOf(policy.Default())
	got := corpus(t).Tallies(Group, l.Words(), []Function{Product, ProductMarketing})
	want := []Tally{
		{Function: Product, Nodes: 60, Named: 58, Filled: 52, Acting: 6},
		{Function: ProductMarketing, Nodes: 60, Named: 53, Filled: 53},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What is written of the real files reads as the same.
func TestRealFilesAreKept(t *testing.T) {
	r := corpus(t)
	again := rewritten(t, r.Tree)
	if diff := difference(r.Tree, again); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

// rewritten returns a tree as it is read after it was written.
func rewritten(t failer, tree *Tree) *Tree {
	t.Helper()
	files, err := Write(tree)
	if err != nil {
		t.Fatalf("write: %v", err)
	}
	r, err := Parse(files)
	if err != nil {
		t.Fatalf("read what was written: %v\n%s", err, files[StagesFile])
	}
	if len(r.Rejected) > 0 {
		t.Fatalf("rejected what was written: %v", r.Rejected)
	}
	return r.Tree
}

// difference compares trees, but for where things stand.
func difference(want, got *Tree) string {
	return cmp.Diff(want.Nodes, got.Nodes, cmpopts.IgnoreFields(Node{}, "File", "Line", "Lines"), cmpopts.EquateEmpty())
}

// Whatever stands in a hierarchy, writing it and reading it changes nothing.
// Names that are kept apart come back to their places.
func TestWriteAndReadIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := NewTree(drawNodes(t))
		again := rewritten(t, tree)
		if diff := difference(tree, again); diff != "" {
			t.Fatalf("-want +got:\n%s", diff)
		}
		for _, n := range tree.Nodes {
			bare, names := n.Fields.Strip()
			parsed, err := ParseFields(bare.JSON())
			if err != nil {
				t.Fatalf("%v in %s", err, bare.JSON())
			}
			if back := parsed.Fill(names, "TBD"); !back.Equal(n.Fields) && !holdsNumber(n.Fields) {
				t.Fatalf("%s came back as %s", n.Fields.JSON(), back.JSON())
			}
		}
	})
}

// holdsNumber reports whether a name is a number, which becomes a text.
func holdsNumber(f Fields) bool {
	for _, one := range f {
		for _, s := range slots {
			if one.Key == s.field && (one.Value.Kind == Number || slices.ContainsFunc(one.Value.Items, func(v Value) bool { return v.Kind == Number })) {
				return true
			}
		}
	}
	return false
}

func drawNodes(t *rapid.T) []*Node {
	var all []*Node
	key := rapid.StringMatching(`[a-z0-9][a-z0-9_-]{0,6}`)
	parents := map[Kind][]string{}
	for _, k := range Kinds {
		keys := rapid.SliceOfNDistinct(key, 1, 4, rapid.ID[string]).Draw(t, string(k))
		for _, one := range keys {
			n := &Node{Ref: Ref{k, one}, Name: rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9 :'"#&-]{0,10}[a-z0-9]`).Draw(t, "name"), Fields: drawFields(t)}
			if p := k.Parent(); p != "" {
				n.Parent = Ref{p, rapid.SampledFrom(parents[p]).Draw(t, "parent")}
			}
			all = append(all, n)
		}
		parents[k] = keys
	}
	// Groups stand below their stages, in the order of these.
	at := func(n *Node) int { return slices.Index(parents[Stage], n.Parent.Key) }
	slices.SortStableFunc(all, func(a, b *Node) int {
		if a.Kind != Group || b.Kind != Group {
			return 0
		}
		return at(a) - at(b)
	})
	return all
}

func drawFields(t *rapid.T) Fields {
	known := []string{"pm", "pdm", "internal_customers", "direction", "marketing", "viable", "colour", "nested"}
	var out Fields
	for _, k := range rapid.SliceOfDistinct(rapid.SampledFrom(known), rapid.ID[string]).Draw(t, "keys") {
		out = append(out, Field{k, drawValue(t, 2)})
	}
	return out
}

func drawValue(t *rapid.T, depth int) Value {
	kinds := []ValueKind{Null, Text, Text, Number, Bool}
	if depth > 0 {
		kinds = append(kinds, List, Map)
	}
	v := Value{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
	switch v.Kind {
	case Text:
		v.Text = clean(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "TBD", "2020-01-01", "true", "12", "~", "null", "a: b", "- x", "Ida Berth (Acting)", "line\nline\n"})).Draw(t, "text"))
	case Number:
		v.Text = rapid.SampledFrom([]string{"0", "-3", "12.70", "1e3"}).Draw(t, "number")
	case Bool:
		v.Text = rapid.SampledFrom([]string{"true", "false"}).Draw(t, "bool")
	case List:
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			v.Items = append(v.Items, drawValue(t, depth-1))
		}
	case Map:
		for _, k := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"department", "dri", "x"}), 0, 3, rapid.ID[string]).Draw(t, "keys") {
			v.Pairs = append(v.Pairs, Field{k, drawValue(t, depth-1)})
		}
	}
	return v
}

// harbour is a small hierarchy with one fault of each kind.
const harbourStages = `stages:
  berth:
    display_name: Berth
    section: waterside
    lifecycle: 9
    pm: Ida Wharf
    groups:
      calls:
        name: Calls
        pm: [Ida Wharf, TBD]
        tech_writer: Ole Bollard (Acting)
        internal_customers:
        - {department: Support, dri: tbd}
        categories: [port_calls, piers, towage]
      planning:
        name: Berth
        pm:
        categories: port_calls
  yard:
    section: landsid
  gate:
`

const harbourCategories = `port_calls: {name: Port Calls, stage: berth, direction: /calls, available: 2020-05-01, viable: soon, complete: 2019-01-01}
pilots: {stage: berth}
towage: {name: Towage, stage: yard, direction: /towage}
towage: {name: Twice, stage: yard}
a/b: {stage: berth}
text: only
`

func TestFindings(t *testing.T) {
	r, err := ReadFolder(fstest.MapFS{
		SectionsFile:   {Data: []byte("waterside: {name: Waterside}\nlandside: {name: Landside}\n")},
		StagesFile:     {Data: []byte(harbourStages)},
		CategoriesFile: {Data: []byte(harbourCategories)},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range append(r.Rejected, Check(r.Tree, LimitsOf(policy.Default()))...) {
		got = append(got, strings.TrimSpace(strings.Join([]string{f.File, lineText(f.Line), string(f.Code), f.Message}, " ")))
	}
	want := []string{
		`categories.yml 4 rejected category towage stands twice; the first counts`,
		`categories.yml 5 rejected category a/b its key cannot be used: it must be of letters, digits, "-", "_" and ".", at most 100 of them`,
		`categories.yml 6 rejected category text holds no keys with values`,
		`stages.yml 5 out_of_range stage Berth has a lifecycle of 9, which is not from 0 to 7`,
		`stages.yml 10 open_holder group Calls has nobody for product`,
		`stages.yml 11 acting_holder group Calls has somebody acting for technical writing`,
		`stages.yml 13 open_holder group Calls has nobody for internal customer (Support)`,
		`stages.yml 14 unknown_category group Calls builds the category "piers", which is not there`,
		`stages.yml 14 category_of_another_stage group Calls builds the category Towage, which is of the stage yard`,
		`stages.yml 16 name_repeats group Berth is called like the stage berth, and is not the same`,
		`stages.yml 20 no_parent stage yard names the section "landsid", which is not there; did you mean "landside"?`,
		`stages.yml 21 no_parent stage gate names no section`,
		`categories.yml 1 dates_out_of_order category Port Calls is complete on 2019-01-01, before it is available on 2020-05-01`,
		`categories.yml 1 double_owned_category category Port Calls is built by 2 groups: Berth:Calls, Berth:Berth`,
		`categories.yml 1 not_a_day category Port Calls has a viable that is no day: "soon"`,
		`categories.yml 2 no_direction category pilots has no direction`,
		`categories.yml 2 orphan_category category pilots is built by no group`,
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func lineText(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}

// A part of the files is read; what is no hierarchy at all is an error, and so
// are aliases that would fill the memory.
func TestReadFolderFails(t *testing.T) {
	r, err := ReadFolder(fstest.MapFS{CategoriesFile: {Data: []byte("piers:\n")}})
	if err != nil || !r.Has(Category) || r.Has(Group) || r.Node(Ref{Category, "piers"}).Name != "piers" {
		t.Errorf("one file: %+v, %v", r, err)
	}
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'i'; c++ {
		p := string(c - 1)
		bomb += string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+p+",", 10), ",") + "]\n"
	}
	for name, c := range map[string]struct {
		files fstest.MapFS
		kind  fault.Kind
	}{
		"nothing": {fstest.MapFS{}, fault.NotFound},
		"a list":  {fstest.MapFS{SectionsFile: {Data: []byte("- a\n")}}, fault.Invalid},
		"a bomb":  {fstest.MapFS{SectionsFile: {Data: []byte("bomb:\n  " + strings.ReplaceAll(bomb, "\n", "\n  "))}}, fault.Invalid},
		"a loop":  {fstest.MapFS{SectionsFile: {Data: []byte("a: &a\n  b: *a\n")}}, fault.Invalid},
	} {
		if _, err := ReadFolder(c.files); fault.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(harbourStages), []byte(harbourCategories))
	f.Fuzz(func(t *testing.T, stages, categories []byte) {
		r, err := Parse(map[string][]byte{StagesFile: stages, CategoriesFile: categories})
		if err != nil {
			return
		}
		Check(r.Tree, LimitsOf(policy.Default()))
		if diff := difference(r.Tree, rewritten(t, r.Tree)); diff != "" && len(keysOf(Check(r.Tree, LimitsOf(policy.Default())), NoParent)) == 0 {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

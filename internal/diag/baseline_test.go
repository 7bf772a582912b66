package diag

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/source"
)

// page returns findings of two rules, one for each line of text that holds the
// word "quay" or "crane", with fingerprints.
func page(path string, lines ...string) []Finding {
	f := source.New(path, []byte(strings.Join(lines, "\n")))
	var fs []Finding
	heading := ""
	at := 0
	for _, line := range lines {
		if title, ok := strings.CutPrefix(line, "# "); ok {
			heading = title
		}
		for word, code := range map[string]Code{"quay": "CAD101", "crane": "CAD102"} {
			if i := strings.Index(line, word); i >= 0 {
				place := At(f, source.Span{Start: at + i, End: at + i + len(word)})
				fs = append(fs, Finding{Code: code, Place: place, Heading: heading, Message: "about the " + word})
			}
		}
		at += len(line) + 1
	}
	return identified(fs, nil)
}

// identified sorts findings and gives them fingerprints, as a run does.
func identified(fs []Finding, name func(path string) string) []Finding {
	slices.SortStableFunc(fs, func(a, b Finding) int { return Compare(&a, &b) })
	prints := NewFingerprints(name)
	for i := range fs {
		fs[i].Fingerprint = prints.Next(&fs[i])
	}
	return fs
}

// prints returns what identifies findings, without their lines.
func prints(fs []Finding) []string {
	var out []string
	for _, f := range fs {
		out = append(out, string(f.Code)+" "+f.Fingerprint)
	}
	return out
}

var quays = []string{"# Berths", "the quay", "a crane", "the quay again", "# Cranes", "the crane", "the quay"}

// Fingerprints are unique, and stay when lines are inserted anywhere, when
// words change and when the page's other headings do.
func TestFingerprintsSurviveEdits(t *testing.T) {
	want := prints(page("a.md", quays...))
	seen := map[string]bool{}
	for _, p := range want {
		if seen[p] {
			t.Errorf("%s stands for two findings", p)
		}
		seen[p] = true
	}
	for at := range len(quays) + 1 {
		moved := append(append(append([]string{}, quays[:at]...), "a new line", ""), quays[at:]...)
		if diff := cmp.Diff(want, prints(page("a.md", moved...))); diff != "" {
			t.Errorf("with lines inserted at %d (-want +got):\n%s", at, diff)
		}
	}
}

// What makes a finding another one changes its fingerprint.
func TestFingerprintsTellApart(t *testing.T) {
	one := page("a.md", "# Berths", "the quay")[0].Fingerprint
	for name, other := range map[string][]Finding{
		"another page":    page("b.md", "# Berths", "the quay"),
		"another heading": page("a.md", "# Moorings", "the quay"),
		"another rule":    page("a.md", "# Berths", "the crane"),
	} {
		if other[0].Fingerprint == one {
			t.Errorf("%s has the same fingerprint", name)
		}
	}
	named := page("x/a.md", "# Berths", "the quay")
	identified(named, func(path string) string { return strings.TrimPrefix(path, "x/") })
	if named[0].Fingerprint != one {
		t.Error("the fingerprint depends on where Cadre was called")
	}
}

func TestBaseline(t *testing.T) {
	old := page("a.md", quays...)
	var b bytes.Buffer
	if err := WriteBaseline(&b, old, nil); err != nil {
		t.Fatal(err)
	}
	baseline, err := ReadBaseline(&b)
	if err != nil {
		t.Fatal(err)
	}
	if rest := baseline.Filter(old, nil); len(rest) != 0 {
		t.Errorf("known findings are new: %v", prints(rest))
	}
	now := page("a.md", "# Berths", "a new line", "the quay", "# Sheds", "the crane")
	got := baseline.Filter(now, nil)
	if len(got) != 1 || got[0].Heading != "Sheds" {
		t.Errorf("new are %v, want the crane of the sheds alone", got)
	}
	if n := baseline.Gone(now); n != len(old)-1 {
		t.Errorf("%d entries are gone, want %d", n, len(old)-1)
	}
	if len(now) != 2 || now[0].Heading != "Berths" {
		t.Error("Filter changed the findings that it was given")
	}
	if known := Known(old, nil).Filter(now, nil); len(known) != 1 {
		t.Errorf("against the earlier findings %d are new, want 1", len(known))
	}
}

// Of several findings in one section the new one is reported, although it
// stands before known ones; and one whose message has other words is known.
func TestBaselineTellsTheNewOne(t *testing.T) {
	spot := func(messages ...string) []Finding {
		fs := make([]Finding, len(messages))
		for i, m := range messages {
			fs[i] = Finding{Code: "CAD101", Place: Place{Path: "a.md", Span: source.Span{Start: i}}, Message: m}
		}
		return identified(fs, nil)
	}
	baseline := Known(spot("about the quay", "line 7 says so", "about the quay"), nil)
	for _, c := range []struct {
		name string
		now  []Finding
		want []string
	}{
		{"in between", spot("about the crane", "about the quay", "line 7 says so", "about the yard", "about the quay"), []string{"about the crane", "about the yard"}},
		{"twice is not three times", spot("about the quay", "about the quay", "line 7 says so", "about the quay"), []string{"about the quay"}},
		{"reworded", spot("about the quay", "line 9 says so", "about the quay"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, f := range baseline.Filter(c.now, nil) {
				got = append(got, f.Message)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// The file changes only when the findings do: a finding that moved down leaves
// it as it was.
func TestBaselineHoldsNoLines(t *testing.T) {
	var before, after bytes.Buffer
	if err := WriteBaseline(&before, page("a.md", quays...), nil); err != nil {
		t.Fatal(err)
	}
	if err := WriteBaseline(&after, page("a.md", append([]string{"", ""}, quays...)...), nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before.String(), after.String()); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func TestBaselineOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := WriteBaseline(&b, nil, nil); err != nil {
		t.Fatal(err)
	}
	baseline, err := ReadBaseline(&b)
	if err != nil {
		t.Fatal(err)
	}
	if fs := page("a.md", quays...); len(baseline.Filter(fs, nil)) != len(fs) {
		t.Error("an empty baseline hides findings")
	}
}

func TestBadBaseline(t *testing.T) {
	for _, text := range []string{"", "[]", "nonsense", `{"findings": []}`, `{"schema_version": "9"}`, `{"schema_version": 1}`, "{\"schema_version\": \"1\"}\n<<<<<<< ours\n"} {
		if _, err := ReadBaseline(strings.NewReader(text)); fault.KindOf(err) != fault.Invalid || err == nil {
			t.Errorf("%q gives %v", text, err)
		}
	}
}

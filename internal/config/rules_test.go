package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/diag"
)

// How the three rules of the tests count under a configuration: an error that
// is on by default, a warning, and an info of style.
func TestDecide(t *testing.T) {
	const off, info, warning, fatal = diag.Off, diag.Info, diag.Warning, diag.Error
	for _, c := range []struct {
		name, text string
		want       [3]diag.Severity
	}{
		{"defaults", "", [3]diag.Severity{fatal, warning, off}},
		{"an empty list", "use: []\n", [3]diag.Severity{fatal, warning, off}},
		{"style as well", "use: [default, style]\n", [3]diag.Severity{fatal, warning, info}},
		{"all", "use: all\n", [3]diag.Severity{fatal, warning, info}},
		{"style alone", "use: style\n", [3]diag.Severity{off, off, info}},
		{"one by code", "use: CAD205\n", [3]diag.Severity{off, warning, off}},
		{"one by name", "use: empty-link\n", [3]diag.Severity{off, warning, off}},
		{"all but one", "except: empty-link\n", [3]diag.Severity{fatal, off, off}},
		{"all but style", "use: all\nexcept: style\n", [3]diag.Severity{fatal, warning, off}},
		{"a severity", "severities: {CAD205: info}\n", [3]diag.Severity{fatal, info, off}},
		{"a severity by name", "severities: {empty-link: error}\n", [3]diag.Severity{fatal, fatal, off}},
		{"a severity switches off", "severities: {CAD101: off}\n", [3]diag.Severity{off, warning, off}},
		{"a severity switches on", "severities: {vague-words: warning}\n", [3]diag.Severity{fatal, warning, warning}},
		{"except wins", "severities: {vague-words: warning}\nexcept: CAD401\n", [3]diag.Severity{fatal, warning, off}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := load(t, c.text).Select(rules)
			for i, r := range rules {
				if got := s.Severity(r.Code, "a.md"); got != c.want[i] {
					t.Errorf("%s is %s, want %s (%v)", r.Name, got, c.want[i], s.Decision(r.Code).Why)
				}
			}
		})
	}
}

// A decision says why, with the line that is to blame.
func TestWhy(t *testing.T) {
	c := load(t, "use:\n- default\n- style\nexcept:\n- CAD101\nseverities:\n  empty-link: error\nignore_only:\n  CAD205: old\n")
	for i, want := range []string{
		`use names "default" (cadre.yaml:2); except names "CAD101" (cadre.yaml:5)`,
		`use names "default" (cadre.yaml:2); severities makes it "error" (cadre.yaml:7); ignore_only leaves out pages for "CAD205" (cadre.yaml:9)`,
		`use names "style" (cadre.yaml:3)`,
	} {
		if got := strings.Join(c.Decide(rules[i]).Why, "; "); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", rules[i].Name, got, want)
		}
	}
	if got := load(t, "").Decide(rules[2]).Why; cmp.Diff([]string{"use does not name it (default)"}, got) != "" {
		t.Errorf("by default: %q", got)
	}
}

// A severity switches on a rule that use does not name, unless use comes from
// the command line.
func TestUseOnTheCommandLine(t *testing.T) {
	tree(t, map[string]string{Name: "use: [CAD101]\nseverities: {empty-link: info, vague-words: error}\n"})
	for _, c := range []struct {
		flags []Flag
		want  []diag.Severity
	}{
		{nil, []diag.Severity{diag.Error, diag.Info, diag.Error}},
		{[]Flag{{"--use", "use", []string{"empty-link"}}}, []diag.Severity{diag.Off, diag.Info, diag.Off}},
	} {
		conf, err := Load(Options{Flags: c.flags})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range rules {
			if got := conf.Decide(r); got.Severity != c.want[i] {
				t.Errorf("%v: %s is %s, want %s (%v)", c.flags, r.Name, got.Severity, c.want[i], got.Why)
			}
		}
	}
}

// Patterns count from the folder of the file, wherever Cadre is called.
func TestIgnoreOnly(t *testing.T) {
	tree(t, map[string]string{"h/" + Name: "ignore_only:\n  CAD205: [old, new/b.md]\n  default: [never]\n", "h/new/a.md": ""})
	c, err := Load(Options{Start: "h/new"})
	if err != nil {
		t.Fatal(err)
	}
	s := c.Select(rules)
	for path, want := range map[string]diag.Severity{
		"h/new/a.md": diag.Warning, "h/new/b.md": diag.Off, "h/x/old/a.md": diag.Off, "z/b.md": diag.Warning, "h/never/x.md": diag.Off,
	} {
		if got := s.Severity("CAD205", path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if got := s.Severity("CAD999", "h/new/a.md"); got != diag.Off {
		t.Errorf("an unknown rule is %s", got)
	}
}

func TestWaive(t *testing.T) {
	c := load(t, `waivers:
- {code: empty-link, path: quay.md, heading: moorings, reason: known}
- {code: CAD205, path: quay.md, match: tide, reason: tides come and go}
- {code: CAD101, path: quay.md, reason: until then, until: 2026-05-31}
- {code: CAD101, path: "*.md", reason: covers nothing}
- {code: CAD101, path: elsewhere, reason: not checked this time}
`)
	find := func(code diag.Code, path, heading, message string) diag.Finding {
		return diag.Finding{Code: code, Place: diag.Place{Path: path}, Heading: heading, Message: message}
	}
	fs := []diag.Finding{
		find("CAD205", "quay.md", "Quay > Moorings", "a"),
		find("CAD205", "quay.md", "Quay", "b"),
		find("CAD205", "quay.md", "Quay", "the tide table"),
		find("CAD205", "crane.md", "Quay > Moorings", "c"),
		find("CAD101", "quay.md", "", "d"),
	}
	for _, test := range []struct {
		day            string
		open, accepted []string
		notes          []string
	}{
		{
			"2026-05-31",
			[]string{"b", "c"},
			[]string{"a: known", "the tide table: tides come and go", "d: until then"},
			[]string{"cadre.yaml:5:3: the waiver of CAD101 for *.md covers no finding; remove it"},
		},
		{
			"2026-06-01",
			[]string{"b", "c"},
			[]string{"a: known", "the tide table: tides come and go", "d: covers nothing"},
			[]string{"cadre.yaml:4:3: the waiver of CAD101 ran out on 2026-05-31"},
		},
	} {
		t.Run(test.day, func(t *testing.T) {
			day, err := time.Parse(time.DateOnly, test.day)
			if err != nil {
				t.Fatal(err)
			}
			w := c.Waive(fs, rules, []string{"quay.md", "crane.md"}, day.Add(23*time.Hour))
			var open, accepted, notes []string
			for _, f := range w.Open {
				open = append(open, f.Message)
			}
			for _, a := range w.Accepted {
				accepted = append(accepted, a.Message+": "+a.Reason)
			}
			for _, n := range w.Notes {
				notes = append(notes, n.String())
			}
			for what, pair := range map[string][2][]string{"open": {test.open, open}, "accepted": {test.accepted, accepted}, "notes": {test.notes, notes}} {
				if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", what, diff)
				}
			}
		})
	}
}

// A waiver of a rule that does not run this time is no waiver to remove.
func TestWaiveOff(t *testing.T) {
	text := "waivers:\n- {code: CAD205, path: quay.md, reason: known}\n"
	for want, more := range []string{"except: [empty-link]\n", ""} {
		if got := load(t, text+more).Waive(nil, rules, []string{"quay.md"}, time.Time{}).Notes; len(got) != want {
			t.Errorf("%q: got %v", more, got)
		}
	}
}

// Without waivers nothing changes.
func TestWaiveNothing(t *testing.T) {
	fs := []diag.Finding{{Code: "CAD101"}}
	if w := load(t, "").Waive(fs, rules, nil, time.Time{}); len(w.Open) != 1 || len(w.Accepted)+len(w.Notes) != 0 {
		t.Errorf("got %+v", w)
	}
}

package policy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/fault"
)

// Every shipped pack can be read, stands alone under its own name, and states
// what the rules ask for.
func TestShippedPacks(t *testing.T) {
	for _, name := range Names() {
		p, err := Named(name)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if p.Version != name {
			t.Errorf("pack %s calls itself %q", name, p.Version)
		}
		if p.Indicators.Min == nil || p.Indicators.Max == nil || p.Screening.Min == nil || p.Entry.Max == "" {
			t.Errorf("pack %s lacks a figure", name)
		}
		for l, key := range listKeys {
			if len(p.Wording.phrases(List(l)).Words) == 0 {
				t.Errorf("pack %s has no words in %s", name, key)
			}
		}
	}
}

// The scale of September 2022 has no 13 and no half steps.
func TestDefaultScale(t *testing.T) {
	var got []string
	for _, g := range Default().Grades.Scale {
		got = append(got, g.Value)
	}
	if diff := cmp.Diff(strings.Fields("4 5 6 7 8 9 10 11 12 14 15"), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestNamedUnknown(t *testing.T) {
	for name, want := range map[string]string{
		"2022-9":         `unknown policy pack "2022-9"; did you mean "2022-09"?`,
		"meridian":       `unknown policy pack "meridian"; shipped packs are 2022-09, 2024-03`,
		"../policy/2022": `unknown policy pack "../policy/2022"; shipped packs are 2022-09, 2024-03`,
	} {
		_, err := Named(name)
		if err == nil || err.Error() != want || fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q: got %v, want %s", name, err, want)
		}
	}
}

// A pack that extends a shipped one says only what differs.
func TestExtends(t *testing.T) {
	p, err := Parse("ours.yaml", []byte("version: ours-1\nextends: 2022-09\nindicators: {max: 7, source: people handbook}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if *p.Indicators.Min != 3 || *p.Indicators.Max != 7 || !p.Grades.Has("12") {
		t.Errorf("got indicators %d to %d, grade 12 %v", *p.Indicators.Min, *p.Indicators.Max, p.Grades.Has("12"))
	}
	if *Default().Indicators.Max != 5 {
		t.Error("the shipped pack changed")
	}
}

// Everything that is wrong with a pack is said at once, each with its line.
func TestProblems(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "x.yaml: version is missing: a pack has a version, such as \"2022-09\"\n" +
			"x.yaml: grades.scale is empty: a pack lists the grades that may be published"},
		{"unknown key", "version: a\nextends: 2022-09\nindicator: {max: 3}\n", `x.yaml:3:1: unknown key "indicator"; did you mean "indicators"?`},
		{"unknown base", "version: a\nextends: 2022-08\n", `x.yaml: extends: unknown policy pack "2022-08"; did you mean "2022-09"?`},
		{"all at once", `version: a
extends: 2022-09
grades:
  source: x
  scale:
  - {value: "5", management: [Lead]}
  - {value: "4", individual: [Lead]}
  - {value: nine}
indicators: {min: 6}
entry_grades: {max: "5.5", source: x}
screening: {min: -1, max: 3, source: ""}
market_examples: {from_grade: "", words: []}
hiring:
  required_steps: [screening, chat]
  people_partner: {title: "", from_grade: "4"}
wording:
  vague: {source: x, words: ["etc", "Etc", "*"]}
`, `x.yaml:7:5: grades.scale[1] has the title "Lead", which grade 5 has already
x.yaml:7:6: grades.scale[1].value "4" stands after "5": list grades from the lowest to the highest
x.yaml:8:6: grades.scale[2].value "nine" is no grade: write a decimal, such as "9" or "9.5"
x.yaml:9:14: indicators.min is 6, more than the maximum of 5
x.yaml:10:16: entry_grades.max "5.5" is not on the scale
x.yaml:11:1: screening has no source: say where its values come from
x.yaml:11:13: screening.min must not be negative, but is -1
x.yaml:14:31: hiring.required_steps[1] "chat" is no kind of step: use one of apply, screening, interview, assessment, presentation, references, offer
x.yaml:15:3: hiring.people_partner needs both a title and from_grade
x.yaml:17:37: wording.vague.words[1] "Etc" stands twice
x.yaml:17:44: wording.vague.words[2] is empty`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("x.yaml", []byte(c.text))
			if err == nil {
				t.Fatal("no problem found")
			}
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("kind %v", fault.KindOf(err))
			}
			if diff := cmp.Diff(strings.Split(c.want, "\n"), strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestCompareGrades(t *testing.T) {
	order := []string{"", "4", "9", "9.05", "9.5", "10", "10.0", "12"}
	for i, a := range order {
		for j, b := range order {
			want := 0
			switch {
			case i < j && a+".0" != b:
				want = -1
			case i > j && a != b+".0":
				want = 1
			}
			if got := CompareGrades(a, b); got != want {
				t.Errorf("CompareGrades(%q, %q) = %d, want %d", a, b, got, want)
			}
		}
	}
}

// A title tells a grade by the words of its rank, wherever they stand.
func TestTitleGrade(t *testing.T) {
	for title, want := range map[string]string{
		"Director of Berth Planning":        "10 director",
		"Sr. Director, Yard":                "11 senior director",
		"Senior Directors of Yard":          "11 senior director",
		"Yard Director":                     "10 director",
		"VP of Network":                     "12 vp",
		"EVP, Network":                      "14 evp",
		"Chief Network Officer":             "14 chief * officer",
		"Chief of Staff to the CFO":         " ",
		"Executive Assistant to the CEO":    " ",
		"Chief Executive Officer":           "15 chief executive officer",
		"CEO":                               "15 ceo",
		"Group Manager, Product (GMP)":      "9 group manager",
		"Backend Engineer":                  " ",
		"Dockmaster":                        " ",
		"Staff Engineer":                    " ",
		"Director/Senior Director of Cargo": "11 senior director",
	} {
		grade, rank := Default().TitleGrade(title)
		if got := grade + " " + rank; got != want {
			t.Errorf("%s: got %q, want %q", title, got, want)
		}
	}
}

func TestMatcher(t *testing.T) {
	m := Default().Matcher()
	for _, c := range []struct {
		list List
		text string
		want string
	}{
		{Vacancy, "Here You  will\nwork, and you'll like it. You. Will it?", "You  will|you'll"},
		{Vacancy, "We’re hiring", "We’re hiring"},
		{Gendered, "She/her: the helper thinks he/she can", "She|her|he/she"},
		{Locations, "in EMEA/APAC, the **Middle East** or [Asia](/asia)", "EMEA|APAC|Middle East|Asia|asia"},
		{Masculine, "leads analysts, misleads nobody", "leads|analysts"},
		{Progress, "5 years of relevant, progressive experience", "relevant, progressive experience"},
		{Vague, "cranes, etc.", "etc"},
		{NotRequired, "désirée über alles", ""},
	} {
		var got []string
		m.Find([]byte(c.text), ^Set(0), func(h Hit) {
			if h.List == c.list {
				got = append(got, c.text[h.Start:h.End])
			}
		})
		if diff := cmp.Diff(c.want, strings.Join(got, "|")); diff != "" {
			t.Errorf("%q: -want +got:\n%s", c.text, diff)
		}
	}
}

func BenchmarkMatcher(b *testing.B) {
	text := []byte(strings.Repeat("The planner leads the berth team, and decides where a ship lies; ask her. ", 200))
	m := Default().Matcher()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		m.Find(text, Lists(Vacancy, Gendered, Locations), func(Hit) {})
	}
}

func BenchmarkNamed(b *testing.B) {
	for b.Loop() {
		if _, err := Named(DefaultName); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("version: a\nextends: 2022-09\n")
	f.Add("grades: {scale: [{value: 4}]}")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = Parse("x.yaml", []byte(text))
		Default().Matcher().Find([]byte(text), ^Set(0), func(h Hit) {
			if h.Start >= h.End || h.End > len(text) {
				t.Fatal(h)
			}
		})
	})
}

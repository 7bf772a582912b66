package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/strict"
)

// Validate returns everything that is wrong with the values of a pack; name is
// what messages call its file, and places tells where its keys stand.
func (p *Pack) Validate(name string, places strict.Places) strict.Problems {
	v := &validator{pack: p, file: name, places: places}
	if strings.TrimSpace(p.Version) == "" {
		v.report("version", "is missing: a pack has a version, such as %q", DefaultName)
	}
	v.scale()
	for _, r := range []struct {
		key string
		r   Range
	}{
		{"indicators", p.Indicators},
		{"span", p.Span},
		{"categories", p.Categories},
		{"screening", p.Screening},
	} {
		v.limits(r.key, r.r)
	}
	v.grade("entry_grades.max", p.Entry.Max)
	v.sourced("entry_grades", p.Entry.Max != "", p.Entry.Source)
	v.grade("market_examples.from_grade", p.Market.From)
	v.sourced("market_examples", p.Market.From != "", p.Market.Source)
	v.sourced("segments", len(p.Segments.Departments) > 0, p.Segments.Source)
	v.hiring()
	v.words()
	slices.SortStableFunc(v.problems, func(a, b strict.Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return v.problems
}

// A validator collects what is wrong with a pack.
type validator struct {
	pack     *Pack
	file     string
	places   strict.Places
	problems strict.Problems
}

// report adds a problem with a key. A key that the file does not hold is
// reported at the nearest one around it.
func (v *validator) report(key, format string, args ...any) {
	at := key
	for at != "" {
		if _, ok := v.places[at]; ok {
			break
		}
		at = at[:max(0, strings.LastIndexAny(at, ".["))]
	}
	place := v.places[at]
	v.problems = append(v.problems, strict.Problem{
		File: v.file, Line: place.Line, Column: place.Column,
		Message: key + " " + fmt.Sprintf(format, args...),
	})
}

// sourced demands a source for a value that is stated.
func (v *validator) sourced(key string, stated bool, source string) {
	if stated && strings.TrimSpace(source) == "" {
		v.report(key, "has no source: say where its values come from")
	}
}

// scale checks that grades are decimals that ascend, and that no title stands
// for two of them.
func (v *validator) scale() {
	g := v.pack.Grades
	if len(g.Scale) == 0 {
		v.report("grades.scale", "is empty: a pack lists the grades that may be published")
	}
	v.sourced("grades", len(g.Scale) > 0, g.Source)
	holder := map[string]string{}
	for i, step := range g.Scale {
		key := fmt.Sprintf("grades.scale[%d]", i)
		if _, _, ok := decimal(step.Value); !ok {
			v.report(key+".value", "%q is no grade: write a decimal, such as \"9\" or \"9.5\"", step.Value)
			continue
		}
		if i > 0 && CompareGrades(g.Scale[i-1].Value, step.Value) >= 0 {
			v.report(key+".value", "%q stands after %q: list grades from the lowest to the highest", step.Value, g.Scale[i-1].Value)
		}
		for _, title := range slices.Concat(step.Management, step.Individual) {
			word := strings.Join(titleWords(title), " ")
			if word == "" {
				v.report(key, "has an empty title")
			} else if other, twice := holder[word]; twice {
				v.report(key, "has the title %q, which grade %s has already", title, other)
			}
			holder[word] = step.Value
		}
	}
}

// limits checks a pair of limits.
func (v *validator) limits(key string, r Range) {
	v.sourced(key, r.Min != nil || r.Max != nil, r.Source)
	for _, limit := range []struct {
		key string
		n   *int
	}{{".min", r.Min}, {".max", r.Max}} {
		if limit.n != nil && *limit.n < 0 {
			v.report(key+limit.key, "must not be negative, but is %d", *limit.n)
		}
	}
	if r.Min != nil && r.Max != nil && *r.Min > *r.Max {
		v.report(key+".min", "is %d, more than the maximum of %d", *r.Min, *r.Max)
	}
}

// grade checks that a grade is on the scale; an empty one is no limit.
func (v *validator) grade(key, value string) {
	if value != "" && !v.pack.Grades.Has(value) {
		v.report(key, "%q is not on the scale", value)
	}
}

// hiring checks kinds of steps and the people partner.
func (v *validator) hiring() {
	h := v.pack.Hiring
	known := []string{
		string(family.Apply), string(family.Screening), string(family.Interview), string(family.Assessment),
		string(family.Presentation), string(family.References), string(family.Offer),
	}
	v.sourced("hiring", len(h.Steps) > 0, h.Source)
	for i, s := range h.Steps {
		if !slices.Contains(known, s) {
			v.report(fmt.Sprintf("hiring.required_steps[%d]", i), "%q is no kind of step: use one of %s", s, strings.Join(known, ", "))
		}
	}
	v.grade("hiring.people_partner.from_grade", h.Partner.From)
	v.sourced("hiring.people_partner", h.Partner.Title != "", h.Partner.Source)
	if (h.Partner.Title == "") != (h.Partner.From == "") {
		v.report("hiring.people_partner", "needs both a title and from_grade")
	}
}

// words checks that each list of words has a source and no empty or repeated
// entry.
func (v *validator) words() {
	check := func(key string, p Phrases) {
		v.sourced(key, len(p.Words) > 0, p.Source)
		seen := map[string]bool{}
		for i, w := range p.Words {
			at := fmt.Sprintf("%s.words[%d]", key, i)
			folded := strings.ToLower(strings.TrimSpace(w))
			switch {
			case strings.Trim(folded, "* ") == "":
				v.report(at, "is empty")
			case seen[folded]:
				v.report(at, "%q stands twice", w)
			}
			seen[folded] = true
		}
	}
	for l, key := range listKeys {
		check("wording."+key, *v.pack.Wording.phrases(List(l)))
	}
	check("wording.link_text", v.pack.Wording.LinkText)
}

// listKeys are the keys of the word lists in a pack.
var listKeys = [lists]string{
	"vacancy", "second_person", "vague", "locations", "residence", "progressive_experience",
	"prior_experience", "not_required", "company_indicators", "time_boxed", "elsewhere", "retired", "gendered",
	"masculine", "feminine",
}

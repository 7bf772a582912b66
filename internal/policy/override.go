package policy

import (
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/strict"
)

// overridden stands for the pack of a value that is not that of a pack.
const overridden = "override"

// An Override is a value that an organisation has decided otherwise.
type Override struct {
	Path   string
	Value  string // as YAML, such as "3" or "[2, 8]"
	Source string // why it is so
}

// With returns a pack in which some values are others. It fails with NotFound
// for a path that is none, and with Invalid for a value that is not of its
// kind, is out of range, or does not fit to the rest of the pack.
func (p *Pack) With(overrides ...Override) (*Pack, error) {
	q, set := *p, p.roomSet().copy()
	r := &roomReader{set: set, pack: overridden}
	leaves := q.leaves(set)
	for _, o := range overrides {
		i := slices.IndexFunc(leaves, func(l leaf) bool { return l.path == o.Path })
		if i < 0 {
			return nil, unknownPath(o.Path, p.Values())
		}
		n, err := parseNode([]byte(o.Value))
		if err != nil {
			return nil, fault.New(fault.Invalid, "%s: %q is not valid YAML", o.Path, o.Value)
		}
		if r.assign(n, leaves[i].value, leaves[i].limits, o.Path) {
			set.cites[o.Path] = cite{source: o.Source, pack: overridden}
		}
	}
	problems := r.problems
	if len(problems) == 0 {
		problems = set.check("")
	}
	if len(problems) == 0 {
		problems = q.Validate("", nil)
	}
	if len(problems) > 0 {
		return nil, fault.New(fault.Invalid, "%s", messages(problems))
	}
	q.rooms = func() *roomSet { return set }
	return q.seal(), nil
}

// messages returns problems without their places, which an override has not.
func messages(problems strict.Problems) string {
	list := make([]string, len(problems))
	for i, p := range problems {
		list[i] = p.Message
	}
	return strings.Join(list, "; ")
}

// pageDocs tells what the values mean that the compiler reads.
var pageDocs = map[string]string{
	"grades.scale":                         "the grades that may be published, with the titles that usually hold them",
	"indicators.min":                       "performance indicators that an owner has at least",
	"indicators.max":                       "performance indicators that an owner has at most",
	"span.min":                             "direct reports that a manager has at least",
	"span.max":                             "direct reports that a manager has at most",
	"categories.min":                       "marketing categories that a stage has at least",
	"categories.max":                       "marketing categories that a stage has at most",
	"screening.min":                        "minutes of the screening call, at least",
	"screening.max":                        "minutes of the screening call, at most",
	"entry_grades.max":                     "grade up to which no prior experience may be asked for",
	"market_examples.from_grade":           "grade of the individual track from which a level needs examples from the market",
	"market_examples.words":                "words by which a page shows examples from the market",
	"segments.departments":                 "departments in which a family may be cut by market segment",
	"hiring.required_steps":                "steps that a published process must contain",
	"hiring.people_partner.title":          "who must meet candidates from a grade on",
	"hiring.people_partner.others":         "other names of that role",
	"hiring.people_partner.from_grade":     "grade from which the people partner must meet candidates",
	"wording.vacancy.words":                "tone of a vacancy, which does not belong on a page",
	"wording.second_person.words":          "words that address the reader",
	"wording.vague.words":                  "words that say nothing certain",
	"wording.locations.words":              "regions that must not be required",
	"wording.residence.words":              "words that require a place of living",
	"wording.progressive_experience.words": "wordings of progressive experience",
	"wording.prior_experience.words":       "words that ask for prior experience",
	"wording.not_required.words":           "words that make a requirement a wish",
	"wording.company_indicators.words":     "indicators that nobody on the page owns",
	"wording.time_boxed.words":             "indicators that belong to one period",
	"wording.elsewhere.words":              "words that send the reader to another page",
	"wording.retired.words":                "words that say that a level is no longer in use",
	"wording.gendered.words":               "gendered pronouns and titles",
	"wording.masculine.words":              "stems that read as masculine",
	"wording.feminine.words":               "stems that read as feminine",
	"wording.link_text.words":              "texts of links that say nothing",
}

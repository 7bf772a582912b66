package hierarchy

import "github.com/cadre-hq/cadre/internal/policy"

// A Report is what there is to say of a hierarchy that was read.
type Report struct {
	Counts Counts `json:"counts"`
	// Summary counts the findings of each rule.
	Summary map[Code]int `json:"summary"`
	// Counterparts are those of groups.
	Counterparts []Tally   `json:"counterparts"`
	Findings     []Finding `json:"findings"`
}

// Rejected returns how many lines cannot be used.
func (r *Report) Rejected() int { return r.Summary[Rejected] + r.Summary[NoParent] }

// Examine judges a tree by a policy pack; rejected are the lines that did not
// come into it.
func Examine(t *Tree, rejected []Finding, p *policy.Pack) Report {
	l := LimitsOf(p)
	r := Report{
		Counts: t.Counts(), Summary: map[Code]int{},
		Counterparts: t.Tallies(Group, l.Words(), FunctionsOf(p)),
		Findings:     append(append([]Finding{}, rejected...), Check(t, l)...),
	}
	SortFindings(r.Findings)
	for _, f := range r.Findings {
		r.Summary[f.Code]++
	}
	return r
}

// FunctionsOf returns the functions of the counterparts of a node: the primary
// set, and what the complete set adds.
func FunctionsOf(p *policy.Pack) []Function {
	var out []Function
	c := &p.Rooms().Org.Counterparts
	for _, list := range [][]string{c.Primary, c.Complete} {
		for _, f := range list {
			out = append(out, Function(f))
		}
	}
	return out
}

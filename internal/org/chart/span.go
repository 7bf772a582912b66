package chart

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/policy"
)

// A Severity says how much a finding weighs, in the words of the policy pack.
type Severity string

// The severities, the lightest first.
const (
	Minor     Severity = "note"
	Attention Severity = "attention"
	Problem   Severity = "problem"
)

// rank orders severities.
func (s Severity) rank() int { return slices.Index([]Severity{Minor, Attention, Problem}, s) }

// A Finding says that the organisation is not as a page or the policy has it.
type Finding struct {
	Severity Severity
	Rule     Rule
	Position PositionID
	Said     string // one sentence
	Cite     Cite   // what demands it otherwise
}

// A Rule names what is looked at.
type Rule string

// The rules.
const (
	CompanySpan Rule = "company_span" // direct reports and the company's band
	RoleSpan    Rule = "role_span"    // direct reports and the role's band
	TotalSpan   Rule = "total"        // the whole organisation and the role's least
	SameLayer   Rule = "same_layer"   // reports to the own layer
	ReportsTo   Rule = "reports_to"   // reports to a role that the page does not name
	TooDeep     Rule = "layers"       // more layers than the company may have
)

// Bands are what the policy pack says of spans.
type Bands struct {
	Company Limit
	Aim     int
	// Outside a band it is told so.
	OutsideCompany, OutsideRole Severity
	// MostLayers is how many layers there may be; SameLayer whether somebody may
	// report to their own.
	MostLayers int
	SameLayer  bool
	Layers     []policy.Layer
}

// A Span is how many report to a position.
type Span struct {
	*Node
	// Counted are the positions in the whole organisation that the role's total
	// counts, if it names whom.
	Counted  int
	Findings []Finding
}

// Worst returns the heaviest severity of a span; "" if all is well.
func (s *Span) Worst() Severity {
	var worst Severity
	for _, f := range s.Findings {
		if worst == "" || f.Severity.rank() > worst.rank() {
			worst = f.Severity
		}
	}
	return worst
}

// Leads reports whether a position has reports, or a role that has.
func (n *Node) Leads() bool {
	return len(n.Children) > 0 || n.Role != nil && (n.Role.Direct.Is() || n.Role.Total.Is())
}

// Spans returns the spans of all positions that lead others, in the order of the
// tree.
func (c *Chart) Spans(b *Bands) []Span {
	var spans []Span
	for i := range c.Nodes {
		if n := &c.Nodes[i]; n.Leads() {
			spans = append(spans, c.Span(n, b))
		}
	}
	return spans
}

// Span returns the span of one position, with what is to be said about it.
// Positions that are vacant are told apart: a band is kept if it is kept once
// they are filled.
func (c *Chart) Span(n *Node, b *Bands) Span {
	s := Span{Node: n}
	say := func(sev Severity, rule Rule, cite Cite, format string, args ...any) {
		s.Findings = append(s.Findings, Finding{sev, rule, n.ID, fmt.Sprintf(format, args...), cite})
	}
	direct := n.Direct.All()
	if !b.Company.Keeps(direct) {
		say(b.OutsideCompany, CompanySpan, b.Company.Cite, "%s; the band of the company is %s", reports(n.Direct), b.Company.Words())
	}
	if n.Role == nil {
		return s
	}
	if r := &n.Role.Direct; r.Is() && !r.Keeps(direct) {
		say(b.OutsideRole, RoleSpan, r.Cite, "%s; the role says %s", reports(n.Direct), r.Words())
	}
	if r := &n.Role.Total; r.Is() {
		s.Counted = c.count(n, r.Of)
		if !r.Keeps(s.Counted) {
			say(b.OutsideRole, TotalSpan, r.Cite, "%d%s in the whole organisation; the role says %s", s.Counted, of(r.Of), r.Words())
		}
	}
	return s
}

func of(who []string) string {
	if len(who) == 0 {
		return ""
	}
	return " " + strings.Join(who, " and ")
}

// count counts the positions below one, of certain roles if there are any.
func (c *Chart) count(n *Node, roles []string) int {
	if len(roles) == 0 {
		return n.Total.All()
	}
	counted := 0
	below := c.Below(n)
	for i := range below {
		if c.isOne(&below[i], roles) {
			counted++
		}
	}
	return counted
}

// isOne reports whether a position is of a role, or of one that is made of it: a
// Senior Product Manager is a Product Manager. Who leads is only what they are
// called: a Group Manager, Product is no Product Manager.
func (c *Chart) isOne(n *Node, roles []string) bool {
	if n.Role != nil && n.Role.Track == "manager" {
		return c.fits(n, roles)
	}
	return c.answered(question{"is one", n.roleTitle(), n.Seat.Title, strings.Join(roles, "\n")}, func() bool {
		return slices.ContainsFunc(roles, func(role string) bool {
			want := resolve.RoleKey(role)
			return len(want) > 0 && (hasAll(resolve.RoleKey(n.roleTitle()), want) || hasAll(resolve.RoleKey(n.Seat.Title), want))
		})
	})
}

// hasAll reports whether a list has all words of another.
func hasAll(list, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(list, w) })
}

func (n *Node) roleTitle() string {
	if n.Role == nil {
		return ""
	}
	return n.Role.Title
}

// reports says how many report to a position.
func reports(c Count) string {
	words := fmt.Sprintf("%d direct reports", c.All())
	switch {
	case c.All() == 1:
		words = "1 direct report"
	case c.All() == 0:
		words = "no direct reports"
	}
	if c.Vacant > 0 {
		words += fmt.Sprintf(" (%d vacant)", c.Vacant)
	}
	return words
}

// Words says a limit, such as "4 to 6".
func (l *Limit) Words() string {
	switch {
	case l.Max == 0:
		return fmt.Sprintf("%d or more", l.Min)
	case l.Min == 0:
		return fmt.Sprintf("at most %d", l.Max)
	case l.Min == l.Max:
		return fmt.Sprint(l.Min)
	}
	return fmt.Sprintf("%d to %d", l.Min, l.Max)
}

// Findings returns what is to be said about the shape of the organisation, the
// heaviest first and in the order of the tree.
func (c *Chart) Findings(b *Bands) []Finding {
	var all []Finding
	for i := range c.Nodes {
		n := &c.Nodes[i]
		if n.Leads() {
			all = append(all, c.Span(n, b).Findings...)
		}
		all = append(all, c.Lines(n, b)...)
	}
	slices.SortStableFunc(all, func(x, y Finding) int { return y.Severity.rank() - x.Severity.rank() })
	return all
}

// Lines returns what is to be said about whom a position reports to.
func (c *Chart) Lines(n *Node, b *Bands) []Finding {
	var all []Finding
	say := func(sev Severity, rule Rule, cite Cite, format string, args ...any) {
		all = append(all, Finding{sev, rule, n.ID, fmt.Sprintf(format, args...), cite})
	}
	if b.MostLayers > 0 && n.Depth == b.MostLayers+1 {
		say(Attention, TooDeep, Cite{Policy: "rooms.org.layers.most"}, "stands on layer %d; there may be %d", n.Depth, b.MostLayers)
	}
	up := c.Above(n)
	if up == nil {
		return all
	}
	if !b.SameLayer && n.Layer != nil && up.Layer != nil && n.Layer.Rank == up.Layer.Rank && n.Layer.Key != b.Layers[len(b.Layers)-1].Key {
		say(Minor, SameLayer, Cite{Policy: "rooms.org.layers.report_to_same_layer"}, "reports to the own layer, %s", strings.ToLower(n.Layer.Name))
	}
	if n.Role != nil {
		if roles, cite := n.Role.Above(n.Seat.Specialty); len(roles) > 0 && !c.fits(up, roles) {
			say(Attention, ReportsTo, cite, "reports to %s; the page says %s", up.Seat.Title, strings.Join(roles, " or "))
		}
	}
	return all
}

// A Group is a group of leaders, as follows from the layers.
type Group struct {
	policy.LayerGroup
	Members []*Node // positions, in the order of the tree
}

// Groups returns the groups of leaders. Nobody is typed into one: who leads
// others and stands on its layers belongs to it.
func (c *Chart) Groups(p *policy.OrgLayers) []Group {
	rank := map[string]int{}
	for _, l := range p.List {
		rank[l.Key] = l.Rank
	}
	groups := make([]Group, len(p.Groups))
	for i, g := range p.Groups {
		groups[i].LayerGroup = g
		for j := range c.Nodes {
			n := &c.Nodes[j]
			if n.Layer != nil && n.Leads() && n.Layer.Rank >= rank[g.Highest] && n.Layer.Rank <= rank[g.Lowest] {
				groups[i].Members = append(groups[i].Members, n)
			}
		}
	}
	return groups
}

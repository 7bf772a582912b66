package chart

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/policy"
)

// A Leader is a position in the leadership team of product.
type Leader struct {
	*Node
	// Section is the part of the product that they lead, as the highest position
	// in their line calls its specialty; "" is none, or all of it.
	Section string
	// All says that they lead all of product.
	All bool
	// IsLeader says that they count as a leader, not as a member of the team alone.
	IsLeader bool
	Why      string // they belong to the team
	Cite     Cite
}

// productDepartment is how the department of product is called.
const productDepartment = "product"

// ProductLeaders returns the leadership team of product in the order of the
// tree: who reports to the roles that the policy names, and everybody in product
// from a grade on. Nobody is typed into it.
func (c *Chart) ProductLeaders(p *policy.OrgLeadership, layers []policy.Layer) []Leader {
	lowest := 0
	for _, l := range layers {
		if l.Key == p.LeadersFromLayer {
			lowest = l.Rank
		}
	}
	heads := newHeads(p.ReportsOf)
	var team []Leader
	for i := range c.Nodes {
		n := &c.Nodes[i]
		l := Leader{Node: n}
		up := c.Above(n)
		switch {
		case strings.EqualFold(n.Seat.Department, productDepartment) && n.Role != nil && n.Role.Grade != "" && policy.CompareGrades(n.Role.Grade, p.FromGrade) >= 0:
			l.Why, l.Cite = "grade "+n.Role.Grade, Cite{Policy: "rooms.org.product_leadership.from_grade"}
		case up != nil && heads.has(up):
			l.Why, l.Cite = "reports to "+up.Seat.Title, Cite{Policy: "rooms.org.product_leadership.reports_of"}
		default:
			continue
		}
		l.Section, l.All = c.section(n, heads), heads.has(n)
		l.IsLeader = n.Leads() && n.Layer != nil && n.Layer.Rank <= lowest
		team = append(team, l)
	}
	return team
}

// heads are the roles that lead all of product. Each title is looked at once.
type heads struct {
	roles []string
	known map[string]bool
}

func newHeads(keys []string) *heads {
	h := &heads{known: map[string]bool{}}
	for _, key := range keys {
		h.roles = append(h.roles, strings.ReplaceAll(key, "_", " "))
	}
	return h
}

// has reports whether a position is one of the roles.
func (h *heads) has(n *Node) bool {
	return n.Role != nil && h.isOne(n.Role.Title) || h.isOne(n.Seat.Title)
}

func (h *heads) isOne(title string) bool {
	is, ok := h.known[title]
	if !ok {
		is = slices.ContainsFunc(h.roles, func(role string) bool { return resolve.SameRole(title, role) })
		h.known[title] = is
	}
	return is
}

// section returns which part of the product a position leads: the specialty of
// the highest one in its line, below those that lead all of it.
func (c *Chart) section(n *Node, h *heads) string {
	section := ""
	for at := n; at != nil && !h.has(at); at = c.Above(at) {
		if at.Seat.Specialty != "" {
			section = at.Seat.Specialty
		}
	}
	return section
}

// A Turn is whose turn something is, for some months.
type Turn struct {
	calendar.Span
	Leader *Leader
}

// Hosts returns whose turn it is to host, from the day on and for some turns to
// come. It follows from the calendar and the members alone: everybody has the
// same number of turns, as long as nobody comes or goes.
func Hosts(team []Leader, months int, day calendar.Day, turns int) []Turn {
	people := byPerson(team)
	if len(people) == 0 {
		return nil
	}
	out := make([]Turn, turns)
	first := monthOf(day) / months
	for i := range out {
		n := first + i
		out[i] = Turn{calendar.Span{Since: month(n * months), Until: month((n + 1) * months)}, people[n%len(people)]}
	}
	return out
}

// A Pairing is a leader and the section whose indicators they study.
type Pairing struct {
	Leader  *Leader
	Section string
}

// Quarters returns how many spans of some quarters have passed until a day, and
// the one that it lies in.
func Quarters(day calendar.Day, quarters int) (n int, span calendar.Span) {
	months := 3 * max(quarters, 1)
	n = monthOf(day) / months
	return n, calendar.Span{Since: month(n * months), Until: month((n + 1) * months)}
}

// Pairings returns which section each leader studies in the n-th time. Nobody
// gets their own, unless own allows it; everybody comes through all others in
// turn; and in one time, sections with as many leaders are studied by as many.
// Nobody is paired where there is no other section.
func Pairings(team []Leader, n int, own bool) []Pairing {
	var sections []string
	leaders := slices.DeleteFunc(byPerson(team), func(l *Leader) bool { return !l.IsLeader })
	for _, l := range leaders {
		if l.Section != "" {
			sections = append(sections, l.Section)
		}
	}
	slices.Sort(sections)
	sections = slices.Compact(sections)
	seen := map[string]int{} // how many of a section came before
	var pairings []Pairing
	for _, l := range leaders {
		turn := n + seen[l.Section]
		seen[l.Section]++
		at := slices.Index(sections, l.Section)
		switch others := len(sections) - 1; {
		case at < 0 && len(sections) > 0:
			pairings = append(pairings, Pairing{l, sections[turn%len(sections)]})
		case at >= 0 && own:
			pairings = append(pairings, Pairing{l, sections[(at+turn)%len(sections)]})
		case at >= 0 && others > 0:
			pairings = append(pairings, Pairing{l, sections[(at+1+turn%others)%len(sections)]})
		}
	}
	return pairings
}

// byPerson returns those of a team whose work somebody does, each person once,
// in an order that does not depend on what they do.
func byPerson(team []Leader) []*Leader {
	var out []*Leader
	for i := range team {
		if team[i].Who() != nil {
			out = append(out, &team[i])
		}
	}
	slices.SortStableFunc(out, func(x, y *Leader) int { return cmp.Compare(x.Who().ID, y.Who().ID) })
	return slices.CompactFunc(out, func(x, y *Leader) bool { return x.Who().ID == y.Who().ID })
}

// monthOf counts the months to a day, and month returns the first day of one.
func monthOf(d calendar.Day) int {
	t := d.Time()
	return t.Year()*12 + int(t.Month()) - 1
}

func month(n int) calendar.Day { return calendar.Day("0001-01-01").AddMonths(n - 12) }

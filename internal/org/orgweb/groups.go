package orgweb

import (
	"net/http"
	"strconv"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// groupRows is how many members a page of a group has.
const groupRows = 50

// turnsShown is how many turns of hosting are foretold.
const turnsShown = 6

// A groupPage is what the page of leadership groups shows.
type groupPage struct {
	*view
	rule    *policy.Org
	groups  []chart.Group
	on      *chart.Group // whose members are listed; nil if there is none
	members []*chart.Node
	next    string
	skips   int // who reports to the group whose reports are the chief executive's skips

	team     []chart.Leader
	hosts    []chart.Turn
	quarter  calendar.Span
	studies  map[chart.PersonID]string // the section of the quarter
	thenWill map[chart.PersonID]string // and of the next one
}

func (h *pages) groups(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	g := &groupPage{view: v, rule: &v.Policy.Rooms().Org}
	g.groups = v.Groups(&g.rule.Layers)
	if len(g.groups) > 0 {
		g.on = &g.groups[0]
	}
	for i := range g.groups {
		if g.groups[i].Key == r.URL.Query().Get("kind") {
			g.on = &g.groups[i]
		}
		if g.groups[i].Key == g.rule.Layers.Skips {
			for _, n := range g.groups[i].Members {
				g.skips += n.Direct.Filled
			}
		}
	}
	if g.on != nil {
		g.members, g.next = pageFrom(g.on.Members, r.URL.Query().Get("after"), groupRows, func(n **chart.Node) string { return string((*n).ID) })
	}
	g.leadership()
	return web.Show(w, r, groupsPage(g))
}

// leadership finds the leadership team of product, and what rotates in it.
func (g *groupPage) leadership() {
	p := &g.rule.Leadership
	g.team = g.ProductLeaders(p, g.rule.Layers.List)
	g.hosts = chart.Hosts(g.team, p.HostMonths, g.Day, turnsShown)
	n, quarter := chart.Quarters(g.Day, p.PairingQuarters)
	g.quarter = quarter
	g.studies, g.thenWill = map[chart.PersonID]string{}, map[chart.PersonID]string{}
	for _, pair := range chart.Pairings(g.team, n, p.PairingOwnSection) {
		g.studies[pair.Leader.Who().ID] = pair.Section
	}
	for _, pair := range chart.Pairings(g.team, n+1, p.PairingOwnSection) {
		g.thenWill[pair.Leader.Who().ID] = pair.Section
	}
}

// facet chooses the group that is shown.
func (g *groupPage) facet() ui.Facet {
	f := ui.Facet{Label: "Group", Name: "kind"}
	for i := range g.groups {
		f.Choices = append(f.Choices, ui.Choice{Value: g.groups[i].Key, Label: g.groups[i].Name, Count: len(g.groups[i].Members)})
	}
	return f
}

// layers says from which layer to which a group reaches.
func (g *groupPage) layers() string {
	name := func(key string) string {
		for _, l := range g.rule.Layers.List {
			if l.Key == key {
				return l.Name
			}
		}
		return key
	}
	if g.on.Lowest == g.on.Highest {
		return name(g.on.Lowest)
	}
	return name(g.on.Lowest) + " to " + name(g.on.Highest)
}

// An expectation is what is expected of a group's members, by the policy.
type expectation struct {
	text string
	path string
}

// expected is what is expected of everybody who manages people, and of the group
// in particular.
func (g *groupPage) expected() []expectation {
	m := &g.rule.Management
	all := []expectation{
		{"About " + strconv.Itoa(g.Bands.Aim) + " direct reports, " + g.Bands.Company.Words() + " at any level.", "rooms.org.spans.aim"},
		{"The team is sized for " + counted(g.rule.Spans.MonthsAhead, "month", "months") + " ahead.", "rooms.org.spans.sized_months_ahead"},
		{"A talk with each direct report every " + counted(m.OneOnOneDays, "day", "days") + ".", "rooms.org.management.one_on_one_days"},
		{"About " + counted(m.PraisePerHint, "praise", "praises") + " for each suggestion; praise in public, suggestions in private.", "rooms.org.management.praise_per_suggestion"},
		{"Raises and promotions are spoken of once they are " + m.PayTalk + ".", "rooms.org.management.pay_and_promotion_talk"},
	}
	if g.on != nil && g.on.Key == g.rule.Layers.Skips {
		all = append(
			all,
			expectation{"Objectives so ambitious that " + strconv.Itoa(m.OKRPercent) + " % of them are reached.", "rooms.org.management.okr_achieved_percent"},
			expectation{"Their direct reports are the skips of the chief executive: " + counted(g.skips, "person", "people") + ".", "rooms.org.layers.ceo_skips"},
		)
	}
	return all
}

// leaders counts those of the team who count as leaders.
func (g *groupPage) leaders() int {
	n := 0
	for i := range g.team {
		if g.team[i].IsLeader {
			n++
		}
	}
	return n
}

// whose returns what stands for a person in a map; "" without one.
func whose(m map[chart.PersonID]string, n *chart.Node) string {
	if n.Who() == nil {
		return ""
	}
	return m[n.Who().ID]
}

func (g *groupPage) policy(path string) ui.Line { return g.source(chart.Cite{Policy: path}) }

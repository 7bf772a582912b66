package org

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/inbox"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/store"
)

// Source returns what the organisation adds to inboxes. For who leads: a span of
// their own, or of who reports to them, that is outside of the company's band; a
// reporting line below them that is not as the page says; a position of theirs
// whose cover ends soon or has lasted too long; and a level below them whose page
// has changed.
func (s *Service) Source() inbox.Source {
	return inbox.Source{Room: "org", Label: "Organisation", Todos: s.todos}
}

func (s *Service) todos(ctx context.Context, by auth.Actor, _ time.Time) (found []inbox.Todo, err error) {
	if !s.auth.May(by, ReadChart, TheChart) {
		return nil, nil
	}
	err = s.view(ctx, func(tx store.Tx, b bookAt) error {
		found = nil
		me, err := s.Me(ctx, tx, by)
		if err != nil || me == "" {
			return err
		}
		c, err := s.chart(ctx, tx, b, s.Today())
		if err != nil {
			return err
		}
		for i := range c.Nodes {
			n := &c.Nodes[i]
			if who := n.Who(); who == nil || who.ID != me {
				continue
			}
			found = append(found, c.todosOf(n, true)...)
			for _, child := range n.Children {
				found = append(found, c.todosOf(&c.Nodes[child], false)...)
			}
			behind, err := s.behind(ctx, tx, c, n)
			if err != nil {
				return err
			}
			found = append(found, behind...)
		}
		return nil
	})
	return found, err
}

// todosOf returns what is to be done about a position: by who holds it, or by
// who stands above it.
func (c *Chart) todosOf(n *chart.Node, own bool) []inbox.Todo {
	var found []inbox.Todo
	var findings []chart.Finding
	if n.Leads() {
		findings = c.Span(n, &c.Bands).Findings
	}
	if !own {
		findings = append(findings, c.Lines(n, &c.Bands)...)
	}
	for _, f := range findings {
		if f.Severity == chart.Minor {
			continue
		}
		t := inbox.Todo{
			Key: inbox.NewKey("org", string(f.Rule), string(n.ID)), Kind: inbox.Organisation,
			Say: sayOf(n, f.Rule, own), Note: n.Seat.Title, Href: PositionAddress(n.ID), Act: "Look",
			Because: causeOf(f.Cite, f.Said),
		}
		found = append(found, t)
	}
	if !own {
		if t, ok := c.coverTodo(n); ok {
			found = append(found, t)
		}
	}
	return found
}

func sayOf(n *chart.Node, r chart.Rule, own bool) string {
	switch {
	case r == chart.CompanySpan && own:
		return "Your span is outside of the company's band"
	case r == chart.CompanySpan:
		return "The span of " + n.Called() + " is outside of the company's band"
	case r == chart.ReportsTo:
		return n.Called() + " reports otherwise than the page says"
	}
	return "Something about " + n.Called() + " is not as it should be"
}

func causeOf(cite chart.Cite, text string) inbox.Cause {
	if cite.Policy != "" {
		return inbox.Cause{Tag: "policy", File: cite.Policy, Href: chosen.Address(cite.Policy), Text: text}
	}
	return inbox.Cause{
		File: path.Base(cite.Path), Line: cite.Line, Text: text,
		Href: fmt.Sprintf("%s/v/%d/source#L%d", cite.Family.Address(), cite.Version, cite.Line),
	}
}

// coverTodo says that a position's cover ends soon, or lasts longer than it may.
func (c *Chart) coverTodo(n *chart.Node) (inbox.Todo, bool) {
	h := n.Position.Cover(c.Day)
	if h == nil {
		return inbox.Todo{}, false
	}
	interim := &c.Policy.Rooms().Org.Vacancies.Interim
	t := inbox.Todo{
		Key: inbox.NewKey("org", "cover", string(n.ID)+"."+string(h.Since)), Kind: inbox.Organisation,
		Note: n.Seat.Title, Href: PositionAddress(n.ID), Act: "Decide",
		Because: causeOf(chart.Cite{Policy: "rooms.org.vacancies.interim.most_months"}, fmt.Sprintf("a role on trial lasts at most %d months", interim.MostMonths)),
	}
	last := h.Since.AddMonths(interim.MostMonths)
	switch {
	case h.Until.IsKnown() && h.Until <= c.Day.Add(interim.LeastDays):
		t.Say, t.Due.Day = "Cover by "+c.name(h.Person)+" ends", h.Until.Add(-1)
	case c.Day > last:
		t.Say, t.Due.Day = c.name(h.Person)+" has covered this for longer than it may last", last
	case c.Day > last.Add(-interim.LeastDays):
		t.Say, t.Due.Day = "Cover by "+c.name(h.Person)+" comes to its limit", last
	default:
		return t, false
	}
	return t, true
}

func (c *Chart) name(id PersonID) string {
	if p := c.Book.Person(id); p != nil {
		return p.Name
	}
	return "somebody"
}

// behind returns the levels of who reports to a position whose pages have
// changed since they were pinned: one todo for each level.
func (s *Service) behind(ctx context.Context, tx store.Tx, c *Chart, n *chart.Node) ([]inbox.Todo, error) {
	held := map[catalog.Pin][]string{}
	var pins []catalog.Pin
	for _, child := range n.Children {
		below := &c.Nodes[child]
		if below.Holder == nil || below.Role == nil || below.Seat.Pin.Version == below.Role.Pin.Version {
			continue
		}
		if held[below.Seat.Pin] == nil {
			pins = append(pins, below.Seat.Pin)
		}
		held[below.Seat.Pin] = append(held[below.Seat.Pin], below.Holder.Name)
	}
	if len(pins) == 0 {
		return nil, nil
	}
	slices.SortFunc(pins, func(x, y catalog.Pin) int {
		if x.String() < y.String() {
			return -1
		}
		return 1
	})
	lags, err := s.catalog.Behind(ctx, tx, pins)
	if err != nil {
		return nil, fmt.Errorf("find what changed about levels: %w", err)
	}
	var found []inbox.Todo
	for _, lag := range lags {
		who := held[lag.Pin]
		t := inbox.Todo{
			Key:  inbox.NewKey("org", "behind", fmt.Sprintf("%s.%s.%d.%d", n.ID, lag.Pin.Level, lag.Pin.Version, lag.Latest)),
			Kind: inbox.People, Href: lag.Pin.Family.Address() + "/history", Act: "Read",
			Say:  fmt.Sprintf("A level that you lead is %d versions behind", lag.Latest-lag.Pin.Version),
			Note: fmt.Sprintf("%d people, such as %s", len(who), who[0]),
		}
		if len(who) == 1 {
			t.Note = who[0]
		}
		if lag.Latest-lag.Pin.Version == 1 {
			t.Say = "The page of a level that you lead has changed"
		}
		for _, ch := range lag.Changes {
			if ch.LineNew > 0 {
				t.Because = causeOf(chart.Cite{Family: lag.Pin.Family, Version: lag.Latest, Path: string(lag.Pin.Family) + ".md", Line: ch.LineNew}, cmp.Or(ch.New, ch.Old))
				break
			}
		}
		found = append(found, t)
	}
	return found, nil
}

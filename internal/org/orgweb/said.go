package orgweb

import (
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

func formatInt(n int64) string { return strconv.FormatInt(n, 10) }

// said tells what a step did, in one sentence.
func said(b *chart.Book, s *chart.Step) string {
	title := func() string { return titleOf(b, s.Position) }
	who := func() string { return nameOf(b, s.Person) }
	switch s.Kind {
	case chart.Open:
		words := "Opened as " + *s.Title
		if s.Manager != nil && *s.Manager != "" {
			words += ", reporting to " + titleOf(b, *s.Manager)
		}
		return words
	case chart.Change:
		return titleBefore(b, s.Position, s.Day) + " " + changeWords(b, s)
	case chart.Close:
		return title() + " closes"
	case chart.Withdraw:
		return "What was planned for " + title() + " is withdrawn"
	case chart.Fill:
		words := who() + " has " + title()
		if s.Holding != chart.Regular && s.Holding != "" {
			words += ", " + s.Holding.Words()
		}
		if s.Until.IsKnown() {
			words += ", up to " + ui.Day(s.Until.Add(-1).Time())
		}
		return words
	case chart.Vacate:
		return who() + " no longer has " + title()
	case chart.Join:
		return who() + " joins"
	case chart.Leave:
		return who() + " leaves"
	}
	return "What is known of " + who() + " was changed"
}

// titleBefore returns what a position was called up to a day.
func titleBefore(b *chart.Book, id org.PositionID, day calendar.Day) string {
	p := b.Position(id)
	if p == nil {
		return titleOf(b, id)
	}
	title := p.Seats[0].Title
	for _, seat := range p.Seats {
		if seat.Since < day {
			title = seat.Title
		}
	}
	return title
}

// changeWords says what a step of the kind Change sets.
func changeWords(b *chart.Book, s *chart.Step) string {
	var say []string
	if s.Title != nil {
		say = append(say, "is called "+*s.Title)
	}
	if s.Manager != nil {
		if *s.Manager == "" {
			say = append(say, "reports to nobody")
		} else {
			say = append(say, "reports to "+titleOf(b, *s.Manager))
		}
	}
	if s.Pin != nil {
		say = append(say, "has the level "+pinWords(*s.Pin))
	}
	if s.Specialty != nil {
		say = append(say, "has the specialty "+orNone(*s.Specialty))
	}
	if s.Department != nil {
		say = append(say, "belongs to "+orNone(*s.Department))
	}
	return joined(say)
}

// originWords says how a change came about, besides by hand.
func originWords(o org.Origin) string {
	switch o {
	case org.ByImport:
		return "by an import"
	case org.ByScenario:
		return "by a scenario"
	case org.BySCIM:
		return "by the provider of accounts"
	}
	return ""
}

// events are steps as a timeline shows them.
func events(v *view, entries []org.Entry, names people) []ui.Event {
	out := make([]ui.Event, 0, len(entries))
	for i := range entries {
		e := &entries[i]
		note := []string{"by " + names.name(e.By)}
		if o := originWords(e.Origin); o != "" {
			note = append(note, o)
		}
		if e.Day.IsKnown() {
			note = append(note, "from "+ui.Day(e.Day.Time())+" on")
		}
		out = append(out, ui.Event{When: ui.Ago(e.At), Say: ui.Text(said(v.Book, &e.Step) + "."), Icon: iconOf(e.Kind), Note: strings.Join(note, ", ")})
	}
	return out
}

func iconOf(k chart.Kind) ui.IconName {
	switch k {
	case chart.Open, chart.Close, chart.Withdraw, chart.Change:
		return ui.IconOrg
	}
	return ui.IconPerson
}

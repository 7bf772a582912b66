package chart

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/policy"
)

// A Gap is a position that nobody holds as they usually would, or that somebody
// else covers.
type Gap struct {
	*Node
	// VacantSince is the day since which nobody holds it regularly; "" if
	// somebody does.
	VacantSince calendar.Day
	// Covered is how it is covered; nil if it is not.
	Covered *Holding
	// Next is who is planned to hold it regularly; nil is nobody.
	Next *Holding
	// Alerts are what there is to say of its length, the heaviest first.
	Alerts []Finding
}

// The rules of coverage.
const (
	TooShort Rule = "too_short" // an interim role is planned for less than it lasts
	TooLong  Rule = "too_long"  // it lasts for longer than it may
	LongGap  Rule = "long_gap"  // it lasts for so long that somebody should look
	EndsSoon Rule = "ends_soon" // it ends within days
)

// Since returns the day since which the gap is as it is.
func (g *Gap) Since() calendar.Day {
	if g.Covered != nil {
		return g.Covered.Since
	}
	return g.VacantSince
}

// Kind returns how the position is covered; "" if it is not.
func (g *Gap) Kind() HoldingKind {
	if g.Covered == nil {
		return ""
	}
	return g.Covered.Kind
}

// Worst returns the heaviest alert; "" if there is none.
func (g *Gap) Worst() Severity {
	if len(g.Alerts) == 0 {
		return ""
	}
	return g.Alerts[0].Severity
}

// Coverage returns the positions that are vacant or covered, the ones with the
// heaviest alerts first, and of these the longest.
//
// The policy names the least and the most length of an interim role. An interim
// role is held to them; of the other gaps it is told that they have lasted for
// as long, since the policy names no other figures.
func (c *Chart) Coverage(v *policy.OrgVacancies) []Gap {
	var gaps []Gap
	for i := range c.Nodes {
		n := &c.Nodes[i]
		if n.Holder != nil && n.Cover == nil {
			continue
		}
		g := Gap{Node: n, Covered: n.cover(c.Day), Next: n.next(c.Day)}
		if n.Holder == nil {
			g.VacantSince = n.vacantSince(c.Day)
		}
		g.alert(c.Day, &v.Interim)
		gaps = append(gaps, g)
	}
	slices.SortStableFunc(gaps, func(x, y Gap) int {
		return cmp.Or(cmp.Compare(y.Worst().rank(), x.Worst().rank()), cmp.Compare(x.Since(), y.Since()))
	})
	return gaps
}

// cover returns how a position is covered on a day. Spans of the same kind in
// the same hands that follow each other are one: it was prolonged.
func (p *Position) cover(day calendar.Day) *Holding {
	at := p.Cover(day)
	if at == nil {
		return nil
	}
	whole := *at
	same := func(h *Holding) bool { return h.Person == whole.Person && h.Kind == whole.Kind }
	for grown := true; grown; {
		grown = false
		for i := range p.Holds {
			h := &p.Holds[i]
			switch {
			case same(h) && h.Until == whole.Since:
				whole.Since, grown = h.Since, true
			case same(h) && h.Since == whole.Until:
				whole.Until, grown = h.Until, true
			}
		}
	}
	return &whole
}

// next returns who is the first to hold the position regularly after a day.
func (p *Position) next(day calendar.Day) *Holding {
	var next *Holding
	for i := range p.Holds {
		if h := &p.Holds[i]; h.Kind == Regular && h.Since > day && (next == nil || h.Since < next.Since) {
			next = h
		}
	}
	return next
}

// vacantSince returns the day since which nobody holds the position, if nobody
// does.
func (p *Position) vacantSince(day calendar.Day) calendar.Day {
	since := p.Seats[0].Since
	for _, h := range p.Holds {
		if h.Kind == Regular && h.Until <= day {
			since = max(since, h.Until)
		}
	}
	return since
}

// alert says of a gap how long it lasts.
func (g *Gap) alert(day calendar.Day, r *policy.InterimRole) {
	least := Cite{Policy: "rooms.org.vacancies.interim.least_days"}
	most := Cite{Policy: "rooms.org.vacancies.interim.most_months"}
	say := func(sev Severity, rule Rule, cite Cite, format string, args ...any) {
		g.Alerts = append(g.Alerts, Finding{sev, rule, g.ID, fmt.Sprintf(format, args...), cite})
	}
	since := g.Since()
	mark, limit := since.Add(r.LeastDays), since.AddMonths(r.MostMonths)
	end := calendar.Never
	if g.Covered != nil {
		end = g.Covered.Until
	}
	interim := g.Kind() == Interim
	switch {
	case g.Covered == nil && g.Next != nil:
		// Somebody is to come, so nobody need be reminded.
	case interim && day >= limit:
		say(Attention, TooLong, most, "lasts since %s; an interim role lasts at most %s", date(since), months(r.MostMonths))
	case interim && end == calendar.Never:
		say(Minor, TooLong, most, "no end is planned; it may last until %s", date(limit.Add(-1)))
	case interim && end > limit:
		say(Attention, TooLong, most, "is planned until %s; it may last until %s", date(end.Add(-1)), date(limit.Add(-1)))
	case interim && since.Until(end) < r.LeastDays:
		say(Minor, TooShort, least, "is planned for %s; an interim role lasts at least %d", days(since.Until(end)), r.LeastDays)
	case day >= limit:
		say(Attention, LongGap, most, "for more than %s", months(r.MostMonths))
	case day >= mark && !interim:
		say(Minor, LongGap, least, "for more than %s", days(r.LeastDays))
	}
	if interim {
		end = min(end, limit)
	}
	if left := 0; end != calendar.Never && day < end {
		if left = day.Until(end); left <= r.LeastDays {
			say(Minor, EndsSoon, least, "ends in %s", days(left))
		}
	}
	slices.SortStableFunc(g.Alerts, func(x, y Finding) int { return y.Severity.rank() - x.Severity.rank() })
}

// date returns a day as people write it.
func date(d calendar.Day) string { return d.Time().Format("2 Jan 2006") }

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

func months(n int) string {
	if n == 1 {
		return "1 month"
	}
	return fmt.Sprintf("%d months", n)
}

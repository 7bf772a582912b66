package inbox

import (
	"cmp"
	"time"

	"github.com/cadre-hq/cadre/internal/calendar"
)

// A Kind says what a todo is about. It is what an inbox is filtered by.
type Kind string

// The kinds, in the order in which they are shown.
const (
	Hiring       Kind = "hiring"
	Pages        Kind = "pages" // of the handbook: job families, directions
	People       Kind = "people"
	Organisation Kind = "organisation"
	Direction    Kind = "direction"
	Growth       Kind = "growth"
	Indicators   Kind = "indicators"
	Server       Kind = "server" // for administrators
)

// Kinds lists all kinds in the order in which they are shown.
var Kinds = []Kind{Hiring, Pages, People, Organisation, Direction, Growth, Indicators, Server}

// Words returns the kind as people write it.
func (k Kind) Words() string {
	switch k {
	case Hiring:
		return "Hiring"
	case Pages:
		return "Pages"
	case People:
		return "People"
	case Organisation:
		return "Organisation"
	case Direction:
		return "Direction"
	case Growth:
		return "Growth"
	case Indicators:
		return "Indicators"
	case Server:
		return "Server"
	}
	return string(k)
}

// A Todo is one thing that somebody should do.
type Todo struct {
	Key  Key
	Kind Kind
	// Icon is the name of a drawing of the set (ui.IconName); "" is that of the
	// kind.
	Icon string
	// Say is what it is about, in one short sentence without a full stop:
	// "Scorecard for Leilani Kahale". Note adds what helps to recognise it.
	Say, Note string
	// Href is the page of this site on which it is done, and Act the verb on the
	// button that leads there: "Write".
	Href, Act string
	// Due says until when; the zero value is no date.
	Due Due
	// Since is when it was asked for; zero if that says nothing.
	Since time.Time
	// Because is the line that causes it.
	Because Cause
	// Who is whom it waits for, as the reader knows them: a name, "the
	// candidate", "Total Rewards". "" is the reader.
	Who string
}

// A Cause is a line of a page or of a policy pack: the rule by which there is
// something to do.
type Cause struct {
	Tag  string // stands before the number, for a file other than that of the thing: "policy"
	File string // as it is shown
	Line int    // 0: no line says it
	Href string // where the line is read
	Text string // the line, or what it says
}

// Due says until when something is to be done: to a moment, or to the end of a
// day of whoever reads.
type Due struct {
	At  time.Time    // a moment, or
	Day calendar.Day // a day
	// Late says how late it is, where that is not counted in days of the
	// calendar: "3 business days". "" counts days, or hours.
	Late string
	// Note says more: "98 days, limit 92".
	Note string
}

// IsKnown reports whether there is a date.
func (d Due) IsKnown() bool { return !d.At.IsZero() || d.Day.IsKnown() }

// DayIn returns the day that it is due on in a zone.
func (d Due) DayIn(zone *time.Location) calendar.Day {
	if !d.At.IsZero() {
		return calendar.Of(d.At.In(zone))
	}
	return d.Day
}

// A Group says how near the date of a todo is.
type Group string

// The groups, in the order in which they are shown.
const (
	Late     Group = "late"
	Today    Group = "today"
	ThisWeek Group = "this_week" // until Sunday
	Later    Group = "later"
	NoDate   Group = "no_date"
)

// Groups lists all groups in the order in which they are shown.
var Groups = []Group{Late, Today, ThisWeek, Later, NoDate}

// Words returns the group as people write it.
func (g Group) Words() string {
	switch g {
	case Late:
		return "Late"
	case Today:
		return "Today"
	case ThisWeek:
		return "This week"
	case Later:
		return "Later"
	case NoDate:
		return "Without a date"
	}
	return string(g)
}

// Group returns the group at a moment, which is in the zone of whoever reads.
func (d Due) Group(now time.Time) Group {
	today, day := calendar.Of(now), d.DayIn(now.Location())
	sunday := today.Add((7 - int(now.Weekday())) % 7)
	switch {
	case !d.IsKnown():
		return NoDate
	case !d.At.IsZero() && !now.Before(d.At), day < today:
		return Late
	case day == today:
		return Today
	case day <= sunday:
		return ThisWeek
	}
	return Later
}

// A Place is where a todo stands in a list: the most urgent first, those without
// a date last.
type Place struct {
	Due int64 `json:"d"` // seconds since 1970
	Key Key   `json:"k"`
}

// Place returns the place of the todo.
func (t Todo) Place() Place {
	due := calendar.Never.Time()
	switch {
	case !t.Due.At.IsZero():
		due = t.Due.At
	case t.Due.Day.IsKnown():
		due = t.Due.Day.Add(1).Time()
	}
	return Place{due.Unix(), t.Key}
}

// Compare orders places.
func (p Place) Compare(o Place) int {
	return cmp.Or(cmp.Compare(p.Due, o.Due), cmp.Compare(p.Key, o.Key))
}

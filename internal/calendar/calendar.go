// Package calendar counts in days, as organisations do: a start date, a day from
// which somebody reports to somebody else, the end of a quarter. A day has no
// hour and no zone; whoever turns a moment into a day says in which zone.
package calendar

import (
	"fmt"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
)

// A Day is a day of the calendar, written as ISO 8601 has it: "2026-11-23". Days
// compare as texts do. The zero value is before all days, and stands for one
// that is not known.
type Day string

// Never is a day that does not come: the end of what goes on.
const Never Day = "9999-12-31"

const form = "2006-01-02"

// ParseDay reads a day of the years 1900 to 9998. The error is Invalid.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(form, text)
	if err != nil || t.Year() < 1900 || t.Year() > 9998 {
		return "", fault.New(fault.Invalid, "%q is no day: it is written like 2026-11-23", text)
	}
	return Day(text), nil
}

// UnmarshalText reads a day that somebody sent: as ParseDay does, and nothing as
// no day. It also reads Never, for what programs keep.
func (d *Day) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 || string(text) == string(Never) {
		*d = Day(text)
		return nil
	}
	*d, err = ParseDay(string(text))
	return err
}

// Of returns the day that a moment falls on in its own zone.
func Of(t time.Time) Day { return Day(t.Format(form)) }

// On returns the day with a date; what is out of range is carried over, as
// time.Date does.
func On(year int, month time.Month, day int) Day {
	return Of(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// Time returns the beginning of the day in UTC, for what counts and prints. It
// is the zero time for a day that is not known.
func (d Day) Time() time.Time {
	t, _ := time.Parse(form, string(d)) // only days that were parsed or made here exist
	return t
}

// Add returns the day that comes n days later. What never comes, never does.
func (d Day) Add(n int) Day {
	if d == "" || d == Never {
		return d
	}
	return Of(d.Time().AddDate(0, 0, n))
}

// AddMonths returns the same day of the month, n months later, or the last day
// of a month that is too short.
func (d Day) AddMonths(n int) Day {
	if d == "" || d == Never {
		return d
	}
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Of(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// Until returns how many days it is to another day.
func (d Day) Until(other Day) int {
	return int(other.Time().Sub(d.Time()) / (24 * time.Hour))
}

// IsKnown reports whether it is a day that comes or came.
func (d Day) IsKnown() bool { return d != "" && d != Never }

// A Span is a time of whole days: from Since, up to but without Until.
type Span struct {
	Since Day
	Until Day // Never, while it goes on
}

// Holds reports whether a day lies in the span.
func (s Span) Holds(d Day) bool { return s.Since <= d && d < s.Until }

// Meets reports whether two spans have a day in common.
func (s Span) Meets(o Span) bool { return s.Since < o.Until && o.Since < s.Until }

// String returns the span as people write it.
func (s Span) String() string {
	if s.Until == Never {
		return fmt.Sprintf("since %s", s.Since)
	}
	return fmt.Sprintf("%s to %s", s.Since, s.Until.Add(-1))
}

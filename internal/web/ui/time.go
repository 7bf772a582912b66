package ui

import (
	"fmt"
	"time"
)

// dayForm is how dates are written: 23 Nov 2026.
const dayForm = "2 Jan 2006"

// Day returns a date in words. It takes a date that holds everywhere, at
// midnight UTC, and never moves it into another zone.
func Day(t time.Time) string { return t.UTC().Format(dayForm) }

// exact returns a time with its zone, as the reader of the frame has it.
func (f *Frame) exact(t time.Time) string { return t.In(f.zone()).Format(dayForm + ", 15:04 MST") }

// ago returns how long ago a time is, or how far ahead. Beyond a month it is the
// date, for nobody counts months.
func (f *Frame) ago(t time.Time) string {
	past := f.Now.Sub(t)
	ahead := past < 0
	span := past.Abs()
	var words string
	switch {
	case span < time.Minute && !ahead:
		return "just now"
	case span < time.Hour:
		words = count(max(1, int(span/time.Minute)), "minute")
	case span < 24*time.Hour:
		words = count(int(span/time.Hour), "hour")
	case f.days(t) <= 31:
		words = count(max(1, f.days(t)), "day")
	default:
		return t.In(f.zone()).Format(dayForm)
	}
	if ahead {
		return "in " + words
	}
	return words + " ago"
}

// days returns how many days in the reader's calendar lie between a time and
// now.
func (f *Frame) days(t time.Time) int {
	midnight := func(t time.Time) time.Time {
		y, m, d := t.In(f.zone()).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(midnight(f.Now).Sub(midnight(t)).Abs().Hours() / 24)
}

// count returns a number with its noun, in the plural unless it is one.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

package inboxweb

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/inbox"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A dated is how the date of a todo is shown: a state in words and, below it,
// what there is to say besides, which may be the exact time.
type dated struct {
	state ui.State
	icon  ui.IconName
	words string
	note  string
	exact time.Time // of the note; zero if it is no time
}

// when returns how a date is shown at a moment, which is in the zone of the
// reader.
func when(t inbox.Todo, now time.Time) dated {
	d := dated{state: ui.Unknown, icon: ui.IconCalendar, note: t.Due.Note}
	day := t.Due.DayIn(now.Location())
	switch t.Due.Group(now) {
	case inbox.Late:
		d.state, d.icon, d.words = ui.Bad, ui.IconClock, cmp.Or(t.Due.Late, lateBy(t.Due, now))
		if d.note == "" {
			d.note, d.exact = "since "+dayWords(day, now), t.Due.At
		}
		return d
	case inbox.Today:
		d.state, d.icon, d.words = ui.Current, ui.IconClock, "today"
		if !t.Due.At.IsZero() {
			d.words = "by " + t.Due.At.In(now.Location()).Format("15:04")
		}
	case inbox.ThisWeek, inbox.Later:
		d.words = "by " + dayWords(day, now)
		if !t.Due.At.IsZero() {
			d.words += t.Due.At.In(now.Location()).Format(", 15:04")
		}
	case inbox.NoDate:
	}
	if d.note == "" && !t.Since.IsZero() {
		d.note, d.exact = "since "+dayWords(calendar.Of(t.Since.In(now.Location())), now), t.Since
	}
	return d
}

// lateBy says how late something is: in days of the calendar or, on the same
// day, in hours or minutes.
func lateBy(d inbox.Due, now time.Time) string {
	if days := d.DayIn(now.Location()).Until(calendar.Of(now)); days > 0 {
		return counted(days, "day")
	}
	if hours := int(now.Sub(d.At) / time.Hour); hours > 0 {
		return counted(hours, "hour")
	}
	return counted(max(1, int(now.Sub(d.At)/time.Minute)), "minute")
}

// counted returns a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// dayWords returns a day with its weekday, and its year if that is another one.
func dayWords(d calendar.Day, now time.Time) string {
	t := d.Time()
	if t.Year() == now.Year() {
		return t.Format("Mon 2 Jan")
	}
	return t.Format("Mon 2 Jan 2006")
}

// waiting returns how the date of what others must do is shown.
func waiting(t inbox.Todo, now time.Time) dated {
	today, day := calendar.Of(now), t.Due.DayIn(now.Location())
	switch g := t.Due.Group(now); {
	case g == inbox.Late:
		return dated{state: ui.Warn, icon: ui.IconClock, words: cmp.Or(t.Due.Late, lateBy(t.Due, now)) + " late"}
	case g == inbox.Today:
		return dated{words: "due today"}
	case g != inbox.NoDate && day == today.Add(1):
		return dated{words: "due tomorrow"}
	case g != inbox.NoDate:
		return dated{words: "due " + dayWords(day, now)}
	case t.Due.Note != "":
		return dated{words: t.Due.Note}
	case !t.Since.IsZero():
		return dated{words: "since " + dayWords(calendar.Of(t.Since.In(now.Location())), now)}
	}
	return dated{}
}

// A choice is a day until which something can be put off.
type choice struct {
	label string
	day   calendar.Day
}

// choices returns the days that are offered: the next, the next Monday, and the
// same day of next week.
func choices(now time.Time) []choice {
	today := calendar.Of(now)
	monday := today.Add((7-int(now.Weekday()))%7 + 1)
	all := []choice{{"Until tomorrow", today.Add(1)}}
	if monday != today.Add(1) && monday != today.Add(7) {
		all = append(all, choice{"Until Monday", monday})
	}
	return append(all, choice{"For a week", today.Add(7)})
}

// tomorrow returns the day after that of the page.
func tomorrow(ctx context.Context) calendar.Day { return calendar.Of(here(ctx)).Add(1) }

// zoneWords names the zone in which times are shown: "Europe/Oslo (CET)".
func zoneWords(now time.Time) string {
	name, short := now.Location().String(), now.Format("MST")
	if name == short || strings.HasPrefix(short, "+") || strings.HasPrefix(short, "-") {
		return strings.ReplaceAll(name, "_", " ")
	}
	return strings.ReplaceAll(name, "_", " ") + " (" + short + ")"
}

package inbox_test

import (
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/inbox"
)

// Late, today and this week are those of whoever reads: the same todo may be
// due today in Los Angeles and be late in Auckland.
func TestGroups(t *testing.T) {
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) // a Monday
	for _, c := range []struct {
		due  inbox.Due
		now  time.Time
		zone string
		want inbox.Group
	}{
		{inbox.Due{}, noon, "UTC", inbox.NoDate},
		{inbox.Due{Day: calendar.Never}, noon, "UTC", inbox.NoDate},
		{inbox.Due{Day: "2026-11-22"}, noon, "UTC", inbox.Late},
		{inbox.Due{Day: "2026-11-23"}, noon, "UTC", inbox.Today},
		{inbox.Due{Day: "2026-11-24"}, noon, "UTC", inbox.ThisWeek},
		{inbox.Due{Day: "2026-11-29"}, noon, "UTC", inbox.ThisWeek}, // Sunday
		{inbox.Due{Day: "2026-11-30"}, noon, "UTC", inbox.Later},
		// A day ends where its reader is.
		{inbox.Due{Day: "2026-11-23"}, noon, "Pacific/Auckland", inbox.Late}, // 01:00 on the 24th
		{inbox.Due{Day: "2026-11-24"}, noon, "Pacific/Auckland", inbox.Today},
		{inbox.Due{Day: "2026-11-22"}, time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC), "America/Los_Angeles", inbox.Today}, // 21:00 on Sunday
		{inbox.Due{Day: "2026-11-23"}, time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC), "America/Los_Angeles", inbox.Later}, // another week
		// A moment is the same everywhere; its day is not.
		{inbox.Due{At: noon}, noon, "UTC", inbox.Late},
		{inbox.Due{At: noon.Add(time.Minute)}, noon, "UTC", inbox.Today},
		{inbox.Due{At: noon.Add(14 * time.Hour)}, noon, "UTC", inbox.ThisWeek},
		{inbox.Due{At: noon.Add(14 * time.Hour)}, noon, "America/Los_Angeles", inbox.Today},
		{inbox.Due{At: noon.Add(24 * 7 * time.Hour)}, noon, "UTC", inbox.Later},
		// On a Sunday the week ends today.
		{inbox.Due{Day: "2026-11-30"}, time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC), "UTC", inbox.Later},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.due.Group(c.now.In(zone)); got != c.want {
			t.Errorf("%+v at %s in %s: %s, want %s", c.due, c.now.Format(time.DateTime), c.zone, got, c.want)
		}
	}
}

// Every kind and every group has a word of its own.
func TestWords(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range inbox.Kinds {
		if w := k.Words(); w == string(k) || seen[w] {
			t.Errorf("the kind %s is called %q", k, w)
		}
		seen[k.Words()] = true
	}
	for _, g := range inbox.Groups {
		if w := g.Words(); w == string(g) || seen[w] {
			t.Errorf("the group %s is called %q", g, w)
		}
		seen[g.Words()] = true
	}
}

package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDay(t *testing.T) {
	for _, good := range []string{"2024-02-29", "1900-01-01", "9998-12-31"} {
		if d, err := ParseDay(good); err != nil || string(d) != good {
			t.Errorf("ParseDay(%q) = %q, %v", good, d, err)
		}
	}
	for _, bad := range []string{"", "2023-02-29", "23.11.2026", "2026-1-2", "9999-12-31", "1899-12-31"} {
		if d, err := ParseDay(bad); err == nil {
			t.Errorf("ParseDay(%q) = %q", bad, d)
		}
	}
}

func TestAddMonths(t *testing.T) {
	for _, c := range []struct {
		day  Day
		n    int
		want Day
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2026-11-30", 3, "2027-02-28"},
		{"2026-03-31", -1, "2026-02-28"},
		{Never, 1, Never},
		{"", 1, ""},
	} {
		if got := c.day.AddMonths(c.n); got != c.want {
			t.Errorf("%q and %d months is %q, want %q", c.day, c.n, got, c.want)
		}
	}
}

// Days compare as texts as they do in time, and adding days is counting them.
func TestDaysCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := On(rapid.IntRange(1900, 9000).Draw(t, "year"), time.January, rapid.IntRange(1, 366).Draw(t, "day"))
		n := rapid.IntRange(-5000, 5000).Draw(t, "n")
		later := d.Add(n)
		if d.Until(later) != n {
			t.Errorf("%s and %d days is %s, which is %d days away", d, n, later, d.Until(later))
		}
		if (later < d) != (n < 0) {
			t.Errorf("%s and %s compare otherwise than %d", d, later, n)
		}
	})
}

// The day of a moment is that of its zone.
func TestOf(t *testing.T) {
	late := time.Date(2026, time.November, 23, 23, 30, 0, 0, time.UTC)
	if d := Of(late.In(time.FixedZone("east", 3600))); d != "2026-11-24" {
		t.Errorf("got %s", d)
	}
}

func TestSpan(t *testing.T) {
	s := Span{"2026-01-01", "2026-02-01"}
	if !s.Holds("2026-01-01") || !s.Holds("2026-01-31") || s.Holds("2026-02-01") || s.Holds("2025-12-31") {
		t.Error("a span begins on its first day and ends before its last")
	}
	if s.Meets(Span{"2026-02-01", Never}) || !s.Meets(Span{"2026-01-31", Never}) {
		t.Error("spans meet on a day that both have")
	}
	if got := s.String(); got != "2026-01-01 to 2026-01-31" {
		t.Error(got)
	}
}

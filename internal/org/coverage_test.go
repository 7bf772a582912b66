package org_test

import (
	"testing"

	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/policy"
)

// The figures of the example in the handbook, and the ends of rounding.
func TestBonus(t *testing.T) {
	r := &policy.InterimRole{BonusPercent: 10, YearDays: 365}
	for _, c := range []struct {
		salary, want int64
		days         int
	}{
		{12500000, 308219, 90},
		{12500000, 0, 0},
		{12500000, 1250000, 365},
		{3650, 1, 1}, // 0.0365 × 10 % … exactly one hundredth
		{1825, 1, 1}, // half of one is rounded up
		{1824, 0, 1}, // less than half is not
		{100, 0, 1},  // next to nothing
		{1e12, 1e11, 365},
	} {
		if got := org.Bonus(r, c.salary, c.days); got != c.want {
			t.Errorf("%d for %d days is %d, want %d", c.salary, c.days, got, c.want)
		}
	}
}

func TestParseSalary(t *testing.T) {
	for text, want := range map[string]int64{
		"125,000": 12500000, "125000": 12500000, " 98 500.50 ": 9850050, "98'500.5": 9850050, "0.01": 1,
	} {
		if got, err := org.ParseSalary(text); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", ".", "0", "-5", "much", "1.", "1.234", ".50", "1e9", "10000000001", "99999999999999999999999", "1.2.3"} {
		if got, err := org.ParseSalary(text); err == nil {
			t.Errorf("%q is %d", text, got)
		}
	}
}

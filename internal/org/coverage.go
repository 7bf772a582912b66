package org

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/policy"
)

// Bonus returns what an interim role pays besides a yearly salary for so many
// calendar days: the salary for these days, by the policy's share. Both are in
// hundredths of the currency; half a hundredth is rounded up.
func Bonus(r *policy.InterimRole, salary int64, days int) int64 {
	part, whole := salary*int64(r.BonusPercent)*int64(days), 100*int64(r.YearDays)
	return (2*part + whole) / (2 * whole)
}

// mostSalary bounds what is taken for a yearly salary, in hundredths.
const mostSalary = 1e12

// ParseSalary reads an amount of money, in hundredths: "125,000", "125 000.50".
func ParseSalary(text string) (int64, error) {
	whole, cents, hasCents := strings.Cut(strings.TrimSpace(text), ".")
	whole = strings.NewReplacer(",", "", " ", "", "'", "", "\u00a0", "", "\u202f", "", "’", "").Replace(whole)
	var n int64
	digits := whole + cents
	if len(cents) == 1 {
		digits += "0"
	} else if len(cents) == 0 {
		digits += "00"
	}
	for _, d := range digits {
		if d < '0' || d > '9' || n > mostSalary {
			return 0, noSalary()
		}
		n = 10*n + int64(d-'0')
	}
	if whole == "" || len(cents) > 2 || hasCents && cents == "" || n == 0 || n > mostSalary {
		return 0, noSalary()
	}
	return n, nil
}

func noSalary() error {
	return fault.New(fault.Invalid, "enter a yearly salary as a number, such as 125,000 or 98,500.50")
}

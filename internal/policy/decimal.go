package policy

import (
	"math/big"
	"strings"
)

// A Decimal is a number with a fraction as it is written, such as "0.9". It is
// kept as text so that nothing is lost; "" is none.
type Decimal string

// isDecimal reports whether a text is a number that is not negative, with or
// without a fraction.
func isDecimal(s string) bool {
	whole, fraction, point := strings.Cut(s, ".")
	digits := func(s string) bool {
		return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	}
	return digits(whole) && (!point || digits(fraction))
}

// Rat returns the exact number; 0 for none.
func (d Decimal) Rat() *big.Rat {
	r, ok := new(big.Rat).SetString(string(d))
	if !ok {
		return new(big.Rat)
	}
	return r
}

// Float returns the nearest floating-point number.
func (d Decimal) Float() float64 {
	f, _ := d.Rat().Float64()
	return f
}

// Compare orders two numbers by their size: "0.80" equals "0.8".
func (d Decimal) Compare(other Decimal) int { return d.Rat().Cmp(other.Rat()) }

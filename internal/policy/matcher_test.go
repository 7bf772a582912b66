package policy

import (
	"slices"
	"testing"
)

// A phrase is found wherever its words stand, and never in the inside of
// another word.
func TestPhrasesBeginAtWords(t *testing.T) {
	pack := &Pack{}
	pack.Wording.Vacancy.Words = []string{"I'll", "s/he", "man hours", "co-op*", "überall", "we"}
	m := pack.compile()
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"We", []string{"We"}},
		{"Here I\u2019ll moor; there I'll sail", []string{"I\u2019ll", "I'll"}},
		{"s/he and S/he", []string{"s/he", "S/he"}},
		{"man-hours of a foreman hours", nil},
		{"a **man** hours", []string{"man** hours"}},
		{"co-operates, in a non-co-op", []string{"co-operates"}},
		{"\u201cwe\u201d\u2013we", []string{"we", "we"}},
		{"Überall \u00e9we", []string{"Überall"}},
		{"twe owe awe", nil},
	} {
		var found []string
		m.Find([]byte(c.text), Lists(Vacancy), func(h Hit) { found = append(found, c.text[h.Start:h.End]) })
		if !slices.Equal(found, c.want) {
			t.Errorf("in %q: found %q, want %q", c.text, found, c.want)
		}
	}
}

package wording

import (
	"slices"
	"strings"
)

// Key returns what a name says whatever the order of its words: "Manager,
// Berth Planning" and "Berth Planning Manager" have one key.
func Key(name string) string {
	ws := NewTitle(name).telling()
	ks := make([]string, len(ws))
	for i := range ws {
		ks[i] = ws[i].key
	}
	slices.Sort(ks)
	return strings.Join(ks, " ")
}

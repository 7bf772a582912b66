package lint

import (
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/resolve"
)

// roleKey brings a title into the form in which two spellings of one role are
// equal, whatever the order of their words: "Director of Product" and "Product
// Director".
func roleKey(title string) string {
	return strings.Join(roleWords(title), " ")
}

// roleWords returns the words of a title in that form, sorted.
func roleWords(title string) []string {
	words := resolve.RoleKey(title)
	slices.Sort(words)
	return words
}

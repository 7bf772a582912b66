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
	words := slices.Clone(resolve.RoleKey(title))
	slices.Sort(words)
	return strings.Join(words, " ")
}

package press

import "github.com/cadre-hq/cadre/internal/family"

// PageOf returns a family in the contract's form, which JSON writes. Its lists
// are its own. Duties are inherited from the levels that find knows; nil finds
// those of the same page.
func PageOf(f *family.Family, find family.Finder) *Page {
	if find == nil {
		find = family.Find
	}
	p := page(f, find)
	return &p
}

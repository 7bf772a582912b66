package resolve

import "github.com/cadre-hq/cadre/internal/family"

// Settings steer how names are read. Case, punctuation and plural apostrophes
// of their keys do not matter.
type Settings struct {
	// Aliases maps a role's name, as pages write it, to the title of the level
	// that is meant.
	Aliases map[string]string
	// Headings maps further spellings of headings to what they mean.
	Headings map[string]family.Kind
	// WithoutIDs leaves the ids of items and steps empty, for those who only
	// judge a page.
	WithoutIDs bool
}

// folded returns the settings with their keys in the form in which headings
// and titles are compared.
func (s Settings) folded() Settings {
	s.Aliases, s.Headings = foldKeys(s.Aliases), foldKeys(s.Headings)
	return s
}

func foldKeys[V any](m map[string]V) map[string]V {
	if len(m) == 0 {
		return nil
	}
	out := make(map[string]V, len(m))
	for k, v := range m {
		out[fold(k)] = v
	}
	return out
}

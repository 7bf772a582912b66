package resolve

import "github.com/cadre-hq/cadre/internal/family"

// Settings steer how names are read.
type Settings struct {
	// Aliases maps a role's name, as pages write it, to the title of the level
	// that is meant.
	Aliases map[string]string
	// Headings maps further spellings of headings to what they mean.
	Headings map[string]family.Kind
}

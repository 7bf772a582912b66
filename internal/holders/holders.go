// Package holders lists what each package says that it holds of people. A room
// that has tables adds a line here; a test fails as long as a column that could
// hold text is not spoken for.
//
// The order is that in which a person is erased: rooms from right to left, so
// that one can still ask those to its left; accounts last, since all refer to
// them.
package holders

import (
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/files"
	"github.com/cadre-hq/cadre/internal/inbox"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/search"
)

// All returns the holders of the program.
func All(clock func() time.Time) []erasure.Holder {
	return []erasure.Holder{
		org.Personal, product.Personal, catalog.Personal, inbox.Personal, files.Personal, search.Personal, auth.Personal(clock), chosen.Personal, erasure.Platform,
	}
}

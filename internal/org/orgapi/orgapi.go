// Package orgapi is the JSON interface of the organisation: people and their
// positions, brought in and out.
//
// An operation reads its input, asks the service and turns the answer into the
// types of this package.
package orgapi

import (
	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/org"
)

// Register adds the operations of the room.
func Register(a *api.API, s *org.Service) {
	registerImport(a, s)
}

package product

import (
	"context"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/store"
)

// CoverageAt returns the hierarchy as of a day with its coverage, for other
// rooms.
func (s *Service) CoverageAt(ctx context.Context, tx store.Tx, day calendar.Day) (*Hierarchy, *Coverage, error) {
	h, err := s.HierarchyAt(ctx, tx, day)
	if err != nil {
		return nil, nil, err
	}
	r, err := s.register(ctx, tx, h, nil)
	if err != nil {
		return nil, nil, err
	}
	return h, h.coverage(r), nil
}

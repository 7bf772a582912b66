package auth

import (
	"context"

	"github.com/cadre-hq/cadre/internal/store"
)

// Erasable returns the person whom an actor wants to erase (package erasure).
// Administrators may, but not themselves, and no service; ErrStale if they
// signed in long ago.
func (s *Service) Erasable(ctx context.Context, by Actor, id PrincipalID) (p *Principal, err error) {
	err = s.db.View(ctx, func(tx store.Tx) error {
		if p, err = s.find(ctx, tx, id); err != nil {
			return err
		}
		if err := s.Can(by, "auth.principal.erase", p); err != nil {
			return err
		}
		return s.fresh(ctx, tx, by)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

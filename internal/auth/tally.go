package auth

import (
	"context"
	"fmt"

	"github.com/cadre-hq/cadre/internal/auth/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// TheServer is the server as a thing: how it sends letters, looks at files, is
// kept safe.
var TheServer = Entity{Kind: "server", ID: "server"}

// A Tally counts accounts that are open, and invitations that nobody has
// accepted yet.
type Tally struct{ People, Services, Invitations int }

// Tally counts. Whoever may look at the directory may.
func (s *Service) Tally(ctx context.Context, by Actor) (t Tally, err error) {
	if err := s.Can(by, "auth.directory.read", Directory); err != nil {
		return t, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		row, err := db.New(tx).Tally(ctx)
		if err != nil {
			return fmt.Errorf("count accounts: %w", err)
		}
		t = Tally{int(row.People), int(row.Services), int(row.Invitations)}
		return nil
	})
	return t, err
}

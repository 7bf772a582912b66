package auth

import (
	"context"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/store"
)

// TheJournal is the journal as a thing.
var TheJournal = Entity{Kind: "journal", ID: "journal"}

// Entries returns entries of the journal, the newest first, up to one more than
// the limit: that one tells that there is a next page. Administrators may read
// it.
func (s *Service) Entries(ctx context.Context, by Actor, f audit.Filter) (found []audit.Entry, err error) {
	if err := s.Can(by, "auth.journal.read", TheJournal); err != nil {
		return nil, err
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	f.Limit = min(f.Limit, 500) + 1
	err = s.db.View(ctx, func(tx store.Tx) error {
		found, err = audit.Entries(ctx, tx, f)
		return err
	})
	return found, err
}

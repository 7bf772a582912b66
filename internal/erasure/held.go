package erasure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Share is what one holder has of a person.
type Share struct {
	Room string // the word that the names of its tables begin with
	Rows int64
}

// errSeen takes back what was done only to be seen.
var errSeen = errors.New("this was done to be seen")

// Held returns what Erase would remove, for each holder that has something. It
// does so in a transaction that is taken back, so that the two cannot differ;
// and it fails where Erase would, but for somebody of whom nothing is known.
func (s *Service) Held(ctx context.Context, by audit.Actor, ids ...PersonID) (shares []Share, err error) {
	err = s.db.Update(ctx, func(tx store.Tx) error {
		shares = nil
		for _, h := range s.holders {
			share := Share{Room: roomOf(h)}
			for _, id := range ids {
				rows, err := h.Erase(ctx, tx, by, id)
				if err != nil {
					return fmt.Errorf("see what is held of a person: %w", err)
				}
				share.Rows += rows
			}
			if share.Rows > 0 {
				shares = append(shares, share)
			}
		}
		return errSeen
	})
	if errors.Is(err, errSeen) {
		err = nil
	}
	return shares, err
}

// roomOf returns the word that the names of a holder's tables begin with.
func roomOf(h Holder) string {
	for _, t := range h.Holds() {
		room, _, _ := strings.Cut(t.Name, "_")
		return room
	}
	return ""
}

// An Erasure is what is left of a person.
type Erasure struct {
	Person PersonID
	At     time.Time
	By     string     // id of who erased them; "" is the program
	Gone   *time.Time // when the bytes were gone, too; nil if they are not yet
}

// Key returns where an erasure is in the list.
func (e Erasure) Key() Key { return Key{store.At(e.At), e.Person} }

// A Key is the place of an erasure in the list.
type Key struct {
	At     store.Time
	Person PersonID
}

// Erasures returns erasures, the newest first: those that come after one in the
// list (the zero Key begins it), or that of one person alone. To know whether
// there are more, ask for one more than is shown. Who may see them is the
// caller's to know.
func (s *Service) Erasures(ctx context.Context, person PersonID, after Key, limit int) (found []Erasure, err error) {
	where, args := "", []any(nil)
	switch {
	case person != "":
		where, args = "WHERE person = $1", []any{string(person)}
	case after.Person != "":
		where, args = "WHERE (at, person) < ($1, $2)", []any{after.At, string(after.Person)}
	}
	err = s.db.View(ctx, func(tx store.Tx) (err error) {
		found = nil
		rows, err := tx.QueryContext(ctx, "SELECT person, at, erased_by, scrubbed_at FROM erasure_tombstone "+where+
			fmt.Sprintf(" ORDER BY at DESC, person DESC LIMIT %d", cmp.Or(limit, 50)), args...)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var e Erasure
			var at store.Time
			var gone store.NullTime
			if err := rows.Scan(&e.Person, &at, &e.By, &gone); err != nil {
				return err
			}
			e.At, e.Gone = at.Time, gone.Ptr()
			found = append(found, e)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("list erasures: %w", err)
	}
	return found, nil
}

// Count returns how many people were erased, and of how many the bytes are not
// gone yet.
func (s *Service) Count(ctx context.Context) (people, waiting int, err error) {
	err = s.db.View(ctx, func(tx store.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*), count(*) - count(scrubbed_at) FROM erasure_tombstone").Scan(&people, &waiting)
	})
	if err != nil {
		return 0, 0, fmt.Errorf("count erasures: %w", err)
	}
	return people, waiting, nil
}

package product

import (
	"context"
	"fmt"
	"sync"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/org/product/internal/db"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/store"
)

// A shelf holds the pictures that were drawn last. The stamp is read in the
// transaction of whoever asks, and never has the same value twice, also not by a
// transaction that was rolled back, so a picture is right wherever its stamp is
// read. Who is erased changes the stamp as well.
type shelf struct {
	sync.Mutex
	stamp db.StampRow
	pack  *policy.Pack
	days  map[calendar.Day]*picture
}

// mostDays is how many days are held.
const mostDays = 8

// picture returns the picture of a day as it is in a transaction.
func (s *Service) picture(ctx context.Context, tx store.Tx, day calendar.Day) (*picture, error) {
	pack, err := s.policy.Effective(ctx, tx)
	if err != nil {
		return nil, err
	}
	q := db.New(tx)
	stamp, err := q.Stamp(ctx)
	if err != nil {
		return nil, fmt.Errorf("find out whether the hierarchy has changed: %w", err)
	}
	if p := s.shelf.find(stamp, pack, day); p != nil {
		return p, nil
	}
	p, err := draw(ctx, q, day, pack)
	if err == nil {
		s.shelf.put(stamp, pack, p)
	}
	return p, err
}

func (s *shelf) find(stamp db.StampRow, pack *policy.Pack, day calendar.Day) *picture {
	s.Lock()
	defer s.Unlock()
	if s.stamp != stamp || s.pack != pack {
		return nil
	}
	return s.days[day]
}

func (s *shelf) put(stamp db.StampRow, pack *policy.Pack, p *picture) {
	s.Lock()
	defer s.Unlock()
	if s.stamp != stamp || s.pack != pack || len(s.days) >= mostDays {
		s.stamp, s.pack, s.days = stamp, pack, map[calendar.Day]*picture{}
	}
	s.days[p.Day] = p
}

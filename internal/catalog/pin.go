package catalog

import (
	"context"
	"slices"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/delta"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/press"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/workspace"
)

// A Role is what a pin stands for: a level of a version of a family, with what
// is asked of it and how people are hired for it. What it inherits from other
// pages is as of the release in which the version came, so that it is the same
// whenever one asks.
type Role struct {
	Pin         Pin
	FamilyTitle string
	Summary     LevelSummary
	Level       *press.Level
	Duties      LevelDuties
	// Indicators are the level's own and those of its family.
	Indicators []press.Item
	Cadences   []press.Cadence
	// Hiring are the processes of the level or, if it has none, of its family.
	Hiring      []press.Process
	Specialties []press.Specialty
}

// Resolve returns what a pin stands for. It is NotFound if there is no such
// family, version or level.
func (s *Service) Resolve(ctx context.Context, tx store.Tx, p Pin) (*Role, error) {
	_, v, err := versionRow(ctx, tx, p.Family, p.Version)
	if err != nil {
		return nil, err
	}
	f, err := s.family(ctx, tx, p.Family, p.Version, ReleaseNumber(v.Release))
	if err != nil {
		return nil, err
	}
	return f.Role(p.Level)
}

// Role returns what the family asks of one of its levels. It is NotFound if
// there is no such level.
func (f *Family) Role(id LevelID) (*Role, error) {
	i := slices.IndexFunc(f.Levels, func(l LevelSummary) bool { return l.ID == id })
	if i < 0 || i >= len(f.Model.Levels) {
		return nil, fault.New(fault.NotFound, "version %d of %q has no level %q", f.Version, f.ID, id)
	}
	l := &f.Model.Levels[i]
	r := &Role{
		Pin: Pin{f.ID, f.Version, id}, FamilyTitle: f.Title, Summary: f.Levels[i], Level: l,
		Indicators: slices.Concat(l.Details.Indicators, f.Model.Family.Details.Indicators),
		Cadences:   slices.Concat(l.Details.Cadences, f.Model.Family.Details.Cadences),
		Hiring:     f.hiring(l.Title),
	}
	for _, d := range f.Duties {
		if d.Level == id {
			r.Duties = d
		}
	}
	for _, s := range f.Model.Specialties {
		if s.Level == nil || *s.Level == l.Title {
			r.Specialties = append(r.Specialties, s)
		}
	}
	return r, nil
}

// hiring returns the processes by which people are hired for a level.
func (f *Family) hiring(level string) []press.Process {
	var own, all []press.Process
	for _, p := range f.Model.Hiring {
		switch {
		case p.Level == nil:
			all = append(all, p)
		case *p.Level == level:
			own = append(own, p)
		}
	}
	if len(own) > 0 {
		return own
	}
	return all
}

// Minutes returns how long the steps of a process take, those that are not
// optional and those that are, as far as the page says; of a range its upper
// end. A step that is held several times counts as often.
func Minutes(p *press.Process) (must, may int) {
	for _, s := range p.Steps {
		if s.Minutes == nil {
			continue
		}
		n := s.Minutes[1] * max(s.Count, 1)
		if s.Optional {
			may += n
		} else {
			must += n
		}
	}
	return must, may
}

// A Lag says how far a pin is behind the latest version of its family.
type Lag struct {
	Pin     Pin
	Latest  int     // the latest version
	Level   LevelID // that the pin's level is in the latest version; "" if it is gone
	Retired bool    // the family has no page any more
	// Changes are what changed since in the level, and for the family as a
	// whole, the strictest first.
	Changes []delta.Change
}

// Behind returns the pins whose family has a newer version, or is retired, in
// the order of pins. A pin that does not exist is NotFound.
func (s *Service) Behind(ctx context.Context, tx store.Tx, pins []Pin) ([]Lag, error) {
	var lags []Lag
	readings := map[int64]workspace.Reading{}
	for _, p := range pins {
		row, v, err := versionRow(ctx, tx, p.Family, p.Version)
		if err != nil {
			return nil, err
		}
		if int64(p.Version) == row.Version && row.Retired == 0 {
			continue
		}
		lag := Lag{Pin: p, Latest: int(row.Version), Retired: row.Retired != 0}
		was, err := s.level(ctx, tx, p)
		if err != nil {
			return nil, err
		}
		title := was.Title
		if now, err := s.level(ctx, tx, Pin{p.Family, lag.Latest, p.Level}); err == nil {
			lag.Level, title = now.ID, now.Title
		} else if fault.KindOf(err) != fault.NotFound {
			return nil, err
		}
		if lag.Latest != p.Version {
			_, latest, err := versionRow(ctx, tx, p.Family, lag.Latest)
			if err != nil {
				return nil, err
			}
			old, err := s.state(ctx, tx, &v, readings)
			if err != nil {
				return nil, err
			}
			new, err := s.state(ctx, tx, &latest, readings)
			if err != nil {
				return nil, err
			}
			for _, c := range between(old, new) {
				if c.Level == "" || c.Level == title || c.Level == was.Title {
					lag.Changes = append(lag.Changes, c)
				}
			}
		}
		lags = append(lags, lag)
	}
	return lags, nil
}

// level returns the level of a pin; NotFound if there is none.
func (s *Service) level(ctx context.Context, tx store.Tx, p Pin) (LevelSummary, error) {
	levels, err := levelsOf(ctx, tx, p.Family, p.Version)
	if err != nil {
		return LevelSummary{}, err
	}
	for _, l := range levels {
		if l.ID == p.Level {
			return l, nil
		}
	}
	return LevelSummary{}, fault.New(fault.NotFound, "version %d of %q has no level %q", p.Version, p.Family, p.Level)
}

// View calls f with a transaction, for whoever reads pins outside of one.
func (s *Service) View(ctx context.Context, by auth.Actor, f func(store.Tx) error) error {
	if err := s.auth.Can(by, ReadFamily, FamilyID("")); err != nil {
		return err
	}
	return s.db.View(ctx, f)
}

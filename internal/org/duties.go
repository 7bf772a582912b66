package org

import (
	"context"
	"fmt"
	"slices"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/store"
)

// Duties are what is asked of somebody on a day: what the published page asks of
// their level, of its family, and what it inherits; with what depends on the
// person decided.
type Duties struct {
	Node *chart.Node
	// Family is the version of the page in force; nil if the position has no
	// level.
	Family           *catalog.Family
	Level            catalog.LevelSummary
	Responsibilities []Duty
	Requirements     []Duty
	Specialty        *chart.Specialty // nil is none
	// Keeps says whether the duties of an individual contributor stay, and why;
	// it is nil where the page ties them to nothing.
	Keeps *Condition
	// Pinned is the version that the position is held to, if that is another one.
	Pinned int
}

// A Duty is a duty of somebody.
type Duty struct {
	catalog.Duty
	// Applies is false for a duty of an individual contributor that does not stay
	// with this person, and for one that the level leaves out.
	Applies bool
	// Evidence names what shows that the duty is done; "" is nothing yet.
	Evidence string
	// Specialty is the specialty that asks for it; "" for what the level asks.
	Specialty string
}

// A Condition decides about the duties of an individual contributor who leads.
type Condition struct {
	Met     bool
	Reports int // direct reports, without vacant positions
	Below   int // fewer than so many keep the duties; 0 does not count
	// FirstTime says that it is somebody's first position with reports, and
	// Counts that this counts.
	FirstTime bool
	Counts    bool
	Cite      chart.Cite
}

// Words say why the condition is met or not.
func (c *Condition) Words() string {
	switch {
	case c.Below > 0 && c.Reports < c.Below && c.Counts && c.FirstTime:
		return fmt.Sprintf("%d direct reports, fewer than %d, and a first position with reports", c.Reports, c.Below)
	case c.Below > 0 && c.Reports < c.Below:
		return fmt.Sprintf("%d direct reports, fewer than %d", c.Reports, c.Below)
	case c.Counts && c.FirstTime:
		return "a first position with reports"
	case c.Counts:
		return fmt.Sprintf("%d direct reports, and not the first position with reports", c.Reports)
	}
	return fmt.Sprintf("%d direct reports, not fewer than %d", c.Reports, c.Below)
}

// Duties returns what is asked of who holds or covers a position on a day. For a
// vacant position it is what would be asked. Everybody who signed in may read it.
func (s *Service) Duties(ctx context.Context, by auth.Actor, id PositionID, day calendar.Day) (d *Duties, err error) {
	if err := s.auth.Can(by, ReadChart, TheChart); err != nil {
		return nil, err
	}
	err = s.view(ctx, func(tx store.Tx, b bookAt) error {
		c, err := s.chart(ctx, tx, b, s.day(day))
		if err != nil {
			return err
		}
		n := c.Node(id)
		if n == nil {
			return fault.New(fault.NotFound, "there is no position %q on %s", id, c.Day)
		}
		d, err = s.duties(ctx, tx, c, n)
		return err
	})
	return d, err
}

func (s *Service) duties(ctx context.Context, tx store.Tx, c *Chart, n *chart.Node) (*Duties, error) {
	d := &Duties{Node: n}
	if n.Role == nil {
		return d, nil
	}
	var err error
	if d.Family, err = s.familyOf(ctx, tx, c, n.Role.Pin); err != nil {
		return nil, err
	}
	if n.Seat.Pin.Version != n.Role.Pin.Version {
		d.Pinned = n.Seat.Pin.Version
	}
	role, err := d.Family.Role(n.Role.Pin.Level)
	if err != nil {
		return nil, err
	}
	d.Level = role.Summary
	d.Specialty = n.Role.Specialty(n.Seat.Specialty)
	if n.Role.KeepsBelow > 0 || n.Role.KeepsFirst {
		d.Keeps = keeps(c, n)
	}
	applies := func(duty catalog.Duty) bool {
		if duty.Withheld {
			return false
		}
		return !duty.Individual || d.Keeps == nil || d.Keeps.Met
	}
	for _, duty := range role.Duties.Responsibilities {
		d.Responsibilities = append(d.Responsibilities, Duty{Duty: duty, Applies: applies(duty)})
	}
	for _, duty := range role.Duties.Requirements {
		d.Requirements = append(d.Requirements, Duty{Duty: duty, Applies: applies(duty)})
	}
	d.addSpecialty(n.Role)
	return d, nil
}

// addSpecialty adds what the specialty asks for, and those that it is part of.
func (d *Duties) addSpecialty(r *chart.Role) {
	seen := map[string]bool{}
	for s := d.Specialty; s != nil && !seen[s.Title]; s = r.Specialty(s.Parent) {
		seen[s.Title] = true
		asks := func(list []chart.Asked) (out []Duty) {
			for _, a := range list {
				duty := catalog.Duty{ID: a.ID, Text: a.Text, Line: a.Line, Family: d.Family.ID, Level: d.Level.ID}
				out = append(out, Duty{Duty: duty, Applies: true, Specialty: s.Title})
			}
			return out
		}
		d.Responsibilities = append(d.Responsibilities, asks(s.Responsibilities)...)
		d.Requirements = append(d.Requirements, asks(s.Requirements)...)
	}
}

// familyOf returns a version of a family with what other pages say as of the
// release that is in force on the day of a chart.
func (s *Service) familyOf(ctx context.Context, tx store.Tx, c *Chart, p catalog.Pin) (*catalog.Family, error) {
	var asOf catalog.ReleaseNumber
	if c.Edition != nil {
		if f := c.Edition.Family(p.Family); f != nil && f.Version == p.Version {
			asOf = c.Edition.Release.Number
		}
	}
	return s.catalog.VersionAsOf(ctx, tx, p.Family, p.Version, asOf)
}

// keeps decides whether the duties of an individual contributor stay with who
// does the work of a position.
func keeps(c *Chart, n *chart.Node) *Condition {
	k := &Condition{Reports: n.Direct.Filled, Below: n.Role.KeepsBelow, Counts: n.Role.KeepsFirst, Cite: n.Role.KeepsCite}
	if who := n.Who(); who != nil && !who.ManagedBefore {
		k.FirstTime = c.Book.FirstManaged(who.ID) >= since(n, who.ID, c.Day)
	}
	k.Met = k.Below > 0 && k.Reports < k.Below || k.Counts && k.FirstTime
	return k
}

// since returns the day from which somebody holds or covers a position.
func since(n *chart.Node, who PersonID, day calendar.Day) calendar.Day {
	i := slices.IndexFunc(n.Position.Holds, func(h chart.Holding) bool { return h.Person == who && h.Holds(day) })
	if i < 0 {
		return day
	}
	return n.Position.Holds[i].Since
}

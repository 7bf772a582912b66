package org

import (
	"context"
	"fmt"
	"sync"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Chart is the organisation on a day, with what pages and policy demand of it.
// It does not change and may be read by many goroutines.
type Chart struct {
	*chart.Chart
	Bands    chart.Bands
	Policy   *policy.Pack
	Edition  *catalog.Edition // nil before anything was in force
	Revision int64            // of the room; to be given back as Change.Seen
	once     sync.Once
	findings []chart.Finding
}

// Findings returns what is to be said about the shape of the organisation, the
// heaviest first.
func (c *Chart) Findings() []chart.Finding {
	c.once.Do(func() { c.findings = c.Chart.Findings(&c.Bands) })
	return c.findings
}

// Chart returns the organisation on a day; "" is today. Everybody who signed in
// may read it.
func (s *Service) Chart(ctx context.Context, by auth.Actor, day calendar.Day) (c *Chart, err error) {
	if err := s.auth.Can(by, ReadChart, TheChart); err != nil {
		return nil, err
	}
	err = s.view(ctx, func(tx store.Tx, b bookAt) error {
		c, err = s.chart(ctx, tx, b, s.day(day))
		return err
	})
	return c, err
}

// PublicChart returns the organisation of today for visitors, if the policy says
// that they may see it; otherwise it is as if there were none, NotFound.
func (s *Service) PublicChart(ctx context.Context) (c *Chart, err error) {
	err = s.view(ctx, func(tx store.Tx, b bookAt) error {
		pack, err := s.pack(ctx, tx, s.Today())
		if err != nil {
			return err
		}
		if !pack.Rooms().Org.Chart.Public {
			return fault.New(fault.NotFound, "there is no page here")
		}
		c, err = s.chart(ctx, tx, b, s.Today())
		return err
	})
	return c, err
}

// ChartIn returns the organisation on a day, for other rooms.
func (s *Service) ChartIn(ctx context.Context, tx store.Tx, day calendar.Day) (*Chart, error) {
	b, err := s.book(ctx, tx)
	if err != nil {
		return nil, err
	}
	return s.chart(ctx, tx, b, s.day(day))
}

// charts keeps the last charts in memory.
type charts struct {
	mu   sync.Mutex
	kept []keptChart // the one that was used last in front
}

type keptChart struct {
	revision int64
	day      calendar.Day
	release  catalog.ReleaseNumber
	pack     *policy.Pack // the same one as long as no decision changes
	chart    *Chart
}

// mostCharts is how many are kept: today's before and after a change, and a few
// days that somebody looks at.
const mostCharts = 4

func (c *charts) find(k keptChart) *Chart {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, have := range c.kept {
		if have.revision == k.revision && have.day == k.day && have.release == k.release && have.pack == k.pack {
			copy(c.kept[1:i+1], c.kept[:i])
			c.kept[0] = have
			return have.chart
		}
	}
	return nil
}

func (c *charts) keep(k keptChart) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = append([]keptChart{k}, c.kept...)
	c.kept = c.kept[:min(len(c.kept), mostCharts)]
}

// chart returns the chart of a book on a day, from memory if it is there. A book
// with steps on top that are not done has a revision of -1, and is not kept.
func (s *Service) chart(ctx context.Context, tx store.Tx, b bookAt, day calendar.Day) (*Chart, error) {
	pack, err := s.pack(ctx, tx, day)
	if err != nil {
		return nil, err
	}
	release, err := s.catalog.ReleaseAt(ctx, tx, s.moment(day))
	if err != nil {
		return nil, fmt.Errorf("find the release in force: %w", err)
	}
	key := keptChart{revision: b.revision, day: day, release: release, pack: pack}
	if c := s.charts.find(key); c != nil && b.revision >= 0 {
		return c, nil
	}
	c := &Chart{Policy: pack, Revision: b.revision, Bands: bands(pack)}
	if c.Edition, err = s.catalog.InForce(ctx, tx, s.moment(day)); err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	roles, err := s.inForce(ctx, tx, c.Edition, pinsOf(b.Book, func(p *chart.Position) *chart.Seat { return p.On(day) }))
	if err != nil {
		return nil, err
	}
	c.Chart = b.On(day, roles, c.Bands.Layers)
	if b.revision >= 0 {
		key.chart = c
		s.charts.keep(key)
	}
	return c, nil
}

// pack returns the policy that counts, or counted, on a day.
func (s *Service) pack(ctx context.Context, tx store.Tx, day calendar.Day) (p *policy.Pack, err error) {
	if day < s.Today() {
		p, err = s.policy.EffectiveAt(ctx, tx, s.moment(day))
	} else {
		p, err = s.policy.Effective(ctx, tx)
	}
	if err != nil {
		return nil, fmt.Errorf("find the policy: %w", err)
	}
	return p, nil
}

// bands returns what a policy pack says of spans.
func bands(p *policy.Pack) chart.Bands {
	o := &p.Rooms().Org
	company := chart.Limit{Cite: chart.Cite{Policy: "span.min"}}
	if p.Span.Min != nil {
		company.Min = *p.Span.Min
	}
	if p.Span.Max != nil {
		company.Max = *p.Span.Max
	}
	return chart.Bands{
		Company:        company,
		Aim:            o.Spans.Aim,
		OutsideCompany: chart.Severity(o.Spans.OutsideCompany), OutsideRole: chart.Severity(o.Spans.OutsideRole),
		MostLayers: o.Layers.Most, SameLayer: o.Layers.SameLayer, Layers: o.Layers.List,
	}
}

// WhatIf returns the organisation on a day, and as it would be after some steps,
// which are not done. The error of a step that is refused is as for Do.
func (s *Service) WhatIf(ctx context.Context, by auth.Actor, day calendar.Day, steps []chart.Step) (before, after *Chart, err error) {
	if err := s.auth.Can(by, ReadChart, TheChart); err != nil {
		return nil, nil, err
	}
	err = s.view(ctx, func(tx store.Tx, b bookAt) error {
		if before, err = s.chart(ctx, tx, b, s.day(day)); err != nil {
			return err
		}
		then, err := b.Apply(steps...)
		if err != nil {
			return err
		}
		after, err = s.chart(ctx, tx, bookAt{then, -1}, s.day(day))
		return err
	})
	return before, after, err
}

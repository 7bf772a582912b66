package org

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/press"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/store"
)

// roles keeps what levels of versions say, which never changes.
type roles struct {
	mu   sync.Mutex
	kept map[catalog.Pin]*chart.Role
}

func newRoles() *roles { return &roles{kept: map[catalog.Pin]*chart.Role{}} }

// mostRoles bounds them; an organisation has a few hundred levels.
const mostRoles = 5000

func (r *roles) find(p catalog.Pin) *chart.Role {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept[p]
}

func (r *roles) keep(all []*chart.Role) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.kept) > mostRoles {
		clear(r.kept)
	}
	for _, role := range all {
		r.kept[role.Pin] = role
	}
}

// role returns what a pin says; nil if there is no such level.
func (s *Service) role(ctx context.Context, tx store.Tx, p catalog.Pin) (*chart.Role, error) {
	if role := s.roles.find(p); role != nil {
		return role, nil
	}
	f, err := s.catalog.VersionAsOf(ctx, tx, p.Family, p.Version, 0)
	if err != nil {
		return nil, err
	}
	text, err := s.catalog.Text(ctx, tx, p.Family, p.Version)
	if err != nil {
		return nil, err
	}
	all := rolesOf(f, text)
	s.roles.keep(all)
	for _, role := range all {
		if role.Pin == p {
			return role, nil
		}
	}
	return nil, nil //nolint:nilnil // the version has no such level
}

// rolesOf returns what the levels of a version say of the shape of an
// organisation.
func rolesOf(f *catalog.Family, text *source.File) []*chart.Role {
	var all []*chart.Role
	for i, sum := range f.Levels {
		if i >= len(f.Model.Levels) {
			break
		}
		at := cite{f, text}
		all = append(all, at.role(sum, &f.Model.Levels[i]))
	}
	return all
}

// A cite makes places of a page.
type cite struct {
	family *catalog.Family
	text   *source.File
}

func (c cite) line(n int) chart.Cite {
	return chart.Cite{Family: c.family.ID, Version: c.family.Version, Path: c.family.Path, Line: n}
}

func (c cite) at(s source.Span) chart.Cite { return c.line(c.text.Line(s.Start)) }

func (c cite) role(sum catalog.LevelSummary, l *press.Level) *chart.Role {
	r := &chart.Role{
		Pin:   catalog.Pin{Family: c.family.ID, Version: c.family.Version, Level: sum.ID},
		Title: l.Title, Track: l.Track, Cite: c.line(l.Line),
	}
	for _, g := range sum.Grades {
		if r.Grade == "" || policy.CompareGrades(g, r.Grade) > 0 {
			r.Grade = g
		}
	}
	for _, ref := range l.Details.ReportsTo {
		r.ReportsTo = append(r.ReportsTo, called(ref))
		r.ReportsCite = c.at(ref.Span)
	}
	if l.Details.Reporting != nil {
		r.ReportsCite = c.at(l.Details.Reporting.Span)
	}
	for _, m := range l.Details.Spans {
		limit := chart.Limit{Of: m.Of, Cite: c.at(m.Span)}
		if m.Min != nil {
			limit.Min = *m.Min
		}
		if m.Max != nil {
			limit.Max = *m.Max
		}
		switch m.Scope {
		case "direct":
			limit.Of = nil // whoever reports directly counts
			r.Direct = limit
		case "total":
			r.Total = limit
		}
	}
	for _, cond := range l.Details.Conditions {
		if cond.KeepsICDuty {
			r.KeepsBelow, r.KeepsFirst = cond.FewerThan, cond.FirstTime
			r.KeepsCite = c.at(cond.Text.Span)
		}
	}
	for i := range c.family.Model.Specialties {
		if s := &c.family.Model.Specialties[i]; s.Level == nil || *s.Level == l.Title {
			r.Specialties = append(r.Specialties, c.specialty(s))
		}
	}
	return r
}

// called returns the title of the role that a reference means.
func called(r press.Reference) string {
	if r.Level != "" {
		return r.Level
	}
	return r.Title
}

func (c cite) specialty(s *press.Specialty) chart.Specialty {
	sp := chart.Specialty{Title: s.Title, Cite: c.line(s.Line)}
	if s.Parent != nil {
		sp.Parent = *s.Parent
	}
	for _, ref := range s.ReportsTo {
		sp.ReportsTo = append(sp.ReportsTo, called(ref))
		sp.Cite = c.at(ref.Span)
	}
	for _, l := range s.Scope {
		sp.Scope = append(sp.Scope, strings.TrimSpace(l.Text))
	}
	sp.Responsibilities, sp.Requirements = asked(s.Details.Responsibilities), asked(s.Details.Requirements)
	return sp
}

func asked(items []press.Item) []chart.Asked {
	var out []chart.Asked
	for _, it := range items {
		out = append(out, chart.Asked{ID: it.ID, Text: it.Text, Line: it.Line})
	}
	return out
}

// inForce returns what is said of the levels that seats are pinned to by the
// pages that are in force: by the version of the edition if it has the level,
// else by the pinned one. A pin that leads nowhere is left out.
func (s *Service) inForce(ctx context.Context, tx store.Tx, e *catalog.Edition, pins []catalog.Pin) (map[catalog.Pin]*chart.Role, error) {
	found := make(map[catalog.Pin]*chart.Role, len(pins))
	for _, p := range pins {
		want := p
		if e != nil {
			if f := e.Family(p.Family); f != nil && f.Level(p.Level) != nil {
				want.Version = f.Version
			}
		}
		role, err := s.role(ctx, tx, want)
		if err != nil {
			return nil, fmt.Errorf("find the level %s: %w", want, err)
		}
		if role != nil {
			found[p] = role
		}
	}
	return found, nil
}

// pinsOf returns the levels that seats are pinned to on a day.
func pinsOf(b *chart.Book, d func(*chart.Position) *chart.Seat) []catalog.Pin {
	var pins []catalog.Pin
	seen := map[catalog.Pin]bool{{}: true}
	for p := range b.Positions() {
		if s := d(p); s != nil && !seen[s.Pin] {
			seen[s.Pin] = true
			pins = append(pins, s.Pin)
		}
	}
	slices.SortFunc(pins, func(x, y catalog.Pin) int { return strings.Compare(x.String(), y.String()) })
	return pins
}

// Role returns what a level of a version says; nil if there is no such level.
func (s *Service) Role(ctx context.Context, by auth.Actor, p catalog.Pin) (role *chart.Role, err error) {
	if err := s.auth.Can(by, ReadChart, TheChart); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		role, err = s.role(ctx, tx, p)
		return err
	})
	return role, err
}

package org

import (
	"context"
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/store"
)

// Connect lets the room ask for the product hierarchy, which asks this room who
// people are (Staff). Without it, scopes of specialties are only words.
func (s *Service) Connect(p *product.Service) { s.product = p }

// A ScopePart is one part of the product hierarchy that a specialty is about.
type ScopePart struct {
	Name string        // as the page names it
	Node *product.Node // nil for one that the hierarchy does not have
	// Wrong says why there is none, with what is near.
	Wrong string
	// Answers are those who are its product DRI.
	Answers []product.DRI
}

// Scope returns the parts of the product hierarchy that a specialty of a level is
// about, on a day. It is empty for a specialty that names none, and before there
// is a hierarchy.
func (s *Service) Scope(ctx context.Context, by auth.Actor, pin catalog.Pin, specialty string, day calendar.Day) (parts []ScopePart, err error) {
	if err := s.auth.Can(by, ReadChart, TheChart); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		role, err := s.role(ctx, tx, pin)
		if err != nil || role == nil || role.Specialty(specialty) == nil || s.product == nil {
			return err
		}
		h, coverage, err := s.product.CoverageAt(ctx, tx, s.day(day))
		if err != nil {
			return err
		}
		parts, err = scopeOf(h, coverage, role.Specialty(specialty))
		return err
	})
	return parts, err
}

func scopeOf(h *product.Hierarchy, c *product.Coverage, sp *chart.Specialty) ([]ScopePart, error) {
	if h.Tree.Counts() == (hierarchy.Counts{}) {
		return nil, nil
	}
	answers := map[product.Ref][]product.DRI{}
	for _, row := range c.Rows {
		answers[row.Node.Ref] = row.Answers
	}
	var parts []ScopePart
	for _, name := range sp.Scope {
		nodes, err := h.Resolve(name)
		if k := fault.KindOf(err); err != nil && k != fault.NotFound && k != fault.Invalid {
			return nil, err
		}
		if err != nil {
			parts = append(parts, ScopePart{Name: name, Wrong: err.Error()})
			continue
		}
		for _, n := range nodes {
			parts = append(parts, ScopePart{Name: name, Node: n, Answers: answers[n.Ref]})
		}
	}
	return parts, nil
}

// productClaims returns what pages and policy say of the product hierarchy: that
// the scope of each specialty is there, that each section, stage and group has one
// product DRI, and that each category has an owner.
func (s *Service) productClaims(ctx context.Context, tx store.Tx, c *Chart, roles []*chart.Role) ([]Claim, error) {
	if s.product == nil {
		return nil, nil
	}
	h, coverage, err := s.product.CoverageAt(ctx, tx, c.Day)
	if err != nil {
		return nil, err
	}
	if h.Tree.Counts() == (hierarchy.Counts{}) {
		return nil, nil
	}
	var claims []Claim
	for _, r := range roles {
		for i := range r.Specialties {
			sp := &r.Specialties[i]
			if len(sp.Scope) == 0 {
				continue
			}
			parts, err := scopeOf(h, coverage, sp)
			if err != nil {
				return nil, err
			}
			claim := Claim{
				Kind: ScopeClaim, Family: r.Pin.Family, Level: r.Pin.Level, About: r.Title + ", " + sp.Title,
				Statement: "answers for " + strings.Join(sp.Scope, ", "), Cite: sp.Cite,
			}
			for _, p := range parts {
				if p.Node == nil {
					claim.Broken = append(claim.Broken, Breach{Who: p.Name, Said: p.Wrong, Address: "/hierarchy"})
				} else {
					claim.Kept++
				}
			}
			claims = append(claims, claim)
		}
	}
	return append(claims, driClaim(coverage), ownerClaim(h)), nil
}

func driClaim(c *product.Coverage) Claim {
	claim := Claim{
		Kind: DRIClaim, About: "Product hierarchy", Statement: "one product manager answers for each section, stage and group",
		Cite: chart.Cite{Policy: "rooms.org.scopes.product_dris_per_node"}, Kept: c.Right,
	}
	for _, g := range c.None {
		claim.Broken = append(claim.Broken, Breach{Who: g.Title, Said: "nobody does", Address: g.Subject.Address()})
	}
	for _, g := range c.Many {
		claim.Broken = append(claim.Broken, Breach{Who: g.Title, Said: fmt.Sprintf("%d do", len(g.Found)), Address: g.Subject.Address()})
	}
	return claim
}

func ownerClaim(h *product.Hierarchy) Claim {
	claim := Claim{
		Kind: OwnerClaim, About: "Product hierarchy", Statement: "each category has one group that owns it", Cite: chart.Cite{Policy: "rooms.org.hierarchy"},
	}
	for _, n := range h.Tree.Of(hierarchy.Category) {
		switch owners := len(h.Tree.Owners(n.Key)); owners {
		case 1:
			claim.Kept++
		case 0:
			claim.Broken = append(claim.Broken, Breach{Who: h.Title(n), Said: "no group does", Address: product.Address(n.Ref)})
		default:
			claim.Broken = append(claim.Broken, Breach{Who: h.Title(n), Said: fmt.Sprintf("%d groups do", owners), Address: product.Address(n.Ref)})
		}
	}
	return claim
}

package org

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Claim is a statement of a published page, or of the policy, that can be
// held against the organisation.
type Claim struct {
	Kind   ClaimKind
	Family catalog.FamilyID // "" for a statement of the policy
	Level  catalog.LevelID
	// About is whom or what it is about: a level, a specialty.
	About     string
	Statement string // in words of ours
	Cite      chart.Cite
	// Kept counts what keeps it; Broken are those that do not. A claim without
	// either is about nobody who is here.
	Kept   int
	Broken []Breach
}

// A ClaimKind is what a claim is about.
type ClaimKind string

// The kinds of claims.
const (
	SpanClaim      ClaimKind = "span"
	TotalClaim     ClaimKind = "total"
	ReportingClaim ClaimKind = "reporting"
	GradeClaim     ClaimKind = "grade"
	LadderClaim    ClaimKind = "ladder"
	ScopeClaim     ClaimKind = "scope"
	DRIClaim       ClaimKind = "dri"
	OwnerClaim     ClaimKind = "owner"
)

// ClaimKinds lists the kinds in the order in which they are shown.
var ClaimKinds = []ClaimKind{SpanClaim, TotalClaim, ReportingClaim, GradeClaim, LadderClaim, ScopeClaim, DRIClaim, OwnerClaim}

// A Breach is what does not keep a claim.
type Breach struct {
	Position PositionID // "" if it is about no position
	Address  string     // of the page that shows it
	Who      string
	Said     string
}

// State returns "kept", "broken" or, if it is about nobody who is here, "idle".
func (c *Claim) State() string {
	switch {
	case len(c.Broken) > 0:
		return "broken"
	case c.Kept > 0:
		return "kept"
	}
	return "idle"
}

// Claims returns what the pages that are in force on a day, and the policy, say
// that can be checked, in the order of families and lines. Everybody who signed
// in may read it.
func (s *Service) Claims(ctx context.Context, by auth.Actor, day calendar.Day) (claims []Claim, c *Chart, err error) {
	if err := s.auth.Can(by, ReadChart, TheChart); err != nil {
		return nil, nil, err
	}
	err = s.view(ctx, func(tx store.Tx, b bookAt) error {
		if c, err = s.chart(ctx, tx, b, s.day(day)); err != nil {
			return err
		}
		claims, err = s.claims(ctx, tx, c)
		return err
	})
	return claims, c, err
}

func (s *Service) claims(ctx context.Context, tx store.Tx, c *Chart) ([]Claim, error) {
	if c.Edition == nil {
		return nil, nil
	}
	on := map[catalog.Pin][]*chart.Node{}
	for i := range c.Nodes {
		if n := &c.Nodes[i]; n.Role != nil {
			on[n.Role.Pin] = append(on[n.Role.Pin], n)
		}
	}
	var claims []Claim
	var all []*chart.Role
	for i := range c.Edition.Families {
		f := &c.Edition.Families[i]
		roles := make([]*chart.Role, 0, len(f.Levels))
		for _, l := range f.Levels {
			role, err := s.role(ctx, tx, catalog.Pin{Family: f.ID, Version: f.Version, Level: l.ID})
			if err != nil {
				return nil, fmt.Errorf("find the level %s of %s: %w", l.ID, f.ID, err)
			}
			if role != nil {
				roles = append(roles, role)
			}
		}
		for j, r := range roles {
			claims = append(claims, c.shape(r, on[r.Pin])...)
			if j > 0 {
				claims = append(claims, gradeOrder(roles[j-1], r)...)
			}
		}
		claims = append(claims, c.steps(f)...)
		all = append(all, roles...)
	}
	more, err := s.productClaims(ctx, tx, c, all)
	if err != nil {
		return nil, err
	}
	return append(claims, more...), nil
}

// shape returns what a level says of spans and reporting lines.
func (c *Chart) shape(r *chart.Role, nodes []*chart.Node) []Claim {
	var claims []Claim
	claim := func(k ClaimKind, about, statement string, cite chart.Cite) *Claim {
		claims = append(claims, Claim{
			Kind: k, Family: r.Pin.Family, Level: r.Pin.Level, About: about, Statement: statement, Cite: cite,
		})
		return &claims[len(claims)-1]
	}
	if r.Direct.Is() {
		c.check(claim(SpanClaim, r.Title, r.Direct.Words()+" report directly", r.Direct.Cite), nodes, chart.RoleSpan)
	}
	if r.Total.Is() {
		statement := r.Total.Words() + " in the whole organisation"
		if len(r.Total.Of) > 0 {
			statement = r.Total.Words() + " " + strings.Join(r.Total.Of, " and ") + " in the whole organisation"
		}
		c.check(claim(TotalClaim, r.Title, statement, r.Total.Cite), nodes, chart.TotalSpan)
	}
	if len(r.ReportsTo) > 0 {
		rest := slices.DeleteFunc(slices.Clone(nodes), func(n *chart.Node) bool {
			_, cite := r.Above(n.Seat.Specialty)
			return cite != r.ReportsCite
		})
		c.check(claim(ReportingClaim, r.Title, "reports to "+strings.Join(r.ReportsTo, " or "), r.ReportsCite), rest, chart.ReportsTo)
	}
	for i := range r.Specialties {
		sp := &r.Specialties[i]
		if len(sp.ReportsTo) == 0 {
			continue
		}
		mine := slices.DeleteFunc(slices.Clone(nodes), func(n *chart.Node) bool {
			_, cite := r.Above(n.Seat.Specialty)
			return n.Seat.Specialty == "" || cite != sp.Cite
		})
		c.check(claim(ReportingClaim, r.Title+", "+sp.Title, "reports to "+strings.Join(sp.ReportsTo, " or "), sp.Cite), mine, chart.ReportsTo)
	}
	return claims
}

// check holds positions against a claim, by what is found about them.
func (c *Chart) check(claim *Claim, nodes []*chart.Node, rule chart.Rule) {
	for _, n := range nodes {
		findings := c.Span(n, &c.Bands).Findings
		if rule == chart.ReportsTo {
			if c.Above(n) == nil {
				continue
			}
			findings = c.Lines(n, &c.Bands)
		}
		i := slices.IndexFunc(findings, func(f chart.Finding) bool { return f.Rule == rule })
		if i < 0 {
			claim.Kept++
			continue
		}
		claim.Broken = append(claim.Broken, Breach{Position: n.ID, Address: PositionAddress(n.ID), Who: n.Called(), Said: findings[i].Said})
	}
}

// gradeOrder returns the claim that a level which a page puts after another has
// no lower grade, if both are on the same track.
func gradeOrder(below, above *chart.Role) []Claim {
	if below.Grade == "" || above.Grade == "" || below.Track != above.Track {
		return nil
	}
	claim := Claim{
		Kind: GradeClaim, Family: above.Pin.Family, Level: above.Pin.Level, About: above.Title,
		Statement: fmt.Sprintf("comes after %s, so its grade is no lower", below.Title), Cite: above.Cite,
	}
	if policy.CompareGrades(above.Grade, below.Grade) < 0 {
		claim.Broken = []Breach{{Who: above.Title, Said: fmt.Sprintf("has grade %s; %s has %s", above.Grade, below.Title, below.Grade)}}
	} else {
		claim.Kept = 1
	}
	return []Claim{claim}
}

// steps returns the claims that the next step on a ladder is a role that a page
// describes.
func (c *Chart) steps(f *catalog.Summary) []Claim {
	var claims []Claim
	g := c.Edition.Graph(f.ID)
	for _, step := range g.Steps {
		from, to := &g.Roles[step.From], &g.Roles[step.To]
		if from.Family != f.ID {
			continue
		}
		claim := Claim{
			Kind: LadderClaim, Family: f.ID, Level: from.Level, About: from.Title, Statement: "the next step is " + to.Title,
			Cite: chart.Cite{Family: f.ID, Version: f.Version, Path: f.Path, Line: step.Line},
		}
		switch {
		case to.Dangles():
			claim.Broken = []Breach{{Who: to.Title, Said: "no published page describes it"}}
		case step.InCycle:
			claim.Broken = []Breach{{Who: to.Title, Said: "the ladder leads back to where it began"}}
		default:
			claim.Kept = 1
		}
		claims = append(claims, claim)
	}
	return claims
}

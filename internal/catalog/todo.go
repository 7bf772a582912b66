package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/inbox"
)

// lapseSoon is how long before its end a waiver is told of: time to correct a
// page and have it reviewed.
const lapseSoon = 14 * 24 * time.Hour

// Source returns what the catalog adds to inboxes. For whoever may publish: pages
// of the latest release whose errors count, and those whose errors are waived
// until a day that is near or past, each with the line of the page.
func (s *Service) Source() inbox.Source {
	return inbox.Source{Room: "catalog", Label: "Job families", Todos: s.todos}
}

func (s *Service) todos(ctx context.Context, by auth.Actor, now time.Time) ([]inbox.Todo, error) {
	if !s.MayPublish(by) {
		return nil, nil
	}
	e, err := s.Edition(ctx, by, 0)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return nil, nil // nothing was published yet
	}
	if err != nil {
		return nil, err
	}
	// The edition is in memory and tells whether there is anything to read.
	if !slices.ContainsFunc(e.Families, func(f Summary) bool { return f.Errors+f.Waived > 0 }) {
		return nil, nil
	}
	findings, err := s.Findings(ctx, by)
	if err != nil {
		return nil, err
	}
	var order []FamilyID
	faulty, lapsing := map[FamilyID][]Finding{}, map[FamilyID][]Finding{}
	for _, f := range findings {
		switch {
		case f.Counts():
			faulty[f.Family] = append(faulty[f.Family], f.Finding)
		case f.Waived != nil && f.Waived.Until != nil && f.Waived.Until.Before(now.Add(lapseSoon)):
			lapsing[f.Family] = append(lapsing[f.Family], f.Finding)
		default:
			continue
		}
		if !slices.Contains(order, f.Family) {
			order = append(order, f.Family)
		}
	}
	var found []inbox.Todo
	for _, id := range order {
		sum := e.Family(id)
		if all := faulty[id]; len(all) > 0 {
			t := pageTodo("errors", sum, all)
			t.Say, t.Act = "Errors in "+sum.Title, "Correct"
			found = append(found, t)
		}
		if all := lapsing[id]; len(all) > 0 {
			first := slices.MinFunc(all, func(a, b Finding) int { return cmp.Compare(a.Waived.Until.Unix(), b.Waived.Until.Unix()) })
			t := pageTodo("waiver", sum, []Finding{first})
			t.Key = inbox.NewKey("catalog", "waiver", first.Fingerprint)
			t.Say, t.Act, t.Due.At = "A waiver ends for "+sum.Title, "Decide", *first.Waived.Until
			found = append(found, t)
		}
	}
	return found, nil
}

// pageTodo returns a todo about findings of a page, the first of which is its
// cause.
func pageTodo(kind string, s *Summary, all []Finding) inbox.Todo {
	note := "1 finding"
	if len(all) > 1 {
		note = fmt.Sprintf("%d findings", len(all))
	}
	version := s.ID.Address() + "/v/" + strconv.Itoa(s.Version)
	return inbox.Todo{
		Key: inbox.NewKey("catalog", kind, string(s.ID)+"."+strconv.Itoa(s.Version)), Kind: inbox.Pages, Note: note, Href: s.ID.Address() + "/findings",
		Because: inbox.Cause{
			File: all[0].Path, Line: all[0].Line, Href: version + "/source#L" + strconv.Itoa(all[0].Line),
			Text: fmt.Sprintf("%s %s", all[0].Code, all[0].Message),
		},
	}
}

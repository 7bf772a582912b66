package catalog

import (
	"context"
	"strings"

	"github.com/cadre-hq/cadre/internal/press"
	"github.com/cadre-hq/cadre/internal/search"
	"github.com/cadre-hq/cadre/internal/store"
)

// Address returns the path of a family's page.
func (id FamilyID) Address() string { return "/families/" + string(id) }

// findable lets a family be found by its title, by those of its levels, and by
// what it asks for.
func findable(ctx context.Context, tx store.Tx, f *plannedFamily, p *plan) error {
	d := search.Document{
		Room: "catalog", Kind: "family", ID: string(f.names.family), Title: f.model.Title, Text: words(f.model),
		Address: f.names.family.Address(), Audiences: []string{search.Everyone}, At: p.release.Published,
	}
	for i := range f.model.Levels {
		d.Names = append(d.Names, f.model.Levels[i].Title)
	}
	return search.Put(ctx, tx, d)
}

// words returns the text by which a family is found.
func words(p *press.Page) string {
	var b strings.Builder
	say := func(text string) {
		b.WriteString(text)
		b.WriteByte('\n')
	}
	items := func(list []press.Item) {
		for _, it := range list {
			say(it.Text)
		}
	}
	texts := func(list []press.Text) {
		for _, t := range list {
			say(t.Text)
		}
	}
	say(p.Description)
	d := &p.Family.Details
	texts(d.Overview)
	items(d.Responsibilities)
	items(d.Requirements)
	items(d.Indicators)
	for i := range p.Levels {
		d := &p.Levels[i].Details
		texts(d.Intro)
		items(d.Responsibilities)
		items(d.Requirements)
		items(d.Indicators)
	}
	for i := range p.Specialties {
		say(p.Specialties[i].Title)
		texts(p.Specialties[i].Intro)
	}
	for i := range p.Hiring {
		for _, s := range p.Hiring[i].Steps {
			say(s.Text)
		}
	}
	return b.String()
}

package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/cadre-hq/cadre/examples"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/settings"
)

// cast are the people of the demonstration: one for each role, and one who has
// none, as most people of an organisation.
var cast = []struct {
	Name, Email string
	Roles       []auth.Role
}{
	{"Ada Okafor", "ada.okafor@meridian.example", []auth.Role{auth.Administrator}},
	{"Priya Raman", "priya.raman@meridian.example", []auth.Role{auth.PeoplePartner}},
	{"Tomás Rivera", "tomas.rivera@meridian.example", []auth.Role{auth.TotalRewards}},
	{"Rosa Lindqvist", "rosa.lindqvist@meridian.example", []auth.Role{auth.Recruiter}},
	{"Chen Wei", "chen.wei@meridian.example", []auth.Role{auth.Coordinator}},
	{"Farid Haddad", "farid.haddad@meridian.example", []auth.Role{auth.Finance}},
	{"Elin Sørensen", "elin.sorensen@meridian.example", []auth.Role{auth.Executive}},
	{"Victor Mensah", "victor.mensah@meridian.example", nil},
}

// named returns the settings of a demonstration, which bears the name of the
// example organisation unless it was given another.
func named(s settings.Settings) *settings.Settings {
	if s.Organisation == "" {
		s.Organisation = "Meridian"
	}
	return &s
}

// waived is why errors of the example's pages are accepted: they are there to
// be seen.
const waived = "The example has this fault on purpose, to show what the compiler finds."

// example returns where the pages of the example organisation are.
func (a *App) example() *catalog.Source {
	return &catalog.Source{Folder: filepath.Join(a.settings.Data, "meridian"), Name: "examples/meridian"}
}

// fillDemo puts the example organisation into an empty database.
func (a *App) fillDemo(ctx context.Context) error {
	isNew, err := a.accounts.IsNew(ctx)
	if err != nil || !isNew {
		return err
	}
	program := auth.TheProgram("demo")
	for _, p := range cast {
		if _, err := a.accounts.AddPerson(ctx, program, p.Name, p.Email, "", p.Roles...); err != nil {
			return fmt.Errorf("add the people of the demonstration: %w", err)
		}
	}
	source := a.example()
	if err := os.RemoveAll(source.Folder); err != nil {
		return err
	}
	if err := os.CopyFS(source.Folder, examples.Meridian()); err != nil {
		return fmt.Errorf("unpack the example: %w", err)
	}
	request := catalog.Request{Source: *source}
	for range 2 {
		p, err := a.catalog.Publish(ctx, program, request)
		if err != nil {
			return fmt.Errorf("publish the example: %w", err)
		}
		if !p.Refused() {
			return nil
		}
		for _, f := range p.Blocking {
			request.Waivers = append(request.Waivers, catalog.Waiver{Fingerprint: f.Fingerprint, Reason: waived})
		}
	}
	return fmt.Errorf("publish the example: its pages are refused")
}

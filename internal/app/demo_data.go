package app

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/examples"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/org/roster"
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
			return a.fillOrganisation(ctx, program)
		}
		for _, f := range p.Blocking {
			request.Waivers = append(request.Waivers, catalog.Waiver{Fingerprint: f.Fingerprint, Reason: waived})
		}
	}
	return fmt.Errorf("publish the example: its pages are refused")
}

// fillOrganisation brings the people, the product hierarchy and the use cases of
// the example.
func (a *App) fillOrganisation(ctx context.Context, program auth.Actor) error {
	meridian := examples.Meridian()
	text, err := fs.ReadFile(meridian, "people/people.csv")
	if err != nil {
		return fmt.Errorf("read the people of the example: %w", err)
	}
	people, err := roster.ReadCSV(text, nil)
	if err != nil {
		return fmt.Errorf("read the people of the example: %w", err)
	}
	plan, err := a.org.PlanImport(ctx, program, people, org.ImportOptions{})
	if err == nil && len(plan.Rejected) > 0 {
		err = fmt.Errorf("line %d: %s", plan.Rejected[0].Line, plan.Rejected[0].Reason)
	}
	if err == nil {
		_, err = a.org.ApplyImport(ctx, program, plan)
	}
	if err != nil {
		return fmt.Errorf("import the people of the example: %w", err)
	}
	files := map[string][]byte{}
	for _, name := range []string{hierarchy.SectionsFile, hierarchy.StagesFile, hierarchy.CategoriesFile} {
		if files[name], err = fs.ReadFile(meridian, "data/"+name); err != nil {
			return fmt.Errorf("read the hierarchy of the example: %w", err)
		}
	}
	if _, err := a.product.Import(ctx, program, product.Request{Files: files}); err != nil {
		return fmt.Errorf("import the hierarchy of the example: %w", err)
	}
	return a.fillUseCases(ctx, program, meridian)
}

// A demoCase is a use case as the example's file has it.
type demoCase struct {
	Name         string            `yaml:"name"`
	Kind         string            `yaml:"kind"`
	Objective    string            `yaml:"objective"`
	Drivers      []string          `yaml:"value_drivers"`
	DRI          map[string]string `yaml:"dri"`
	Requirements []string          `yaml:"market_requirements"`
	Categories   []string          `yaml:"categories"`
}

func (a *App) fillUseCases(ctx context.Context, program auth.Actor, meridian fs.FS) error {
	text, err := fs.ReadFile(meridian, "data/use_cases.yml")
	if err != nil {
		return fmt.Errorf("read the use cases of the example: %w", err)
	}
	var cases map[string]demoCase
	if err := yaml.Unmarshal(text, &cases); err != nil {
		return fmt.Errorf("read the use cases of the example: %w", err)
	}
	for _, key := range slices.Sorted(maps.Keys(cases)) {
		c := cases[key]
		err := a.product.SaveUseCase(ctx, program, product.UseCaseEdit{Key: key, Name: c.Name, Kind: c.Kind, UseCaseBody: product.UseCaseBody{
			Objective: c.Objective, Drivers: c.Drivers, Requirements: c.Requirements, Categories: c.Categories,
		}})
		if err != nil {
			return fmt.Errorf("add the use case %s of the example: %w", key, err)
		}
		if err := a.appoint(ctx, program, key, c.DRI); err != nil {
			return fmt.Errorf("appoint who answers for the use case %s of the example: %w", key, err)
		}
	}
	return nil
}

// demoRoles are the roles of a use case by the words of the example's file.
var demoRoles = []struct{ word, role string }{
	{"pm", "product_manager"}, {"pmm", "product_marketing_manager"}, {"tmm", "technical_marketing_manager"},
}

// appoint makes those DRIs of a use case whom the example names.
func (a *App) appoint(ctx context.Context, program auth.Actor, key string, names map[string]string) error {
	for _, r := range demoRoles {
		name := names[r.word]
		if name == "" || name == "TBD" {
			continue
		}
		who, err := a.product.WhoIs(ctx, program, name)
		if err != nil {
			return err
		}
		if _, err := a.product.Appoint(ctx, program, product.Appointment{Subject: product.OfUseCase(key), Kind: r.role, Person: who}); err != nil {
			return err
		}
	}
	return nil
}

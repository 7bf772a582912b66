package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	server "github.com/cadre-hq/cadre/internal/app"
	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/roster"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
)

// A peopleImport is `cadre import people` at work.
type peopleImport struct {
	app     *app
	command *cobra.Command
	data    serverFlags
	outputs outputs

	columns  []string
	day      string
	all      bool
	dryRun   bool
	removals bool
}

func (a *app) importPeopleCommand() *cobra.Command {
	p := &peopleImport{app: a, outputs: outputs{known: []string{"text", "json"}}}
	c := &cobra.Command{
		Use:   "people FILE",
		Short: "Import people and their positions",
		Long: "Import people and their positions into the data folder of a server: from a CSV file of an HR\n" +
			"system, the team file of a handbook in YAML (or a folder with a file for each person), or users and\n" +
			"groups of Backstage. Lines that cannot be used are told, with the reason; all others count, and the\n" +
			"exit code is 1 then. It is one change, which can be taken back as a whole.\n\n" +
			"The columns of a CSV file are found by their headings, else by --map: employee_id=Personnel number.\n" +
			"An empty cell about a person leaves what is known of them.",
		Example: "cadre import people people.csv --dry-run --data DIR\n" +
			"cadre import people people.csv --map \"manager=Boss id\" --all --data DIR",
		Args: exactly(1, "a file"),
	}
	p.command = c
	p.outputs.flags(c)
	p.data.flags(c)
	flags := c.Flags()
	flags.StringArrayVar(&p.columns, "map", nil, "take a field from the column with a heading: FIELD=HEADING (an empty one is none); may be given again")
	flags.StringVar(&p.day, "day", "", "the DAY from which on the file holds (default today)")
	flags.BoolVar(&p.all, "all", false, "the file lists everybody and every position: who and what is absent is gone")
	flags.BoolVar(&p.dryRun, "dry-run", false, "say what importing would do, and do nothing")
	flags.BoolVar(&p.removals, "allow-removals", false, "do it even if more people would go than the policy lets pass")
	c.RunE = func(c *cobra.Command, args []string) error { return p.run(c.Context(), args[0]) }
	return c
}

// A peopleReport is what an import of people prints in JSON.
type peopleReport struct {
	SchemaVersion string `json:"schema_version"`
	DryRun        bool   `json:"dry_run"`
	// Change is the number of the change that was made; null if there was none.
	Change   *int64            `json:"change"`
	Day      calendar.Day      `json:"day"`
	Counts   org.ImportCounts  `json:"counts"`
	Removed  int               `json:"removed"`
	NeedsYes bool              `json:"needs_yes"`
	Rejected []roster.Rejected `json:"rejected"`
	Notes    []roster.Rejected `json:"notes"`
	Gone     []org.ImportGone  `json:"gone"`
	Rows     []org.ImportRow   `json:"rows"`
}

// run imports.
func (p *peopleImport) run(ctx context.Context, path string) error {
	o := org.ImportOptions{All: p.all, AllowRemovals: p.removals}
	m, err := p.mapping()
	if err != nil {
		return err
	}
	if p.day != "" {
		if o.Day, err = calendar.ParseDay(p.day); err != nil {
			return wrongUse(p.command, "--day wants a day such as 2026-11-30, not %q", p.day)
		}
	}
	file, err := readPeople(path, m)
	if err != nil {
		return err
	}
	var plan *org.Import
	report := &peopleReport{SchemaVersion: "1", DryRun: p.dryRun}
	err = p.app.onOrganisation(p.command, &p.data, func(s *org.Service) error {
		if plan, err = s.PlanImport(ctx, byProgram, file, o); err != nil || p.dryRun || plan.TooMany && !o.AllowRemovals {
			return err
		}
		number, err := s.ApplyImport(ctx, byProgram, plan)
		if number != 0 {
			report.Change = &number
		}
		return err
	})
	if err != nil {
		return err
	}
	report.Day, report.Counts, report.Removed = plan.Day, plan.Counts, plan.Removed
	report.NeedsYes = plan.TooMany && !o.AllowRemovals
	report.Rejected, report.Notes = orEmpty(plan.Rejected), orEmpty(plan.Notes)
	report.Gone, report.Rows = orEmpty(plan.Gone), orEmpty(plan.Rows)
	return p.print(path, report, plan)
}

// orEmpty returns a list that is [] in JSON if there is nothing in it.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// mapping returns what --map says.
func (p *peopleImport) mapping() (roster.Mapping, error) {
	m := roster.Mapping{}
	for _, text := range p.columns {
		field, heading, ok := strings.Cut(text, "=")
		if !ok {
			return nil, wrongUse(p.command, "--map wants FIELD=HEADING, not %q", text)
		}
		m[roster.Field(strings.TrimSpace(field))] = strings.TrimSpace(heading)
	}
	return m, nil
}

// readPeople reads a file, or a folder of them.
func readPeople(path string, m roster.Mapping) (*roster.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fault.New(fault.NotFound, "there is no file %s", path)
	}
	if info.IsDir() {
		return roster.ReadFolder(os.DirFS(path))
	}
	if info.Size() > roster.MostBytes {
		return nil, fault.New(fault.Invalid, "%s has more than %d MiB: import it in parts", path, roster.MostBytes>>20)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.New(fault.Invalid, "cannot read the people: %w", err)
	}
	return roster.Read(path, text, m)
}

// onOrganisation lends the organisation in the data of a server.
func (a *app) onOrganisation(c *cobra.Command, f *serverFlags, do func(*org.Service) error) (err error) {
	s, err := a.settings(c, f)
	if err != nil {
		return err
	}
	data, err := server.Open(c.Context(), a.serverOptions(s))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	db, authority := data.DB(), data.Accounts().Authority
	journal := audit.New(db, time.Now)
	families, policy := catalog.New(db, authority, journal, time.Now), chosen.New(db, authority, journal, time.Now)
	return do(org.New(db, authority, journal, families, policy, time.Now, s.Location()))
}

// print says what was done.
func (p *peopleImport) print(path string, r *peopleReport, plan *org.Import) error {
	err := p.app.printTo(p.command, &p.outputs, func(format string) (string, error) {
		if format == "json" {
			text, err := json.MarshalIndent(r, "", " ")
			return string(text) + "\n", err
		}
		return peopleLines(path, r), nil
	})
	if err != nil {
		return err
	}
	if r.Counts.Rejected > 0 {
		p.app.code = max(p.app.code, exitFindings)
	}
	counts := fmt.Sprintf("%d new, %d changed, %d unchanged, %d gone, %d rejected",
		r.Counts.New, r.Counts.Changed, r.Counts.Unchanged, r.Counts.Gone, r.Counts.Rejected)
	switch {
	case r.NeedsYes:
		p.app.code = max(p.app.code, exitFindings)
		p.app.complain("nothing was done: %d of %d people would leave or come to hold no position; if that is right, say --allow-removals", plan.Removed, plan.People)
	case plan.IsEmpty():
		p.app.note("nothing has changed: %s", counts)
	case r.DryRun:
		p.app.note("this would be %s", counts)
	default:
		p.app.note("imported: %s", counts)
	}
	return nil
}

// peopleLines prints what is wrong as compilers do, and what changes and goes
// behind it. New lines are but counted.
func peopleLines(path string, r *peopleReport) string {
	var b strings.Builder
	place := func(x roster.Rejected) string {
		at := path
		if x.File != "" {
			at = filepath.Join(path, x.File)
		}
		if x.Line == 0 {
			return filepath.ToSlash(at)
		}
		return fmt.Sprintf("%s:%d", filepath.ToSlash(at), x.Line)
	}
	for _, x := range r.Rejected {
		fmt.Fprintf(&b, "%s: error: %s\n", place(x), x.Reason)
	}
	for _, x := range r.Notes {
		fmt.Fprintf(&b, "%s: note: %s\n", place(x), x.Reason)
	}
	var rows [][]string
	for _, row := range r.Rows {
		if !row.New {
			rows = append(rows, []string{"changed", row.Who, strings.Join(row.What, "; ")})
		}
	}
	for _, g := range r.Gone {
		what := "is closed"
		if g.Person != "" {
			what = "leaves"
		}
		rows = append(rows, []string{"gone", g.Called, what})
	}
	return b.String() + columns(rows)
}

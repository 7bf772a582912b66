package cli

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/press"
)

// exporters write the model in a format.
var exporters = map[string]func(io.Writer, []*family.Family) error{
	"json": func(w io.Writer, fs []*family.Family) error { return press.JSON(w, fs, nil) },
}

func (a *app) exportCommand() *cobra.Command {
	o := outputs{known: []string{"json", "markdown", "csv"}}
	var settings settingFlags
	var stdinName string
	c := &cobra.Command{
		Use:   "export [PATH…]",
		Short: "Print what pages mean as data: JSON, Markdown or CSV",
		Long: "Print what pages mean as data: levels, grades, reporting lines, duties, ladders, specialties and\n" +
			"hiring processes. Of a folder only job families are printed, a page that is named always is.",
		Example: "cadre export handbook/job-families > families.json\n" +
			"cadre export --format csv --output levels.csv handbook/job-families",
	}
	o.flags(c)
	settings.modelFlags(c)
	c.Flags().StringVar(&stdinName, "stdin-filename", "", "treat the page on standard input as the one at PATH")
	c.RunE = func(_ *cobra.Command, args []string) error {
		targets, err := o.resolve(c)
		if err != nil {
			return err
		}
		if stdinName != "" && !slices.Contains(args, "-") {
			return wrongUse(c, "--stdin-filename names the page on standard input: give - as a path, too")
		}
		p, err := a.project(startOf(args, stdinName), settings.values(c)...)
		if err != nil {
			return err
		}
		families, err := p.families(c.Context(), args, stdinName)
		if err != nil {
			return err
		}
		for _, t := range targets {
			if err := a.write(t, func(w io.Writer) error { return exporters[t.format](w, families) }); err != nil {
				return err
			}
		}
		return nil
	}
	return c
}

// families compiles the pages at paths and returns their models: those of job
// families, and of pages that are named themselves.
func (p *project) families(ctx context.Context, paths []string, stdinName string) ([]*family.Family, error) {
	options, err := p.compileOptions(paths)
	if err != nil {
		return nil, err
	}
	files, unread, err := p.load(ctx, paths, stdinName)
	if err != nil {
		return nil, err
	}
	report, stop := p.app.progress("Reading pages", len(files))
	defer stop()
	options.Progress = report
	snapshot, err := compile.Models(ctx, files, options)
	if err != nil {
		return nil, err
	}
	below := folders(orHere(paths))
	families := []*family.Family{}
	for _, page := range snapshot.Pages {
		if page.IsFamily || !inFolder(page.File.Path, below) {
			families = append(families, page.Family)
		}
	}
	if len(families) == 0 && len(unread) == 0 {
		return nil, fault.New(fault.NotFound, "none of the %d pages in %s is a job family: name a page to print it all the same", len(files), shown(orHere(paths)))
	}
	return families, nil
}

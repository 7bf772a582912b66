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

// exporters write models in a format; the finder knows levels of other pages.
var exporters = map[string]func(io.Writer, []*family.Family, family.Finder) error{
	"json":     press.JSON,
	"markdown": press.Markdown,
	"csv":      press.CSV,
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
	c.AddCommand(a.exportPeopleCommand())
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
		families, find, err := p.families(c.Context(), args, stdinName)
		if err != nil {
			return err
		}
		if len(families) == 0 {
			return nil // it was told why
		}
		for _, t := range targets {
			if err := a.write(t, func(w io.Writer) error { return exporters[t.format](w, families, find) }); err != nil {
				return err
			}
		}
		return nil
	}
	return c
}

// families compiles the pages at paths and returns their models: those of job
// families, and of pages that are named themselves. It fails if there are none,
// unless that is because of pages that cannot be read. The finder knows the
// levels of all the pages.
func (p *project) families(ctx context.Context, paths []string, stdinName string) ([]*family.Family, family.Finder, error) {
	options, err := p.compileOptions(paths)
	if err != nil {
		return nil, nil, err
	}
	files, unread, err := p.load(ctx, paths, stdinName)
	if err != nil {
		return nil, nil, err
	}
	report, stop := p.app.progress("Reading pages", len(files))
	defer stop()
	options.Progress = report
	snapshot, err := compile.Models(ctx, files, options)
	if err != nil {
		return nil, nil, err
	}
	below := folders(orHere(paths))
	families := []*family.Family{}
	for _, page := range snapshot.Pages {
		if page.IsFamily || !inFolder(page.File.Path, below) {
			families = append(families, page.Family)
		}
	}
	if len(families) == 0 && len(unread) == 0 {
		return nil, nil, fault.New(fault.NotFound, "there is no job family in %s (%s): name a page to print it all the same", shown(orHere(paths)), counted(len(files), "page"))
	}
	return families, snapshot.Finder(&options), nil
}

package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/delta"
	"github.com/cadre-hq/cadre/internal/fault"
)

func (a *app) diffCommand() *cobra.Command {
	d := &differing{app: a}
	o := outputs{known: []string{"text", "json", "markdown"}}
	var exitCode bool
	c := &cobra.Command{
		Use:   "diff OLD [NEW] | diff A..B [PATH…]",
		Short: "Say what changed in meaning between two states of pages",
		Long: "Say what changed in meaning: in contracts, in expectations, in links, in mere wording.\n" +
			"OLD and NEW are folders, files or git revisions: REV (its pages below the current folder),\n" +
			"REV:PATH (from the top of the repository; REV:./PATH from the current folder). Without NEW it\n" +
			"is the working tree. A..B compares two revisions, A...B what B changed since both parted.",
		Example: "cadre diff main..HEAD\n" +
			"cadre diff main...HEAD handbook/job-families --format markdown\n" +
			"cadre diff v1.0:handbook handbook\n" +
			"cadre diff old.md new.md",
	}
	d.command = c
	o.flags(c)
	d.settings.modelFlags(c)
	c.Flags().BoolVar(&exitCode, "exit-code", false, "exit with 1 if something changed")
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return wrongUse(c, "diff wants two folders, files or git revisions, or a range such as main..HEAD")
		}
		return nil
	}
	c.RunE = func(_ *cobra.Command, args []string) error {
		targets, err := o.resolve(c)
		if err != nil {
			return err
		}
		pages, err := d.pages(c.Context(), args)
		if err != nil {
			return err
		}
		if exitCode && len(pages) > 0 {
			a.code = max(a.code, exitFindings)
		}
		for _, t := range targets {
			if err := a.write(t, func(w io.Writer) error { return a.printChanges(w, t, pages) }); err != nil {
				return err
			}
		}
		return nil
	}
	return c
}

func (a *app) printChanges(w io.Writer, t target, pages []delta.PageChange) error {
	switch t.format {
	case "json":
		return delta.WriteJSON(w, pages)
	case "markdown":
		return delta.WriteMarkdown(w, pages)
	}
	return delta.WriteText(w, pages, delta.TextOptions{Color: t.file == "" && a.colored(), Quiet: a.quiet})
}

// A differing is `cadre diff` at work.
type differing struct {
	app      *app
	command  *cobra.Command
	settings settingFlags
	project  *project
}

// pages returns the pages that differ between what the arguments name.
func (d *differing) pages(ctx context.Context, args []string) ([]delta.PageChange, error) {
	old, new, err := d.states(args)
	if err != nil {
		return nil, err
	}
	defer old.close()
	defer new.close()
	start := new.folder()
	if d.project, err = d.app.project(start, d.settings.values(d.command)...); err != nil {
		return nil, err
	}
	before, err := old.read(ctx, d.project)
	if err != nil {
		return nil, err
	}
	after, err := new.read(ctx, d.project)
	if err != nil {
		return nil, err
	}
	for _, at := range old.paths {
		if old.absent[at] && new.absent[at] {
			return nil, fault.New(fault.NotFound, "there is no file or folder %s in %s", at, new)
		}
	}
	if len(before) > 0 && len(after) > 0 && old.file() != new.file() {
		return nil, wrongUse(d.command, "one of %s and %s is a page, the other is a folder: compare like with like", old, new)
	}
	if old.file() && len(before) == 1 && len(after) == 1 {
		before[0].path = after[0].path // whatever the two are called
	}
	before, after = differingOnly(before, after)
	oldPages, err := d.compile(ctx, before)
	if err != nil {
		return nil, err
	}
	newPages, err := d.compile(ctx, after)
	if err != nil {
		return nil, err
	}
	if !old.file() && !new.file() {
		oldPages, newPages = familiesOnly(oldPages, newPages)
	}
	return delta.Pages(plain(oldPages), plain(newPages)), nil
}

// A statePage is a page of a state: where it lies there, and what it says.
type statePage struct {
	readPage
	compiled *compile.Page
}

// compile compiles the pages of a state.
func (d *differing) compile(ctx context.Context, pages []readPage) ([]statePage, error) {
	options, err := d.project.compileOptions(nil)
	if err != nil {
		return nil, err
	}
	report, stop := d.app.progress("Reading pages", len(pages))
	defer stop()
	options.Progress = report
	snapshot, err := compile.Models(ctx, filesOf(pages), options)
	if err != nil {
		return nil, err
	}
	states := make([]statePage, len(pages))
	for i, p := range snapshot.Pages {
		states[i] = statePage{pages[i], p}
	}
	return states, nil
}

// differingOnly leaves out the pages that are byte for byte the same at the
// same path: they need not even be compiled.
func differingOnly(old, new []readPage) (before, after []readPage) {
	texts := make(map[string]string, len(old))
	for _, p := range old {
		texts[p.path] = string(p.file.Text)
	}
	same := map[string]bool{}
	for _, p := range new {
		if text, ok := texts[p.path]; ok && text == string(p.file.Text) {
			same[p.path] = true
		} else {
			after = append(after, p)
		}
	}
	for _, p := range old {
		if !same[p.path] {
			before = append(before, p)
		}
	}
	return before, after
}

// familiesOnly leaves out the pages that are no job family in either state.
func familiesOnly(old, new []statePage) (before, after []statePage) {
	family := map[string]bool{}
	for _, pages := range [][]statePage{old, new} {
		for _, p := range pages {
			if p.compiled.IsFamily {
				family[p.path] = true
			}
		}
	}
	for _, p := range old {
		if family[p.path] {
			before = append(before, p)
		}
	}
	for _, p := range new {
		if family[p.path] {
			after = append(after, p)
		}
	}
	return before, after
}

// plain returns the pages as delta takes them.
func plain(pages []statePage) []delta.Page {
	out := make([]delta.Page, len(pages))
	for i, p := range pages {
		out[i] = delta.Page{Path: p.path, File: p.file, Family: p.compiled.Family}
	}
	return out
}

package cli

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/docs/rules"
	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/compile/cache"
	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
)

// A checking is `cadre check` at work.
type checking struct {
	app     *app
	command *cobra.Command
	paths   []string

	outputs       outputs
	settings      settingFlags
	stdinName     string
	exitZero      bool
	fix, diff     bool
	baseline      string
	writeBaseline string
	newFrom       string
	withoutCache  bool

	project *project
	options compile.Options
	cache   *cache.Cache // nil if none is used
	files   []*source.File
	unread  []source.Problem
	found   *compile.Snapshot
	known   []*diag.Baseline // findings that do not count; nil until they are asked for
	notes   []string         // on what was found, to be printed once
}

func (a *app) checkCommand() *cobra.Command {
	k := &checking{app: a, outputs: outputs{known: formatNames(diag.Formats)}}
	c := &cobra.Command{
		Use:   "check [PATH…]",
		Short: "Compile pages and say what is wrong with them",
		Long: "Compile pages and say what is wrong with them: a folder, files, or - for standard input.\n" +
			"Without a path it is the current folder. The exit code is 1 if there are findings at or\n" +
			"above --fail-on, and 2 if something could not be read or the configuration is wrong.",
		Example: "cadre check handbook/job-families\n" +
			"cadre check --format text --format sarif --output cadre.sarif\n" +
			"cadre check --new-from main...HEAD\n" +
			"cadre check --fix --diff handbook",
	}
	k.command = c
	k.outputs.flags(c)
	k.settings.flags(c)
	flags := c.Flags()
	flags.StringVar(&k.stdinName, "stdin-filename", "", "treat the page on standard input as the one at PATH")
	flags.BoolVar(&k.exitZero, "exit-zero", false, "exit with 0 although there are findings")
	flags.BoolVar(&k.fix, "fix", false, "apply the safe fixes to the files, then report what is left")
	flags.BoolVar(&k.diff, "diff", false, "print what --fix would change, and change nothing")
	flags.StringVar(&k.baseline, "baseline", "", "leave out the findings that FILE lists as known")
	flags.StringVar(&k.writeBaseline, "write-baseline", "", "list all findings in FILE as known (without one: in that of --baseline, else "+baselineName+")")
	flags.Lookup("write-baseline").NoOptDefVal = baselineHere
	flags.BoolVar(&k.withoutCache, "no-cache", false, "look at every page anew, and keep nothing for the next run")
	flags.StringVar(&k.newFrom, "new-from", "", "report only findings that the git revision REV does not have; A...B is the last commit that both share")
	c.RunE = func(c *cobra.Command, args []string) error {
		k.paths = args
		return k.run(c.Context())
	}
	return c
}

// run checks and prints.
func (k *checking) run(ctx context.Context) error {
	targets, err := k.outputs.resolve(k.command)
	if err != nil {
		return err
	}
	if err := k.usable(); err != nil {
		return err
	}
	if err := k.prepare(ctx); err != nil {
		return err
	}
	k.options.WithoutFingerprints = !k.fingerprints(targets)
	err = k.compile(ctx)
	defer k.save()()
	if err != nil {
		return err
	}
	report, err := k.report(ctx, slices.ContainsFunc(targets, func(t target) bool { return t.format == string(diag.SARIF) }))
	if err != nil {
		return err
	}
	if k.writeBaseline != "" {
		return k.keepBaseline(report)
	}
	if k.fix && !k.diff {
		if err := k.applyFixes(ctx, report); err != nil {
			return err
		}
	}
	k.conclude(report)
	if k.diff {
		return k.previewFixes(report)
	}
	return k.print(report, targets)
}

// usable refuses flags that do not go together.
func (k *checking) usable() error {
	stdin := slices.Contains(k.paths, "-")
	switch {
	case k.stdinName != "" && !stdin:
		return wrongUse(k.command, "--stdin-filename names the page on standard input: give - as a path, too")
	case k.fix && !k.diff && stdin:
		return wrongUse(k.command, "--fix cannot change a page on standard input: use --diff, or give the file")
	case k.writeBaseline != "" && (k.fix || k.diff || k.newFrom != ""):
		return wrongUse(k.command, "--write-baseline lists all findings; it does not go with --fix, --diff or --new-from")
	}
	return nil
}

// prepare loads the configuration and the pages.
func (k *checking) prepare(ctx context.Context) error {
	var err error
	k.project, err = k.app.project(startOf(k.paths, k.stdinName), k.settings.values(k.command)...)
	if err != nil {
		return err
	}
	if k.app.flawed > 0 && (k.fix && !k.diff || k.writeBaseline != "") {
		return errFlawed // what the rest of the configuration says is too little to write files by
	}
	if k.options, err = k.project.compileOptions(k.paths); err != nil {
		return err
	}
	var wg sync.WaitGroup
	wg.Go(k.warmUp)
	k.files, k.unread, err = k.project.load(ctx, k.paths, k.stdinName)
	wg.Wait()
	return err
}

// fingerprints reports whether the run prints the fingerprints of findings or
// compares them with others.
func (k *checking) fingerprints(targets []target) bool {
	return k.baseline != "" || k.writeBaseline != "" || k.newFrom != "" ||
		slices.ContainsFunc(targets, func(t target) bool { return diag.Format(t.format).Fingerprints() })
}

// warmUp fetches, while pages are read, what the rules will want: the policy
// pack, and what earlier runs know of pages that are as they were.
func (k *checking) warmUp() {
	if k.options.Lint.Policy == nil {
		policy.Default()
	}
	if !k.withoutCache && k.project.Cache && !slices.Contains(k.paths, "-") {
		k.cache = k.project.cache(&k.options, orHere(k.paths))
	}
}

// save keeps what this run has found out for later runs, while it is reported.
// It returns a function that waits for that and keeps what was found since.
func (k *checking) save() (wait func()) {
	if k.cache == nil {
		return func() {}
	}
	var saving sync.WaitGroup
	saving.Go(k.cache.Save)
	return func() {
		saving.Wait()
		if k.fix { // which checks again
			k.cache.Save()
		}
	}
}

// compile compiles the pages, with a progress bar if that takes long.
func (k *checking) compile(ctx context.Context) error {
	report, stop := k.app.progress("Checking pages", len(k.files))
	defer stop()
	k.options.Progress, k.options.FindingsOnly = report, true
	if k.cache != nil {
		k.options.Cache = k.cache
	}
	var err error
	k.found, err = compile.Check(ctx, k.files, k.options)
	return err
}

// report makes the report of the findings that count. Of the rules, their pages
// come along if help is asked for.
func (k *checking) report(ctx context.Context, help bool) (*diag.Report, error) {
	r := &diag.Report{
		Version: buildOf().version, Unread: k.unread, FailOn: k.project.FailSeverity(), Name: k.project.name,
		Rules: k.rules(help),
	}
	return r, k.fill(ctx, r)
}

// fill puts what was found last into a report: all pages, and the findings that
// are neither waived nor known.
func (k *checking) fill(ctx context.Context, r *diag.Report) error {
	r.Pages = make([]string, len(k.found.Pages))
	files := make(map[string]*source.File, len(k.found.Pages))
	for i, page := range k.found.Pages {
		r.Pages[i] = page.File.Path
		files[page.File.Path] = page.File
	}
	r.Source = func(path string) *source.File { return files[path] }
	k.notes = nil
	waived := k.project.Waive(k.found.Findings, k.project.Rules, r.Pages, time.Now())
	for _, n := range waived.Notes {
		k.notes = append(k.notes, n.String())
	}
	r.Findings = waived.Open
	if k.writeBaseline != "" {
		return nil // which lists what is known so far, too
	}
	return k.dropKnown(ctx, r)
}

// rules lists the rules that ran, with their pages if help is asked for.
func (k *checking) rules(help bool) []diag.RuleInfo {
	var infos []diag.RuleInfo
	for _, r := range lint.Rules {
		d := k.project.Selection.Decision(r.Code)
		if d.Severity == diag.Off {
			continue
		}
		info := diag.RuleInfo{Code: r.Code, Name: r.Name, Title: r.Title, Severity: d.Severity}
		if help {
			info.Help, _ = rules.Page(string(r.Code))
		}
		infos = append(infos, info)
	}
	return infos
}

// conclude prints the notes and sets the exit code.
func (k *checking) conclude(r *diag.Report) {
	for _, n := range k.notes {
		k.app.note("%s", n)
	}
	if r.Failed() && !k.exitZero {
		k.app.code = max(k.app.code, exitFindings)
	}
}

// print writes the report to its targets.
func (k *checking) print(r *diag.Report, targets []target) error {
	for _, t := range targets {
		var o diag.TextOptions
		if t.file == "" {
			o = k.app.textOptions()
		}
		if len(r.Pages) == 0 {
			o.Quiet = true // "no findings" would sound like praise
		}
		err := k.app.write(t, func(w io.Writer) error { return r.Print(w, diag.Format(t.format), o) })
		if err != nil {
			return err
		}
	}
	return nil
}

func formatNames(formats []diag.Format) []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = string(f)
	}
	return names
}

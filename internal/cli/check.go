package cli

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/docs/rules"
	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/config"
	"github.com/cadre-hq/cadre/internal/diag"
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

	project *project
	options compile.Options
	files   []*source.File
	unread  []source.Problem
	found   *compile.Snapshot
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
	if err := k.compile(ctx); err != nil {
		return err
	}
	if k.fix && !k.diff {
		if err := k.applyFixes(ctx); err != nil {
			return err
		}
	}
	report, err := k.report(ctx, slices.ContainsFunc(targets, func(t target) bool { return t.format == string(diag.SARIF) }))
	if err != nil {
		return err
	}
	if k.writeBaseline != "" {
		return k.keepBaseline(report)
	}
	k.conclude(report)
	if k.diff {
		return k.previewFixes()
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
	if k.options, err = k.project.compileOptions(k.paths); err != nil {
		return err
	}
	k.files, k.unread, err = k.project.load(ctx, k.paths, k.stdinName)
	return err
}

// compile compiles the pages, with a progress bar if that takes long.
func (k *checking) compile(ctx context.Context) error {
	report, stop := k.app.progress("Checking pages", len(k.files))
	defer stop()
	k.options.Progress = report
	var err error
	k.found, err = compile.Check(ctx, k.files, k.options)
	return err
}

// report makes the report of the findings that count: not waived, not known.
func (k *checking) report(ctx context.Context, help bool) (*diag.Report, error) {
	p := k.project
	r := &diag.Report{
		Version: buildOf().version, Unread: k.unread, FailOn: p.FailSeverity(), Name: p.name,
		Pages: make([]string, len(k.found.Pages)), Rules: k.rules(help),
	}
	files := make(map[string]*source.File, len(k.found.Pages))
	for i, page := range k.found.Pages {
		r.Pages[i] = page.File.Path
		files[page.File.Path] = page.File
	}
	r.Source = func(path string) *source.File { return files[path] }

	waived := p.Waive(k.found.Findings, p.rules, r.Pages, time.Now())
	for _, n := range waived.Notes {
		k.app.note("%s", n)
	}
	r.Findings = waived.Open
	if k.writeBaseline != "" {
		return r, nil
	}
	return r, k.dropKnown(ctx, r)
}

// rules lists the rules that ran, with their pages if help is asked for.
func (k *checking) rules(help bool) []diag.RuleInfo {
	var infos []diag.RuleInfo
	for _, r := range lint.Rules {
		d := k.project.selection.Decision(r.Code)
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

// conclude sets the exit code.
func (k *checking) conclude(r *diag.Report) {
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

// settingFlags are the flags that set a key of the configuration.
type settingFlags struct {
	use, except             []string
	failOn, dialect, policy string
}

func (s *settingFlags) flags(c *cobra.Command) {
	flags := c.Flags()
	flags.StringSliceVar(&s.use, "use", nil, "run only these RULES: codes, names, or the groups all, default and style")
	flags.StringSliceVar(&s.except, "except", nil, "do not run these RULES")
	flags.StringVar(&s.failOn, "fail-on", "", "exit with 1 for findings from this SEVERITY on: error, warning, info or off (default error)")
	flags.StringVar(&s.dialect, "dialect", "", "make anchors like DIALECT: gfm, kramdown, gitlab or hugo (default gfm)")
	flags.StringVar(&s.policy, "policy", "", "use the policy PACK: a shipped one by name, or the path of a file")
	for flag, words := range map[string][]string{"fail-on": {"error", "warning", "info", "off"}, "dialect": config.Dialects} {
		_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	}
}

// values returns the flags that were given, as the configuration takes them.
func (s *settingFlags) values(c *cobra.Command) []config.Flag {
	var given []config.Flag
	for _, f := range []config.Flag{
		{Name: "--use", Key: "use", Values: s.use},
		{Name: "--except", Key: "except", Values: s.except},
		{Name: "--fail-on", Key: "fail_on", Values: []string{s.failOn}},
		{Name: "--dialect", Key: "dialect", Values: []string{s.dialect}},
		{Name: "--policy", Key: "policy", Values: []string{s.policy}},
	} {
		if c.Flags().Changed(f.Name[2:]) {
			given = append(given, f)
		}
	}
	return given
}

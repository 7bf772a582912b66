// Package cli is the command line of Cadre: one file for each command, and
// what they share.
//
// A command reads its flags, asks the packages that know, and prints what they
// say: findings and results on standard output, everything else on standard
// error. It decides nothing about pages itself.
//
// Exit codes are the same everywhere: 0 is clean, 1 means findings at or above
// --fail-on (or a difference, where that was asked for), 2 means wrong use, a
// configuration that cannot be used, or input that cannot be read. What can be
// read is reported all the same.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/strict"
)

// The exit codes besides 0, which is clean.
const (
	exitFindings = 1
	exitBroken   = 2
)

// Main runs the program with the arguments, streams and environment of the
// process and returns its exit code.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	return run(ctx, os.Args[1:], processStreams())
}

// run runs the program once.
func run(ctx context.Context, args []string, s streams) int {
	a := &app{streams: s}
	root := a.root()
	root.SetArgs(normalArgs(args))
	if len(args) > 0 && args[0] == manual {
		return a.ended(fang.Execute(ctx, root))
	}
	return a.ended(root.ExecuteContext(ctx))
}

// An app is one run of the program.
type app struct {
	streams

	// The flags of every command.
	quiet         bool
	color         colorFlag
	configFile    string
	withoutConfig bool

	code   int // the exit code, if no error is returned
	flawed int // mistakes in the configuration that were told
}

// manual is the command that prints the manual page; it is not listed.
const manual = "man"

// root returns the command tree.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "cadre",
		Short: "A compiler for job families",
		Long: "Cadre compiles the Markdown pages in which an organisation publishes its job families:\n" +
			"it says what is wrong with them, what they mean as data, and what an edit changes.",
		Example: "cadre check handbook/job-families\n" +
			"cadre explain CAD204\n" +
			"cadre export --format csv handbook/job-families > levels.csv\n" +
			"cadre diff main..HEAD",
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetHelpFunc(a.help)
	root.SetHelpCommand(a.helpCommand())
	root.SetFlagErrorFunc(wrongFlag)
	version := root.Flags().BoolP("version", "v", false, "print which Cadre this is")
	root.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		_, err := command(c, args[0])
		return err
	}
	root.RunE = func(c *cobra.Command, _ []string) error {
		if !*version {
			return c.Help()
		}
		text, err := buildOf().print("text")
		if err == nil {
			_, err = io.WriteString(a.out, text)
		}
		return err
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.configFile, "config", "", "read the configuration from FILE instead of looking for cadre.yaml")
	flags.BoolVar(&a.withoutConfig, "no-config", false, "read no configuration file")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "print results and errors only: no summary, notes or progress")
	flags.Var(&a.color, "color", "WHEN to use colours and excerpts: auto, always (not only on a terminal) or never (default auto)")
	_ = root.RegisterFlagCompletionFunc("color", cobra.FixedCompletions(colorWords, cobra.ShellCompDirectiveNoFileComp))
	root.AddCommand(
		a.checkCommand(), a.exportCommand(), a.diffCommand(),
		a.explainCommand(), a.rulesCommand(), a.policyCommand(), a.auditCommand(),
		a.publishCommand(), a.importCommand(), a.serveCommand(), a.migrateCommand(), a.userCommand(), a.tokenCommand(), a.secretCommand(), a.eraseCommand(),
		a.backupCommand(), a.restoreCommand(),
		a.configCommand(), a.initCommand(), a.versionCommand(), a.completionCommand(),
	)
	return root
}

// ended prints the error that a command ended with, if any, and returns the
// exit code.
func (a *app) ended(err error) int {
	if err == nil && a.flawed > 0 {
		a.complain("%s in the configuration, see above; all else was done", counted(a.flawed, "mistake"))
		return exitBroken
	}
	if err == nil {
		return a.code
	}
	if problems, ok := errors.AsType[strict.Problems](err); ok {
		fmt.Fprintln(a.err, problems) // each with its place, which a terminal can open
		err = errFlawed
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	a.complain("%s", err)
	return max(exitBroken, fault.KindOf(err).ExitCode())
}

// errFlawed ends a command that cannot do its work with a configuration whose
// mistakes were told.
var errFlawed = fault.New(fault.Invalid, "nothing was done; correct this first")

// complain prints a message on standard error.
func (a *app) complain(format string, args ...any) {
	fmt.Fprintf(a.err, "cadre: "+format+"\n", args...)
}

// note prints a message that --quiet leaves out.
func (a *app) note(format string, args ...any) {
	if !a.quiet {
		a.complain(format, args...)
	}
}

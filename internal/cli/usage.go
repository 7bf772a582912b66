package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/nearest"
)

// wrongUse is an error in how a command was called.
func wrongUse(c *cobra.Command, format string, args ...any) error {
	return fault.New(fault.Invalid, "%w (%s --help tells more)", fmt.Errorf(format, args...), c.CommandPath())
}

// exactly demands a number of arguments; what names them for people.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return wrongUse(c, "%s wants %s, not %s", c.Name(), what, counted(len(args), "argument"))
		}
		return nil
	}
}

// atMostOne demands one argument or none.
func atMostOne(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > 1 {
			return wrongUse(c, "%s wants one %s, not %d", c.Name(), what, len(args))
		}
		return nil
	}
}

// counted writes a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// wrongFlag says what is wrong with a flag, and what was perhaps meant.
func wrongFlag(c *cobra.Command, err error) error {
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		if letters := e.GetSpecifiedShortnames(); letters != "" {
			return wrongUse(c, "unknown flag -%s", letters[:1])
		}
		var known []string
		c.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, "--"+f.Name) })
		written := "--" + e.GetSpecifiedName()
		return wrongUse(c, "unknown flag %s%s", written, nearest.Hint(written, known))
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return wrongUse(c, "--%s: %w", e.GetFlag().Name, e.Unwrap())
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return wrongUse(c, "--%s wants a value behind it", e.GetFlag().Name)
	}
	return wrongUse(c, "%w", err)
}

// command returns the command with a name, or says that there is none.
func command(root *cobra.Command, name string) (*cobra.Command, error) {
	var known []string
	for _, c := range root.Commands() {
		if c.Name() == name {
			return c, nil
		}
		if c.IsAvailableCommand() {
			known = append(known, c.Name())
		}
	}
	return nil, wrongUse(root, "unknown command %q%s", name, nearest.Hint(name, known))
}

// helpCommand is `cadre help`, which does what --help does.
func (a *app) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Print the help of a command",
		Args:  atMostOne("command"),
		RunE: func(c *cobra.Command, args []string) error {
			about := c.Root()
			if len(args) > 0 {
				var err error
				if about, err = command(about, args[0]); err != nil {
					return err
				}
			}
			return about.Help()
		},
		ValidArgsFunction: func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			var words []string
			for _, s := range c.Root().Commands() {
				if s.IsAvailableCommand() {
					words = append(words, s.Name()+"\t"+s.Short)
				}
			}
			return words, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// help prints the help of a command. fang, which makes it good to read, asks
// the terminal for its background; so it is called for help alone.
func (a *app) help(c *cobra.Command, _ []string) {
	again := &app{streams: a.streams}
	var page bytes.Buffer
	if !a.outTerminal {
		again.out = &page
	}
	root := again.root()
	root.SetHelpFunc(nil)
	path := []string{"--help"}
	for ; c.HasParent(); c = c.Parent() {
		path = append([]string{c.Name()}, path...)
	}
	root.SetArgs(path)
	a.code = again.ended(fang.Execute(context.Background(), root, fang.WithoutVersion()))
	for line := range strings.Lines(page.String()) { // fang fills lines up with blanks
		if _, err := io.WriteString(a.out, strings.TrimRight(line, " \n")+"\n"); err != nil {
			a.code = a.ended(err)
			return
		}
	}
}

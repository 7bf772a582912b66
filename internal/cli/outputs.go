package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/nearest"
)

// outputs are the values of --format and --output. Both may be given several
// times; an --output belongs to the --format before it, or to the one behind
// it if there is none before.
type outputs struct {
	known   []string // formats; the first is the default
	targets []target
	pending string // an --output that has no --format yet
}

// A target is a format and where it goes; an empty file is standard output.
type target struct{ format, file string }

// flags adds the flags to a command.
func (o *outputs) flags(c *cobra.Command) {
	c.Flags().Var(formatFlag{o}, "format", "print as FORMAT: "+strings.Join(o.known, ", ")+"; may be given again")
	c.Flags().VarP(outputFlag{o}, "output", "o", "write what the --format before it says to FILE; - is standard output")
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(o.known, cobra.ShellCompDirectiveNoFileComp))
}

// formatFlag is --format.
type formatFlag struct{ *outputs }

func (f formatFlag) String() string { return "" }
func (f formatFlag) Type() string   { return "FORMAT" }
func (f formatFlag) Set(format string) error {
	if !slices.Contains(f.known, format) {
		hint := nearest.Hint(format, f.known)
		if hint == "" {
			hint = ": use " + strings.Join(f.known, ", ")
		}
		return fmt.Errorf("there is no format %q%s", format, hint)
	}
	f.targets = append(f.targets, target{format, f.pending})
	f.pending = ""
	return nil
}

// outputFlag is --output.
type outputFlag struct{ *outputs }

func (f outputFlag) String() string { return "" }
func (f outputFlag) Type() string   { return "FILE" }
func (f outputFlag) Set(file string) error {
	last := len(f.targets) - 1
	switch {
	case file == "":
		return fmt.Errorf("the name of the file is empty")
	case file == "-":
		return nil // standard output, where it goes anyway
	case last >= 0 && f.targets[last].file == "":
		f.targets[last].file = file
	case f.pending != "":
		return fmt.Errorf("there is a second --output, but no --format between them")
	default:
		f.pending = file
	}
	return nil
}

// resolve returns the targets, at least one.
func (o *outputs) resolve(c *cobra.Command) ([]target, error) {
	targets := slices.Clone(o.targets)
	switch {
	case len(targets) == 0:
		targets = []target{{o.known[0], o.pending}}
	case o.pending != "":
		return nil, wrongUse(c, "--output %s has no --format before it", o.pending)
	}
	seen := map[string]string{}
	for _, t := range targets {
		if other, twice := seen[t.file]; twice {
			place := t.file
			if place == "" {
				place = "standard output"
			}
			return nil, wrongUse(c, "the formats %s and %s both go to %s: give one of them an --output", other, t.format, place)
		}
		seen[t.file] = t.format
	}
	return targets, nil
}

// write prints a target: print writes the format to standard output, or to the
// file, which is left as it was if printing fails.
func (a *app) write(t target, print func(io.Writer) error) error {
	if t.file == "" {
		return print(a.out)
	}
	var b bytes.Buffer
	if err := print(&b); err != nil {
		return err
	}
	if err := os.WriteFile(t.file, b.Bytes(), 0o644); err != nil {
		return fault.New(fault.Invalid, "cannot write --output: %w", err)
	}
	return nil
}

// printTo writes what text returns for each format to its target.
func (a *app) printTo(c *cobra.Command, o *outputs, text func(format string) (string, error)) error {
	targets, err := o.resolve(c)
	if err != nil {
		return err
	}
	for _, t := range targets {
		err := a.write(t, func(w io.Writer) error {
			s, err := text(t.format)
			if err != nil {
				return err
			}
			_, err = io.WriteString(w, s)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

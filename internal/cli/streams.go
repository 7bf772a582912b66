package cli

import (
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/cadre-hq/cadre/internal/diag"
)

// streams are what a run reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
	// outTerminal and errTerminal tell whether a person sees them at once.
	outTerminal, errTerminal bool
	width                    int // columns of the screen; 0 if unknown
	environ                  []string
}

// processStreams returns those of the process.
func processStreams() streams {
	s := streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, environ: os.Environ()}
	s.outTerminal = term.IsTerminal(int(os.Stdout.Fd()))
	s.errTerminal = term.IsTerminal(int(os.Stderr.Fd()))
	if s.outTerminal {
		if width, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
			s.width = width
		}
	}
	return s
}

// set reports whether an environment variable is there and not empty.
func (s *streams) set(variable string) bool {
	return slices.ContainsFunc(s.environ, func(entry string) bool {
		name, value, _ := strings.Cut(entry, "=")
		return name == variable && value != ""
	})
}

// colored reports whether output for people has colours.
func (a *app) colored() bool {
	switch a.color {
	case "always":
		return true
	case "never":
		return false
	}
	return a.outTerminal && !a.set("NO_COLOR") && !slices.Contains(a.environ, "TERM=dumb")
}

// textOptions returns how text is written to standard output. Any other place
// gets plain lines.
func (a *app) textOptions() diag.TextOptions {
	return diag.TextOptions{
		Excerpts: a.outTerminal || a.color == "always",
		Color:    a.colored(), Width: a.width, Quiet: a.quiet,
	}
}

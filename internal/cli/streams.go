package cli

import (
	"fmt"
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

// variable returns the value of an environment variable, "" if there is none.
func (s *streams) variable(name string) string {
	for _, entry := range slices.Backward(s.environ) {
		if key, value, _ := strings.Cut(entry, "="); key == name {
			return value
		}
	}
	return ""
}

// The words of --color.
const (
	auto   colorFlag = "auto"
	always colorFlag = "always"
	never  colorFlag = "never"
)

var colorWords = []string{string(auto), string(always), string(never)}

// colorFlag is the value of --color; empty means auto.
type colorFlag string

func (f *colorFlag) String() string { return "" }
func (f *colorFlag) Type() string   { return "WHEN" }
func (f *colorFlag) Set(word string) error {
	if !slices.Contains(colorWords, word) {
		return fmt.Errorf("cannot be %q: use auto, always or never", word)
	}
	*f = colorFlag(word)
	return nil
}

// colored reports whether output for people has colours.
func (a *app) colored() bool {
	switch a.color {
	case always:
		return true
	case never:
		return false
	}
	return a.outTerminal && a.variable("NO_COLOR") == "" && a.variable("TERM") != "dumb"
}

// textOptions returns how text is written to standard output. Any other place
// gets plain lines.
func (a *app) textOptions() diag.TextOptions {
	return diag.TextOptions{
		Excerpts: a.outTerminal || a.color == always,
		Color:    a.colored(), Width: a.width, Quiet: a.quiet,
	}
}

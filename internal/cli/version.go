package cli

import (
	"encoding/json"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// A build tells which program this is.
type build struct {
	version, commit, date, toolchain string
	modified                         bool
}

// buildOf reads what the Go toolchain has put into the program. Without a
// version it is "devel".
func buildOf() build {
	b := build{version: "devel"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.toolchain = info.GoVersion
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.commit = s.Value
		case "vcs.time":
			b.date = s.Value
		case "vcs.modified":
			b.modified = s.Value == "true"
		}
	}
	return b
}

func (a *app) versionCommand() *cobra.Command {
	o := outputs{known: []string{"text", "json"}}
	c := &cobra.Command{
		Use:   "version",
		Short: "Print which Cadre this is",
		Args:  exactly(0, "no argument"),
	}
	o.flags(c)
	c.RunE = func(*cobra.Command, []string) error {
		return a.printTo(c, &o, func(format string) (string, error) { return buildOf().print(format) })
	}
	return c
}

// print returns the build in a format.
func (b build) print(format string) (string, error) {
	if format == "json" {
		text, err := json.MarshalIndent(map[string]any{
			"schema_version": "1", "version": b.version, "commit": b.commit, "date": b.date,
			"modified": b.modified, "go": b.toolchain,
		}, "", " ")
		return string(text) + "\n", err
	}
	text := "cadre " + b.version
	if b.commit != "" {
		text += fmt.Sprintf("\ncommit %s, %s", b.commit, b.date)
		if b.modified {
			text += ", with changes"
		}
	}
	return text + "\nbuilt with " + b.toolchain + "\n", nil
}

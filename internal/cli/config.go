package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/config"
	"github.com/cadre-hq/cadre/internal/layers"
	serversettings "github.com/cadre-hq/cadre/internal/settings"
)

func (a *app) configCommand() *cobra.Command {
	o := outputs{known: []string{"text", "json"}}
	var schema, server, example bool
	var settings settingFlags
	var serverOnes serverFlags
	c := &cobra.Command{
		Use:   "config [PATH]",
		Short: "Print each effective value of the configuration and where it comes from",
		Long: "Print each effective value of the configuration and where it comes from: the defaults,\n" +
			config.Name + ", the environment (" + config.Variable("fail_on") + " for fail_on) or a flag. The file is looked for from\n" +
			"PATH, or the current folder, upwards.\n\n" +
			"With --server it is the settings of the server: the defaults, " + serversettings.Name + " in the data folder,\n" +
			"the environment (" + config.Variable("public_url") + " for public_url) or a flag. Everything that is wrong with them is said.",
	}
	o.flags(c)
	settings.flags(c)
	serverOnes.flags(c)
	c.Flags().BoolVar(&server, "server", false, "print the settings of the server instead")
	c.Flags().BoolVar(&example, "example", false, "with --server, print a file with every key explained")
	c.Flags().BoolVar(&schema, "schema", false, "print the JSON Schema of "+config.Name+" instead, for editors")
	c.Args = atMostOne("path")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if schema {
			return a.printTo(c, &o, func(string) (string, error) { return config.Schema(), nil })
		}
		if server && example {
			return a.printTo(c, &o, func(string) (string, error) { return serversettings.Example(), nil })
		}
		if server {
			return a.printServerSettings(c, &o, &serverOnes)
		}
		p, err := a.project(startOf(args, ""), settings.values(c)...)
		if err != nil {
			return err
		}
		return a.printTo(c, &o, func(format string) (string, error) {
			return printValues(cmp.Or(p.File, noFile(format)), p.Root, p.Values(), format)
		})
	}
	return c
}

// noFile stands for the file where there is none, for people.
func noFile(format string) string {
	if format == "json" {
		return ""
	}
	return "none found; `cadre init` writes one"
}

// printServerSettings prints what counts for the server; what is wrong with it
// is said, too, and makes the run end with exit code 2.
func (a *app) printServerSettings(c *cobra.Command, o *outputs, f *serverFlags) error {
	s, err := a.settings(c, f)
	if s == nil {
		return err
	}
	values := func(format string) (string, error) { return printValues(s.File(), s.Data, s.Values(), format) }
	return errors.Join(a.printTo(c, o, values), err)
}

// printValues returns the effective values: as YAML with the origin behind
// each, or as JSON.
func printValues(file, root string, values []layers.Value, format string) (string, error) {
	if format == "json" {
		type value struct {
			Key    string          `json:"key"`
			Value  json.RawMessage `json:"value"`
			Origin string          `json:"origin"`
		}
		list := make([]value, len(values))
		for i, v := range values {
			list[i] = value{v.Key, json.RawMessage(v.Text), v.Origin.String()}
		}
		text, err := json.MarshalIndent(map[string]any{"schema_version": "1", "file": file, "root": root, "values": list}, "", " ")
		return string(text) + "\n", err
	}
	var b strings.Builder
	if file == "" {
		file = "none found"
	}
	fmt.Fprintf(&b, "# file: %s\n", file)
	width := 0
	for _, v := range values {
		width = max(width, len(v.Key)+len(v.Text)+2)
	}
	width = min(width, 60)
	for _, v := range values {
		fmt.Fprintf(&b, "%-*s  # %s\n", width, v.Key+": "+v.Text, v.Origin)
	}
	return b.String(), nil
}

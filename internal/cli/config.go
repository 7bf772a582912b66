package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/config"
)

func (a *app) configCommand() *cobra.Command {
	o := outputs{known: []string{"text", "json"}}
	var schema bool
	var settings settingFlags
	c := &cobra.Command{
		Use:   "config [PATH]",
		Short: "Print each effective value of the configuration and where it comes from",
		Long: "Print each effective value of the configuration and where it comes from: the defaults,\n" +
			config.Name + ", the environment (" + config.Variable("fail_on") + " for fail_on) or a flag. The file is looked for from\n" +
			"PATH, or the current folder, upwards.",
	}
	o.flags(c)
	settings.flags(c)
	c.Flags().BoolVar(&schema, "schema", false, "print the JSON Schema of "+config.Name+" instead, for editors")
	c.Args = atMostOne("path")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if schema {
			return a.printTo(c, &o, func(string) (string, error) { return config.Schema(), nil })
		}
		p, err := a.project(startOf(args, ""), settings.values(c)...)
		if err != nil {
			return err
		}
		return a.printTo(c, &o, func(format string) (string, error) { return printValues(p.Config, format) })
	}
	return c
}

// printValues returns the effective values: as YAML with the origin behind
// each, or as JSON.
func printValues(c *config.Config, format string) (string, error) {
	values := c.Values()
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
		text, err := json.MarshalIndent(map[string]any{"schema_version": "1", "file": c.File, "root": c.Root, "values": list}, "", " ")
		return string(text) + "\n", err
	}
	var b strings.Builder
	file := c.File
	if file == "" {
		file = "none found; `cadre init` writes one"
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

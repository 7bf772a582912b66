package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/diag"
)

func (a *app) rulesCommand() *cobra.Command {
	o := outputs{known: []string{"text", "json"}}
	var settings settingFlags
	c := &cobra.Command{
		Use:   "rules [PATH]",
		Short: "List the rules, and how each counts here",
		Long: "List the rules, and how each counts here: for pages at PATH or in the current folder,\n" +
			"as the configuration says. `cadre explain CODE` tells more about one of them.",
	}
	o.flags(c)
	settings.flags(c)
	c.Args = atMostOne("path")
	c.RunE = func(_ *cobra.Command, args []string) error {
		p, err := a.project(startOf(args, ""), settings.values(c)...)
		if err != nil {
			return err
		}
		return a.printTo(c, &o, func(format string) (string, error) { return printRules(p, format) })
	}
	return c
}

// A listedRule is a rule in the JSON list.
type listedRule struct {
	Code     diag.Code `json:"code"`
	Name     string    `json:"name"`
	Title    string    `json:"title"`
	Severity string    `json:"severity"`         // here
	Default  string    `json:"default_severity"` // where nothing is configured
	Style    bool      `json:"style"`
	Origin   string    `json:"origin,omitempty"`
	Why      []string  `json:"why"`
	Ignored  []string  `json:"ignored,omitempty"`
}

func printRules(p *project, format string) (string, error) {
	list := make([]listedRule, len(lint.Rules))
	widest := 0
	for i, r := range lint.Rules {
		d := p.Selection.Decision(r.Code)
		list[i] = listedRule{
			Code: r.Code, Name: r.Name, Title: r.Title, Severity: d.Severity.String(), Default: r.Default().String(),
			Style: r.Style, Origin: r.Origin, Why: d.Why, Ignored: d.Ignored,
		}
		widest = max(widest, len(r.Name))
	}
	if format == "json" {
		text, err := json.MarshalIndent(map[string]any{"schema_version": "1", "rules": list}, "", " ")
		return string(text) + "\n", err
	}
	var b strings.Builder
	for _, r := range list {
		fmt.Fprintf(&b, "%s  %-7s  %-*s  %s\n", r.Code, r.Severity, widest, r.Name, r.Title)
	}
	return b.String(), nil
}

package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/docs/rules"
	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/config"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/fault"
)

func (a *app) explainCommand() *cobra.Command {
	var path string
	c := &cobra.Command{
		Use:     "explain CODE",
		Short:   "Tell why a rule is, what is bad and good, and whether it is on here",
		Long:    "Tell why a rule is, what is bad and what is good, how to configure it, and whether it is on\nhere and why. The rule is given by its code or its name; `cadre rules` lists them.",
		Example: "cadre explain CAD204\ncadre explain missing-grade",
		Args:    exactly(1, "the code or name of one rule"),
	}
	c.Flags().StringVar(&path, "for", ".", "tell how the rule counts for the page or folder at PATH")
	c.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var words []string
		for _, r := range lint.Rules {
			words = append(words, string(r.Code)+"\t"+r.Title)
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	}
	c.RunE = func(_ *cobra.Command, args []string) error {
		r, err := findRule(args[0])
		if err != nil {
			return err
		}
		p, err := a.project(path)
		if err != nil {
			return err
		}
		page, ok := rules.Page(string(r.Code))
		if !ok {
			page = "# " + string(r.Code) + " " + r.Name + "\n\n" + r.Title + "\n"
		}
		_, err = fmt.Fprintf(a.out, "%s\n%s", page, status(p, r, path))
		return err
	}
	return c
}

// findRule returns the rule with a code or name, in whatever case.
func findRule(word string) (*lint.Rule, error) {
	var known []string
	for _, r := range lint.Rules {
		if strings.EqualFold(word, string(r.Code)) || strings.EqualFold(word, r.Name) {
			return r, nil
		}
		known = append(known, string(r.Code), r.Name)
	}
	return nil, fault.New(fault.NotFound, "there is no rule %q%s", word, config.RuleHint(word, known))
}

// status tells how a rule counts for a path, and why.
func status(p *project, r *lint.Rule, path string) string {
	var b strings.Builder
	d := p.Selection.Decision(r.Code)
	severity := p.Selection.Severity(r.Code, path)
	switch {
	case d.Severity == diag.Off:
		b.WriteString("Here: off.\n")
	case severity == diag.Off:
		fmt.Fprintf(&b, "Here: on, as %s, but not for %s.\n", d.Severity, path)
	default:
		fmt.Fprintf(&b, "Here: on, as %s.\n", severity)
	}
	for _, why := range d.Why {
		b.WriteString("- " + why + "\n")
	}
	for _, pattern := range d.Ignored {
		b.WriteString("- it says nothing of pages that match " + pattern + "\n")
	}
	return b.String()
}

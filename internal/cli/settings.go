package cli

import (
	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/config"
)

// settingFlags are the flags that set a key of the configuration.
type settingFlags struct {
	use, except             []string
	failOn, dialect, policy string
}

// flags adds all of them to a command.
func (s *settingFlags) flags(c *cobra.Command) {
	s.modelFlags(c)
	flags := c.Flags()
	flags.StringSliceVar(&s.use, "use", nil, "run only these RULES: codes, names, or the groups all, default and style")
	flags.StringSliceVar(&s.except, "except", nil, "do not run these RULES")
	flags.StringVar(&s.failOn, "fail-on", "", "exit with 1 for findings from this SEVERITY on: error, warning, info or off (default error)")
	flags.StringVar(&s.policy, "policy", "", "use the policy PACK: a shipped one by name, or the path of a file")
	_ = c.RegisterFlagCompletionFunc("fail-on", cobra.FixedCompletions([]string{"error", "warning", "info", "off"}, cobra.ShellCompDirectiveNoFileComp))
}

// modelFlags adds those that matter to what pages mean.
func (s *settingFlags) modelFlags(c *cobra.Command) {
	c.Flags().StringVar(&s.dialect, "dialect", "", "make anchors like DIALECT: gfm, kramdown, gitlab or hugo (default gfm)")
	_ = c.RegisterFlagCompletionFunc("dialect", cobra.FixedCompletions(config.Dialects, cobra.ShellCompDirectiveNoFileComp))
}

// values returns the flags that were given, as the configuration takes them.
func (s *settingFlags) values(c *cobra.Command) []config.Flag {
	var given []config.Flag
	for _, f := range []config.Flag{
		{Name: "--use", Key: "use", Values: s.use},
		{Name: "--except", Key: "except", Values: s.except},
		{Name: "--fail-on", Key: "fail_on", Values: []string{s.failOn}},
		{Name: "--dialect", Key: "dialect", Values: []string{s.dialect}},
		{Name: "--policy", Key: "policy", Values: []string{s.policy}},
	} {
		if flag := c.Flags().Lookup(f.Name[2:]); flag != nil && flag.Changed {
			given = append(given, f)
		}
	}
	return given
}

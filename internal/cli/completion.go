package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// shells are those that a completion script can be written for.
var shells = []string{"bash", "zsh", "fish", "powershell"}

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a script that makes a shell complete commands, flags and codes",
		Long:  "Print a script that makes a shell complete commands, flags and codes.\nSHELL is one of " + strings.Join(shells, ", ") + ".",
		Example: "source <(cadre completion bash)\n" +
			"cadre completion zsh > \"${fpath[1]}/_cadre\"\n" +
			"cadre completion fish > ~/.config/fish/completions/cadre.fish",
		ValidArgs: shells,
		Args:      exactly(1, "one shell: "+strings.Join(shells, ", ")),
		RunE: func(c *cobra.Command, args []string) error {
			root := c.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.out, true)
			case "zsh":
				return root.GenZshCompletion(a.out)
			case "fish":
				return root.GenFishCompletion(a.out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.out)
			}
			return wrongUse(c, "there is no completion for %q: use one of %s", args[0], strings.Join(shells, ", "))
		},
	}
}

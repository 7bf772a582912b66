package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/policy"
)

func (a *app) policyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "policy COMMAND",
		Short: "Show what has been decided, and where each value comes from",
		Long: "Show the values of a policy pack: the scale of grades, spans, clocks, votes, approval chains and\n" +
			"all else that an organisation decides and a program must not invent. Each names its source.",
		Example: "cadre policy show rooms.hiring.scorecards\ncadre policy show span --format json\ncadre policy diff 2022-09 2024-03",
	}
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		_, err := command(c, args[0])
		return err
	}
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	c.AddCommand(a.policyShowCommand(), a.policyDiffCommand(), a.policyListCommand(), a.policySchemaCommand())
	return c
}

func (a *app) policyShowCommand() *cobra.Command {
	o := outputs{known: []string{"text", "json"}}
	var name string
	c := &cobra.Command{
		Use:   "show [PATH]",
		Short: "Print the values of a pack, each with its source",
		Long: "Print the values of the pack that counts here, each with its source. PATH names one value or a\n" +
			"group of them, such as rooms.hiring or hiring.offers; of a single value everything is told.",
		Args: atMostOne("path"),
	}
	o.flags(c)
	c.Flags().StringVar(&name, "pack", "", "show the PACK instead: a shipped one by name, or the path of a file")
	_ = c.RegisterFlagCompletionFunc("pack", cobra.FixedCompletions(policy.Names(), cobra.ShellCompDirectiveDefault))
	c.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		var words []string
		for _, v := range policy.Default().Values() {
			if len(args) == 0 {
				words = append(words, v.Path+"\t"+v.Doc)
			}
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	}
	c.RunE = func(_ *cobra.Command, args []string) error {
		p, err := a.pack(name)
		if err != nil {
			return err
		}
		values := p.Values()
		if len(args) > 0 {
			if values, err = p.Below(args[0]); err != nil {
				return err
			}
		}
		return a.printTo(c, &o, func(format string) (string, error) { return printPack(p, values, format) })
	}
	return c
}

// pack returns a pack by its name or file; without a name it is the one that
// counts in the current folder.
func (a *app) pack(name string) (*policy.Pack, error) {
	if name == "" {
		p, err := a.project("")
		if err != nil {
			return nil, err
		}
		pack, err := p.Pack()
		if pack == nil && err == nil {
			pack = policy.Default()
		}
		return pack, err
	}
	if !strings.ContainsAny(name, `/\`) && filepath.Ext(name) == "" {
		return policy.Named(name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fault.New(fault.Invalid, "cannot read the pack: %w", err)
	}
	return policy.Parse(filepath.ToSlash(name), text)
}

// A packValue is a value in JSON.
type packValue struct {
	Path    string          `json:"path"`
	Meaning string          `json:"meaning"`
	Kind    string          `json:"kind"`
	Value   json.RawMessage `json:"value"`
	Source  policy.Source   `json:"source"`
	Weak    bool            `json:"weak"`
}

func jsonValue(v policy.Value) packValue {
	return packValue{v.Path, v.Doc, v.Kind, v.JSON, v.Source, v.Source.IsWeak()}
}

func printPack(p *policy.Pack, values []policy.Value, format string) (string, error) {
	if format == "json" {
		list := make([]packValue, len(values))
		for i, v := range values {
			list[i] = jsonValue(v)
		}
		text, err := json.MarshalIndent(map[string]any{
			"schema_version": "1", "pack": p.Version, "title": p.Title, "extends": p.Extends, "values": list,
		}, "", " ")
		return string(text) + "\n", err
	}
	if len(values) == 1 {
		return wholeValue(values[0]), nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# pack %s: %s\n", p.Version, p.Title)
	width := 0
	for _, v := range values {
		width = max(width, len(v.Path)+len(inline(v))+2)
	}
	width = min(width, 60)
	for _, v := range values {
		fmt.Fprintf(&b, "%-*s  # %s\n%s", width, v.Path+": "+inline(v), v.Source.Text, rows(v, "  "))
	}
	return b.String(), nil
}

// inline returns what of a value stands behind its path: nothing of a table,
// whose rows follow.
func inline(v policy.Value) string {
	if len(v.Rows) > 0 {
		return ""
	}
	return v.Text
}

// rows returns the rows of a table, one on a line.
func rows(v policy.Value, indent string) string {
	var b strings.Builder
	for _, row := range v.Rows {
		b.WriteString(indent + "- " + row + "\n")
	}
	return b.String()
}

// wholeValue tells everything of a value.
func wholeValue(v policy.Value) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s", strings.TrimRight(v.Path+": "+inline(v), " "), rows(v, "  "))
	fmt.Fprintf(&b, "  meaning: %s\n", v.Doc)
	fmt.Fprintf(&b, "  kind:    %s\n", v.Kind)
	if len(v.Choices) > 0 {
		fmt.Fprintf(&b, "  choices: %s\n", strings.Join(v.Choices, ", "))
	}
	fmt.Fprintf(&b, "  source:  %s\n", v.Source)
	if v.Source.Note != "" {
		fmt.Fprintf(&b, "  note:    %s\n", v.Source.Note)
	}
	fmt.Fprintf(&b, "  pack:    %s\n", v.Source.Pack)
	return b.String()
}

func (a *app) policyDiffCommand() *cobra.Command {
	o := outputs{known: []string{"text", "json"}}
	c := &cobra.Command{
		Use:     "diff OLD NEW",
		Short:   "Print which values two packs have apart",
		Long:    "Print which values two packs have apart, each with its sources. A pack is a shipped one by name,\nor the path of a file.",
		Example: "cadre policy diff 2022-09 2024-03\ncadre policy diff 2022-09 ./policy.yaml",
		Args:    exactly(2, "an old and a new pack"),
	}
	o.flags(c)
	c.ValidArgsFunction = cobra.FixedCompletions(policy.Names(), cobra.ShellCompDirectiveDefault)
	c.RunE = func(_ *cobra.Command, args []string) error {
		old, err := a.pack(args[0])
		if err != nil {
			return err
		}
		other, err := a.pack(args[1])
		if err != nil {
			return err
		}
		return a.printTo(c, &o, func(format string) (string, error) { return printDifferences(old, other, format) })
	}
	return c
}

func printDifferences(old, other *policy.Pack, format string) (string, error) {
	differences := old.Compare(other)
	if format == "json" {
		type difference struct {
			Path    string    `json:"path"`
			Meaning string    `json:"meaning"`
			Old     packValue `json:"old"`
			New     packValue `json:"new"`
		}
		list := make([]difference, len(differences))
		for i, d := range differences {
			list[i] = difference{d.Path, d.Doc, jsonValue(d.Old), jsonValue(d.New)}
		}
		text, err := json.MarshalIndent(map[string]any{
			"schema_version": "1", "old": old.Version, "new": other.Version, "differences": list,
		}, "", " ")
		return string(text) + "\n", err
	}
	var b strings.Builder
	width := max(len(old.Version), len(other.Version))
	for _, d := range differences {
		fmt.Fprintf(&b, "%s\n", d.Path)
		for _, side := range []struct {
			pack string
			policy.Value
		}{{old.Version, d.Old}, {other.Version, d.New}} {
			fmt.Fprintf(&b, "  %-*s  %s  # %s\n%s", width, side.pack, inline(side.Value), side.Source.Text, rows(side.Value, "    "))
		}
	}
	if len(differences) == 0 {
		b.WriteString("no value differs\n")
	}
	return b.String(), nil
}

func (a *app) policyListCommand() *cobra.Command {
	o := outputs{known: []string{"text", "json"}}
	c := &cobra.Command{
		Use:   "list",
		Short: "List the shipped packs",
		Args:  exactly(0, "no argument"),
	}
	o.flags(c)
	c.RunE = func(*cobra.Command, []string) error {
		return a.printTo(c, &o, printPacks)
	}
	return c
}

func printPacks(format string) (string, error) {
	type pack struct {
		Name    string `json:"name"`
		Title   string `json:"title"`
		Extends string `json:"extends,omitempty"`
		Default bool   `json:"default"`
		Values  int    `json:"values"`
	}
	var list []pack
	for _, name := range policy.Names() {
		p, err := policy.Named(name)
		if err != nil {
			return "", err
		}
		list = append(list, pack{name, p.Title, p.Extends, name == policy.DefaultName, len(p.Values())})
	}
	if format == "json" {
		text, err := json.MarshalIndent(map[string]any{"schema_version": "1", "packs": list}, "", " ")
		return string(text) + "\n", err
	}
	var b strings.Builder
	for _, p := range list {
		fmt.Fprintf(&b, "%s  %s", p.Name, p.Title)
		if p.Default {
			b.WriteString(" (counts where none is named)")
		}
		if p.Extends != "" {
			fmt.Fprintf(&b, " (extends %s)", p.Extends)
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

func (a *app) policySchemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of a policy pack, for editors",
		Args:  exactly(0, "no argument"),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.out, policy.Schema())
			return err
		},
	}
}

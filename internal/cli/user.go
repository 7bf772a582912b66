package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	server "github.com/cadre-hq/cadre/internal/app"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
)

func (a *app) userCommand() *cobra.Command {
	return group("user", "Look after accounts",
		"Look after accounts on the machine of the server, also while it runs: without a browser, or when\n"+
			"nobody can sign in. What these commands do is in the journal, as done by the program.",
		a.userAddCommand(), a.userListCommand(), a.userRoleCommand(), a.userLinkCommand(),
		a.userCloseCommand("disable", "Close an account: its sessions and tokens end at once", (*auth.Service).Disable),
		a.userCloseCommand("enable", "Open a closed account again", (*auth.Service).Enable))
}

// byProgram is who does what commands do.
var byProgram = auth.TheProgram("")

// account returns the account that a word names: by its id or its address.
func account(ctx context.Context, data *server.App, word string) (*auth.Principal, error) {
	if !strings.Contains(word, "@") {
		p, err := data.Accounts().Person(ctx, byProgram, auth.PrincipalID(word))
		if err == nil || fault.KindOf(err) != fault.NotFound {
			return p, err
		}
	}
	after := auth.PeopleKey{}
	for {
		found, err := data.Accounts().People(ctx, byProgram, auth.PeopleQuery{Search: word, After: after, Limit: 100})
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			if strings.EqualFold(p.Email, word) || p.Kind == auth.ServiceAccount && p.Name == word {
				return p, nil
			}
		}
		if len(found) <= 100 {
			return nil, fault.New(fault.NotFound, "there is no account %q: `cadre user list` prints all of them", word)
		}
		after = found[99].Key()
	}
}

func (a *app) userAddCommand() *cobra.Command {
	var name string
	var roles []string
	var service, password bool
	c := &cobra.Command{
		Use:   "add ADDRESS",
		Short: "Make an account for a person, or for a program",
		Long: "Make an account for a person, and print a link on which they choose a password. With --service it\n" +
			"is for a program, which has a name instead of an address and acts by tokens.",
		Example: "cadre user add --data DIR ada@meridian.example --name \"Ada Okafor\" --role administrator\n" +
			"cadre user add --data DIR --service \"handbook pipeline\"",
		Args: exactly(1, "one address"),
	}
	c.Flags().StringVar(&name, "name", "", "the NAME of the person (default the part of the address before @)")
	c.Flags().StringArrayVar(&roles, "role", nil, "give the ROLE for the whole organisation: "+roleWords()+"; may be given again")
	c.Flags().BoolVar(&service, "service", false, "make an account for a program")
	c.Flags().BoolVar(&password, "password-stdin", false, "read the password from the first line of standard input")
	return a.onData(c, func(ctx context.Context, data *server.App, args []string) error {
		given, err := parseRoles(roles)
		if err != nil {
			return err
		}
		if service {
			return a.addService(ctx, data, args[0], given)
		}
		secret := ""
		if password {
			if secret, err = firstLine(a.in); err != nil {
				return err
			}
		}
		if name == "" {
			name, _, _ = strings.Cut(args[0], "@")
		}
		p, err := data.Accounts().AddPerson(ctx, byProgram, name, args[0], secret, given...)
		if err != nil {
			return err
		}
		a.note("%s has an account", p.Email)
		if password {
			return nil
		}
		return a.printLink(ctx, data, p)
	})
}

func (a *app) addService(ctx context.Context, data *server.App, name string, roles []auth.Role) error {
	p, err := data.Accounts().AddServiceAccount(ctx, byProgram, name)
	if err != nil {
		return err
	}
	for _, r := range roles {
		if err := data.Accounts().GiveRole(ctx, byProgram, p.ID, r); err != nil {
			return err
		}
	}
	a.note("%s has an account; `cadre token create %s` makes a token for it", p.Name, p.ID)
	_, err = fmt.Fprintln(a.out, p.ID)
	return err
}

// printLink prints a link on which somebody chooses a password.
func (a *app) printLink(ctx context.Context, data *server.App, p *auth.Principal) error {
	link, err := data.Link(ctx, p.ID)
	if err != nil {
		return err
	}
	a.note("with this link they choose a password, once, within an hour:")
	_, err = fmt.Fprintln(a.out, link)
	return err
}

// firstLine returns the first line of a text.
func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read standard input: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func parseRoles(words []string) ([]auth.Role, error) {
	var roles []auth.Role
	for _, word := range words {
		r, err := auth.ParseRole(word)
		if err != nil {
			return nil, fmt.Errorf("%w: there are %s", err, roleWords())
		}
		roles = append(roles, r)
	}
	return roles, nil
}

// roleWords lists the words for roles.
func roleWords() string {
	words := make([]string, len(auth.Roles))
	for i, r := range auth.Roles {
		words[i] = string(r)
	}
	return strings.Join(words, ", ")
}

func (a *app) userListCommand() *cobra.Command {
	o := outputs{known: []string{"text", "json"}}
	c := &cobra.Command{Use: "list", Short: "Print all accounts", Args: exactly(0, "no argument")}
	o.flags(c)
	return a.onData(c, func(ctx context.Context, data *server.App, _ []string) error {
		var all []*auth.Principal
		after := auth.PeopleKey{}
		for more := true; more; {
			found, err := data.Accounts().People(ctx, byProgram, auth.PeopleQuery{After: after, Limit: 200})
			if err != nil {
				return err
			}
			if more = len(found) > 200; more {
				found = found[:200]
				after = found[199].Key()
			}
			all = append(all, found...)
		}
		return a.printTo(c, &o, func(format string) (string, error) { return printAccounts(all, format) })
	})
}

// printAccounts returns accounts as lines, or as JSON.
func printAccounts(all []*auth.Principal, format string) (string, error) {
	type account struct {
		ID       auth.PrincipalID `json:"id"`
		Kind     auth.Kind        `json:"kind"`
		Name     string           `json:"name"`
		Email    string           `json:"email,omitempty"`
		Roles    []auth.Role      `json:"roles"`
		Created  time.Time        `json:"created_at"`
		Disabled *time.Time       `json:"disabled_at,omitempty"`
	}
	list := make([]account, len(all))
	rows := [][]string{{"ID", "KIND", "ADDRESS", "NAME", "ROLES", "STATE"}}
	for i, p := range all {
		list[i] = account{p.ID, p.Kind, p.Name, p.Email, append([]auth.Role{}, p.Roles...), p.Created.UTC(), p.Disabled}
		state := "open"
		if p.Disabled != nil {
			state = "closed"
		}
		var roles []string
		for _, r := range p.Roles {
			roles = append(roles, string(r))
		}
		rows = append(rows, []string{string(p.ID), string(p.Kind), dash(p.Email), p.Name, dash(strings.Join(roles, ",")), state})
	}
	if format == "json" {
		text, err := json.MarshalIndent(map[string]any{"schema_version": "1", "accounts": list}, "", " ")
		return string(text) + "\n", err
	}
	return columns(rows), nil
}

// dash stands for nothing in a table.
func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func (a *app) userRoleCommand() *cobra.Command {
	var give, take []string
	c := &cobra.Command{
		Use:     "role ADDRESS",
		Short:   "Give an account roles, or take them",
		Example: "cadre user role --data DIR ada@meridian.example --give recruiter --take executive",
		Args:    exactly(1, "the address or the id of an account"),
	}
	c.Flags().StringArrayVar(&give, "give", nil, "give the ROLE: "+roleWords()+"; may be given again")
	c.Flags().StringArrayVar(&take, "take", nil, "take the ROLE; may be given again")
	return a.onData(c, func(ctx context.Context, data *server.App, args []string) error {
		if len(give)+len(take) == 0 {
			return wrongUse(c, "say which role: --give ROLE or --take ROLE")
		}
		given, err := parseRoles(give)
		if err != nil {
			return err
		}
		taken, err := parseRoles(take)
		if err != nil {
			return err
		}
		p, err := account(ctx, data, args[0])
		if err != nil {
			return err
		}
		for _, r := range given {
			if err := data.Accounts().GiveRole(ctx, byProgram, p.ID, r); err != nil {
				return err
			}
		}
		for _, r := range taken {
			if err := data.Accounts().TakeRole(ctx, byProgram, p.ID, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *app) userLinkCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "link ADDRESS",
		Short: "Print a link on which somebody chooses a new password",
		Args:  exactly(1, "the address or the id of an account"),
	}
	return a.onData(c, func(ctx context.Context, data *server.App, args []string) error {
		p, err := account(ctx, data, args[0])
		if err != nil {
			return err
		}
		if p.Kind != auth.Person {
			return fault.New(fault.Invalid, "a program signs in by tokens: `cadre token create %s` makes one", p.ID)
		}
		return a.printLink(ctx, data, p)
	})
}

func (a *app) userCloseCommand(verb, short string, do func(*auth.Service, context.Context, auth.Actor, auth.PrincipalID) error) *cobra.Command {
	c := &cobra.Command{Use: verb + " ADDRESS", Short: short, Args: exactly(1, "the address or the id of an account")}
	return a.onData(c, func(ctx context.Context, data *server.App, args []string) error {
		p, err := account(ctx, data, args[0])
		if err != nil {
			return err
		}
		return do(data.Accounts(), ctx, byProgram, p.ID)
	})
}

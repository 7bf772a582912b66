package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	server "github.com/cadre-hq/cadre/internal/app"
	"github.com/cadre-hq/cadre/internal/auth"
)

func (a *app) tokenCommand() *cobra.Command {
	return group("token", "Look after the tokens by which programs use the API",
		"Look after the tokens by which programs use the API, on the machine of the server, also while it runs.",
		a.tokenCreateCommand(), a.tokenListCommand(), a.tokenRevokeCommand())
}

func (a *app) tokenCreateCommand() *cobra.Command {
	var name string
	var scopes []string
	var days int
	c := &cobra.Command{
		Use:     "create ACCOUNT",
		Short:   "Make a token for an account, and print it",
		Long:    "Make a token for an account, and print it. It is shown once, and kept as a hash only.",
		Example: "cadre token create --data DIR 0197c2… --name pipeline --scope catalog:write --days 90",
		Args:    exactly(1, "the address or the id of an account"),
	}
	c.Flags().StringVar(&name, "name", "", "the NAME by which the token is known again")
	c.Flags().StringSliceVar(&scopes, "scope", nil, "what the token is for, such as catalog:read; may be given again")
	c.Flags().IntVar(&days, "days", 90, "how many DAYS the token is good for, 366 at most")
	return a.onData(c, func(ctx context.Context, data *server.App, args []string) error {
		if days < 1 || days > 366 {
			return wrongUse(c, "--days must be from 1 to 366, not %d", days)
		}
		p, err := account(ctx, data, args[0])
		if err != nil {
			return err
		}
		t, secret, err := data.Accounts().NewToken(ctx, byProgram, p.ID, name, scopes, time.Now().AddDate(0, 0, days))
		if err != nil {
			return err
		}
		a.note("the token %s is good until %s", t.ID, t.Expires.Format(time.DateOnly))
		_, err = fmt.Fprintln(a.out, secret.Reveal())
		return err
	})
}

func (a *app) tokenListCommand() *cobra.Command {
	o := outputs{known: []string{"text", "json"}}
	c := &cobra.Command{
		Use:   "list ACCOUNT",
		Short: "Print the tokens of an account",
		Args:  exactly(1, "the address or the id of an account"),
	}
	o.flags(c)
	return a.onData(c, func(ctx context.Context, data *server.App, args []string) error {
		p, err := account(ctx, data, args[0])
		if err != nil {
			return err
		}
		found, err := data.Accounts().Tokens(ctx, byProgram, p.ID)
		if err != nil {
			return err
		}
		return a.printTo(c, &o, func(format string) (string, error) { return printTokens(found, format) })
	})
}

// printTokens returns tokens as lines, or as JSON. Their secrets are nowhere.
func printTokens(found []auth.Token, format string) (string, error) {
	if format == "json" {
		type token struct {
			ID      string     `json:"id"`
			Name    string     `json:"name"`
			Scopes  []string   `json:"scopes"`
			Created time.Time  `json:"created_at"`
			Expires time.Time  `json:"expires_at"`
			Used    *time.Time `json:"used_at,omitempty"`
			Revoked *time.Time `json:"revoked_at,omitempty"`
		}
		list := make([]token, len(found))
		for i, t := range found {
			list[i] = token{t.ID, t.Name, t.Scopes, t.Created.UTC(), t.Expires.UTC(), t.Used, t.Revoked}
		}
		text, err := json.MarshalIndent(map[string]any{"schema_version": "1", "tokens": list}, "", " ")
		return string(text) + "\n", err
	}
	rows := [][]string{{"ID", "NAME", "SCOPES", "EXPIRES", "USED", "STATE"}}
	for _, t := range found {
		used, state := "-", "good"
		if t.Used != nil {
			used = t.Used.UTC().Format(time.DateOnly)
		}
		switch {
		case t.Revoked != nil:
			state = "revoked"
		case time.Now().After(t.Expires):
			state = "expired"
		}
		rows = append(rows, []string{t.ID, strconv.Quote(t.Name), strings.Join(t.Scopes, ","), t.Expires.UTC().Format(time.DateOnly), used, state})
	}
	return columns(rows), nil
}

func (a *app) tokenRevokeCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "revoke ID",
		Short: "Make a token invalid, at once",
		Args:  exactly(1, "the id of a token"),
	}
	return a.onData(c, func(ctx context.Context, data *server.App, args []string) error {
		return data.Accounts().RevokeToken(ctx, byProgram, args[0])
	})
}

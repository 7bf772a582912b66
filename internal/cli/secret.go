package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	server "github.com/cadre-hq/cadre/internal/app"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/settings"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/vault"
)

func (a *app) secretCommand() *cobra.Command {
	return group("secret", "Look after what the server shows to others, such as the password of the mail server",
		"Look after what the server shows to others: the password of the mail server ("+settings.MailPassword+"), the\n"+
			"secret of an identity provider ("+settings.ProviderSecret("NAME")+"). They are kept encrypted under the master key,\n"+
			"which is in "+vault.Variable+" or in the file "+vault.KeyFile+" of the data folder. A server that runs takes a new\n"+
			"value at once.",
		a.secretSetCommand(), a.secretListCommand(), a.secretDeleteCommand(), a.secretRotateCommand(), a.secretKeyCommand())
}

func (a *app) secretSetCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "set NAME",
		Short:   "Keep a secret, which is the first line of standard input",
		Example: "cadre secret set --data DIR " + settings.MailPassword + " < password.txt",
		Args:    exactly(1, "the name of a secret"),
	}
	return a.onData(c, func(ctx context.Context, data *server.App, args []string) error {
		value, err := firstLine(a.in)
		if err != nil {
			return err
		}
		if value == "" {
			return fault.New(fault.Invalid, "standard input is empty: send the secret there")
		}
		return data.DB().Update(ctx, func(tx store.Tx) error {
			return data.Vault().Put(ctx, tx, byProgram, args[0], vault.Secret(value))
		})
	})
}

func (a *app) secretListCommand() *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "Print the names of all secrets", Args: exactly(0, "no argument")}
	return a.onData(c, func(ctx context.Context, data *server.App, _ []string) error {
		var found []vault.Description
		err := data.DB().View(ctx, func(tx store.Tx) (err error) {
			found, err = data.Vault().List(ctx, tx, "")
			return err
		})
		if err != nil {
			return err
		}
		rows := [][]string{{"NAME", "VERSION", "CHANGED"}}
		for _, d := range found {
			rows = append(rows, []string{d.Name, fmt.Sprint(d.Version), d.Changed.UTC().Format(time.DateTime)})
		}
		_, err = fmt.Fprint(a.out, columns(rows))
		return err
	})
}

func (a *app) secretDeleteCommand() *cobra.Command {
	c := &cobra.Command{Use: "delete NAME", Short: "Remove a secret", Args: exactly(1, "the name of a secret")}
	return a.onData(c, func(ctx context.Context, data *server.App, args []string) error {
		if strings.HasPrefix(args[0], "web.") {
			return fault.New(fault.Forbidden, "the program needs the secret %s itself", args[0])
		}
		return data.DB().Update(ctx, func(tx store.Tx) error { return data.Vault().Delete(ctx, tx, byProgram, args[0]) })
	})
}

func (a *app) secretRotateCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "rotate",
		Short: "Seal all secrets anew, after the master key was changed",
		Long: "Seal all secrets by the first master key. To change it: put a new key (`cadre secret key`) before\n" +
			"the old one, restart the servers, run this command, and take the old key away.",
		Args: exactly(0, "no argument"),
	}
	return a.onData(c, func(ctx context.Context, data *server.App, _ []string) error {
		n, err := data.Vault().Rotate(ctx, byProgram)
		if err != nil {
			return err
		}
		a.note("%s sealed anew", counted(n, "secret"))
		return nil
	})
}

func (a *app) secretKeyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "key",
		Short: "Print a new master key",
		Args:  exactly(0, "no argument"),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(a.out, vault.NewKey())
			return err
		},
	}
}

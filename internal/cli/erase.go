package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	server "github.com/cadre-hq/cadre/internal/app"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/fault"
)

func (a *app) eraseCommand() *cobra.Command {
	var sure bool
	c := &cobra.Command{
		Use:   "erase PERSON…",
		Short: "Remove what is known of a person, for good",
		Long: "Remove what the server knows of a person, from the database, its files, the index of the search and\n" +
			"uploads. PERSON is the address or the id of an account, or the id of an invitation; who has several\n" +
			"ids is given by all of them. What they did stays in the journal, under an id that leads nowhere.\n" +
			"There is no way back: without --yes nothing is done.",
		Example: "cadre erase --data DIR ada@meridian.example --yes",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return wrongUse(c, "erase wants the address or the id of a person")
			}
			return nil
		},
	}
	c.Flags().BoolVar(&sure, "yes", false, "do it")
	return a.onData(c, func(ctx context.Context, data *server.App, args []string) error {
		ids := make([]erasure.PersonID, len(args))
		for i, word := range args {
			p, err := account(ctx, data, word)
			switch {
			case err == nil:
				ids[i] = erasure.PersonID(p.ID)
			case fault.KindOf(err) == fault.NotFound && !strings.Contains(word, "@"):
				ids[i] = erasure.PersonID(word) // an id of something else than an account
			default:
				return err
			}
		}
		if !sure {
			return fault.New(fault.Invalid, "nothing was done: what is erased cannot be brought back; say --yes")
		}
		r, err := data.Erasure().Erase(ctx, byProgram, ids...)
		if err != nil {
			return err
		}
		if !r.Scrubbed {
			a.note("somebody reads an older state; the last bytes go within the hour, if the server runs")
		}
		_, err = fmt.Fprintf(a.out, "%s erased\n", counted(int(r.Rows), "row"))
		return err
	})
}

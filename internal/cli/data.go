package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	server "github.com/cadre-hq/cadre/internal/app"
	"github.com/cadre-hq/cadre/internal/settings"
)

// group returns a command that holds others.
func group(use, short, long string, parts ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use + " COMMAND", Short: short, Long: long}
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		_, err := command(c, args[0])
		return err
	}
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	c.AddCommand(parts...)
	return c
}

// onData makes a command work on the data of a server, also while the server
// runs.
func (a *app) onData(c *cobra.Command, do func(ctx context.Context, data *server.App, args []string) error) *cobra.Command {
	var f serverFlags
	f.flags(c)
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		s, err := a.settings(c, &f)
		if err != nil {
			return err
		}
		data, err := server.Open(c.Context(), a.serverOptions(s))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, data.Close()) }()
		return do(c.Context(), data, args)
	}
	return c
}

// serverOptions returns what a command opens data with; of the log it shows
// what is wrong.
func (a *app) serverOptions(s *settings.Settings) server.Options {
	return server.Options{
		Settings: s, Version: buildOf().version, Variable: a.variable,
		Log: slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
}

func (a *app) migrateCommand() *cobra.Command {
	var f serverFlags
	c := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the server's database up to date",
		Long: "Bring the database to the tables that this version of the program needs. The server does so by\n" +
			"itself when it starts; this is for those who want it done before. Make a backup first: there is\n" +
			"no way back.",
		Args: exactly(0, "no argument"),
	}
	f.flags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		s, err := a.settings(c, &f)
		if err != nil {
			return err
		}
		ran, err := server.Migrate(c.Context(), a.serverOptions(s))
		if err != nil {
			return err
		}
		if ran == 0 {
			a.note("the database was up to date")
			return nil
		}
		a.note("%s ran", counted(ran, "migration"))
		return nil
	}
	return c
}

// columns writes rows of cells under each other.
func columns(rows [][]string) string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			line += fmt.Sprintf("%-*s  ", widths[i], cell)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

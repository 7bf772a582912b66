package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	server "github.com/cadre-hq/cadre/internal/app"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/settings"
	"github.com/cadre-hq/cadre/internal/strict"
)

// serverFlags are the flags by which a command finds the server's data.
type serverFlags struct {
	values map[string]*string // by key
	file   string
}

// flags adds those that every such command has.
func (s *serverFlags) flags(c *cobra.Command) {
	s.add(c, "data", "keep everything in the folder DIR")
	s.add(c, "database", "use the database at PLACE: a postgres:// address, or the path of a SQLite file (default cadre.db in the data folder)")
	c.Flags().StringVar(&s.file, "settings", "", "read the settings from FILE (default "+settings.Name+" in the data folder)")
	_ = c.MarkFlagDirname("data")
}

// add adds the flag of a key.
func (s *serverFlags) add(c *cobra.Command, key, usage string) {
	if s.values == nil {
		s.values = map[string]*string{}
	}
	s.values[key] = c.Flags().String(flagOf(key), "", usage)
}

// flagOf returns the name of the flag of a key: "public-url" for public_url.
func flagOf(key string) string {
	name := []byte(key)
	for i, b := range name {
		if b == '_' || b == '.' {
			name[i] = '-'
		}
	}
	return string(name)
}

// given returns the flags that were given, as the settings take them.
func (s *serverFlags) given(c *cobra.Command) []settings.Flag {
	var list []settings.Flag
	for key, value := range s.values {
		if name := flagOf(key); c.Flags().Changed(name) {
			list = append(list, settings.Flag{Name: "--" + name, Key: key, Value: *value})
		}
	}
	return list
}

// settings returns the settings that count, or everything that is wrong with
// them.
func (a *app) settings(c *cobra.Command, f *serverFlags, more ...settings.Flag) (*settings.Settings, error) {
	s, err := settings.Load(settings.Options{File: f.file, Environ: a.environ, Flags: append(f.given(c), more...)})
	problems, _ := errors.AsType[strict.Problems](err)
	if err != nil && problems == nil {
		return nil, err
	}
	wrong, _ := errors.AsType[strict.Problems](s.Validate())
	if problems = append(problems, wrong...); len(problems) > 0 {
		problems.Sort()
		return s, fault.New(fault.Invalid, "%w", problems)
	}
	return s, nil
}

func (a *app) serveCommand() *cobra.Command {
	var f serverFlags
	var demo bool
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the organisation's pages and API",
		Long: "Serve the organisation's pages and API, until SIGINT or SIGTERM asks to stop: requests and jobs\n" +
			"that run may end then, within stop_within. A second signal ends the server at once.\n\n" +
			"On the first start it prints a link that makes whoever opens it the administrator.",
		Example: "cadre serve --demo\n" +
			"cadre serve --addr 127.0.0.1:8080 --data /var/lib/cadre --public-url https://cadre.example.com",
		Args: exactly(0, "no argument"),
	}
	f.flags(c)
	f.add(c, "addr", "serve pages and API at HOST:PORT (default 127.0.0.1:8080)")
	f.add(c, "public_url", "browsers reach the server at URL")
	f.add(c, "metrics_addr", "serve metrics at HOST:PORT, which should be open to nobody else; empty serves none (default 127.0.0.1:9464)")
	f.add(c, "stop_within", "give requests and jobs TIME to end when the server stops (default 20s)")
	c.Flags().BoolVar(&demo, "demo", false, "serve an invented organisation, with people to sign in as; without --data in a temporary folder")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if os.Getenv("GOGC") == "" {
			debug.SetGCPercent(100) // a server lives long: see main
		}
		if demo {
			return a.serveDemo(c, &f)
		}
		s, err := a.settings(c, &f)
		if err != nil {
			return err
		}
		return a.serve(c.Context(), s, false)
	}
	return c
}

// serveDemo serves the example organisation, in a folder that goes with the
// server if none was named.
func (a *app) serveDemo(c *cobra.Command, f *serverFlags) (err error) {
	if c.Flags().Changed("database") {
		return wrongUse(c, "a demonstration has a database of its own: leave out --database")
	}
	more := []settings.Flag{{Name: "--demo", Key: "database", Value: ""}}
	if !c.Flags().Changed("data") {
		folder, err := os.MkdirTemp("", "cadre-demo-")
		if err != nil {
			return fault.New(fault.Invalid, "the demonstration has no place: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
		more = append(more, settings.Flag{Name: "--demo", Key: "data", Value: folder})
	}
	s, err := a.settings(c, f, more...)
	if err != nil {
		return err
	}
	return a.serve(c.Context(), s, true)
}

// serve runs a server until the context ends.
func (a *app) serve(ctx context.Context, s *settings.Settings, demo bool) (err error) {
	began := time.Now()
	log := server.NewLog(a.err, s.Log)
	srv, err := server.New(ctx, server.Options{
		Settings: s, Version: buildOf().version, Log: log, Variable: a.variable, Demo: demo,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, srv.Close()) }()
	return srv.Run(ctx, func(at net.Addr) {
		log.Info("the server is ready", "addr", at.String(), "took", time.Since(began).Round(time.Millisecond).String())
		fmt.Fprintf(a.err, "\n  Cadre is at %s\n", s.URL(at.String()))
		a.greet(ctx, srv, s.URL(at.String()).String())
	})
}

// greet tells who comes first how to get in.
func (a *app) greet(ctx context.Context, srv *server.App, base string) {
	link, err := srv.FirstLink(ctx)
	if err != nil {
		a.complain("the link for the first administrator cannot be made: %s", err)
		return
	}
	if link != "" {
		fmt.Fprintf(a.err, "  Nobody has an account yet. Whoever opens this link within a day becomes the administrator:\n  %s%s\n", base, link)
	}
	fmt.Fprintln(a.err)
}

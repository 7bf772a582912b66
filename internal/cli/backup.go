package cli

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/backup"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/settings"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/dump"
)

func (a *app) backupCommand() *cobra.Command {
	var f serverFlags
	var check bool
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy everything that the server holds into one file",
		Long: "Copy database and files into FILE, also while the server runs. The copy is put back in a place of\n" +
			"its own, found whole, and its journal verified, before it gets its name. The master key is not in\n" +
			"it: keep that elsewhere. With --check, verify a copy that was made before.",
		Example: "cadre backup --data /var/lib/cadre /backup/cadre-$(date +%F).tar.gz\n" +
			"cadre backup --check /backup/cadre-2026-11-30.tar.gz",
		Args: exactly(1, "the name of one file"),
	}
	f.flags(c)
	c.Flags().BoolVar(&check, "check", false, "verify the copy FILE, which there is")
	c.RunE = func(c *cobra.Command, args []string) error {
		o := a.serverOptions(nil)
		if check {
			m, err := backup.Check(c.Context(), args[0], *f.values["database"], o.Log)
			if err != nil {
				return err
			}
			a.tell(m, "is whole")
			return nil
		}
		s, err := a.settings(c, &f)
		if err != nil {
			return err
		}
		m, err := backup.Write(c.Context(), backup.Server{
			Data: s.Data, Database: s.DatabasePlace(), Program: o.Version, Clock: time.Now, Log: o.Log,
		}, args[0])
		if err != nil {
			return err
		}
		a.tell(m, "was written, put back and verified")
		return nil
	}
	return c
}

// tell says what a copy holds.
func (a *app) tell(m *backup.Manifest, what string) {
	var size int64
	for _, f := range m.Files {
		size += f.Size
	}
	a.note("the copy of %s %s: %s, %.1f MB", m.Made.Format(time.RFC3339), what, counted(len(m.Files), "file"), float64(size)/1e6)
}

func (a *app) restoreCommand() *cobra.Command {
	var f serverFlags
	var tombstones string
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put back a copy that cadre backup made",
		Long: "Put back a copy where there is nothing yet: into a data folder that does not exist or is empty, and\n" +
			"a database that is empty. Everything is verified before anything is in its place. A copy of\n" +
			"PostgreSQL needs --database.\n\n" +
			"Give the list of erased people (" + erasure.TombstonesFile + " in the data folder that the copy replaces): whoever\n" +
			"was erased since the copy was made is erased again.",
		Example: "cadre restore --data /var/lib/cadre /backup/cadre-2026-11-30.tar.gz",
		Args:    exactly(1, "the name of one file"),
	}
	f.flags(c)
	c.Flags().StringVar(&tombstones, "tombstones", "", "erase again who is in the list FILE of erased people")
	c.RunE = func(c *cobra.Command, args []string) error {
		s, err := a.settings(c, &f)
		if err != nil {
			return err
		}
		t := backup.Target{Data: s.Data, Tombstones: tombstones, Log: a.serverOptions(nil).Log}
		if dump.EngineOf(string(s.Database)) == store.PostgreSQL {
			t.Database = string(s.Database)
		} else if s.Database != "" {
			return fault.New(fault.Invalid, "a SQLite database is put back into the data folder: leave out --database; %s can name another place later", settings.Name)
		}
		m, err := backup.Restore(c.Context(), args[0], t)
		if err != nil {
			return err
		}
		a.tell(m, "was put back")
		a.note("put the master key into its place before the server starts")
		return nil
	}
	return c
}

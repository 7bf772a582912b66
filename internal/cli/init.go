package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/config"
	"github.com/cadre-hq/cadre/internal/fault"
)

func (a *app) initCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "init [FOLDER]",
		Short: "Write a " + config.Name + " that explains every key",
		Long: "Write a " + config.Name + " that says what the defaults say and explains every key.\n" +
			"It goes into the current folder or the one that is given; a file that is there stays.",
	}
	c.Args = atMostOne("folder")
	c.RunE = func(_ *cobra.Command, args []string) error {
		path := config.Name
		if len(args) > 0 {
			path = filepath.Join(args[0], config.Name)
		}
		if err := writeNew(path, config.Example()); err != nil {
			return err
		}
		a.note("%s is written; `cadre config` shows what counts, and `cadre check` uses it", filepath.ToSlash(path))
		return nil
	}
	return c
}

// writeNew writes a file that must not exist yet.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fault.New(fault.Conflict, "%s is there already and stays as it is: change it, or remove it first", filepath.ToSlash(path))
	}
	if err != nil {
		return fault.New(fault.Invalid, "cannot write the configuration: %w", err)
	}
	if _, err := f.WriteString(text); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

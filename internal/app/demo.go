package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/cadre-hq/cadre/internal/fault"
)

// demoName is the file that marks a data folder as that of a demonstration.
// In one everybody may be anybody, so no real data must ever be in it.
const demoName = "DEMONSTRATION"

const demoText = "This folder holds the data of a demonstration: whoever reaches the server may\n" +
	"sign in as anybody. `cadre serve --demo` made it. Do not put real data here.\n"

// claimForDemo marks an empty folder; a Conflict if something else is in it.
func claimForDemo(folder string) error {
	mark := filepath.Join(folder, demoName)
	if _, err := os.Stat(mark); err == nil {
		return nil
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fault.New(fault.Invalid, "the data folder cannot be read: %w", err)
	}
	if len(entries) > 0 {
		return fault.New(fault.Conflict, "%s holds data that no demonstration made: name an empty folder, or none", folder)
	}
	return os.WriteFile(mark, []byte(demoText), 0o600)
}

// refuseDemo keeps the data of a demonstration from being served as real.
func refuseDemo(folder string) error {
	switch _, err := os.Stat(filepath.Join(folder, demoName)); {
	case err == nil:
		return fault.New(fault.Conflict, "%s holds the data of a demonstration: serve it with --demo, or name another folder", folder)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	default:
		return fault.New(fault.Invalid, "the data folder cannot be used: %w", err)
	}
}

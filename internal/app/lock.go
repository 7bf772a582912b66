package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
)

// lockName is the file in the data folder that the server holds while it runs.
const lockName = "lock"

// lock keeps a second server from a data folder, until it is unlocked or the
// process ends in any way. The error is a Conflict if another one holds it.
func lock(folder string) (unlock func(), err error) {
	path := filepath.Join(folder, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the data folder cannot be used: %w", err)
	}
	if err := tryLock(f); err != nil {
		who, _ := os.ReadFile(path)
		_ = f.Close()
		if !errors.Is(err, errHeld) {
			return nil, fmt.Errorf("lock the data folder: %w", err)
		}
		process := ""
		if pid := strings.TrimSpace(string(who)); pid != "" {
			process = ", process " + pid
		}
		return nil, fault.New(fault.Conflict, "another server%s uses the data folder %s: stop it first, or share one PostgreSQL database", process, folder)
	}
	// Who looks finds the process; it is only a help, so errors do not matter.
	if f.Truncate(0) == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	return func() { _ = f.Close() }, nil
}

// errHeld says that another process holds the lock.
var errHeld = errors.New("another process holds the lock")

// keepToOwner makes an empty database file that nobody else can read, if there
// is none; what the database puts beside it goes by its rights.
func keepToOwner(path string) error {
	f, err := os.OpenFile(strings.TrimPrefix(path, "file://"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fault.New(fault.Invalid, "the database cannot be used: %w", err)
	}
	return f.Close()
}

// openFolder makes the data folder if there is none. What is in it is for the
// account of the server alone.
func openFolder(folder string) error {
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fault.New(fault.Invalid, "the data folder cannot be made: %w", err)
		}
	case err != nil:
		return fault.New(fault.Invalid, "the data folder cannot be used: %w", err)
	case !info.IsDir():
		return fault.New(fault.Invalid, "%s is no folder: name the folder of the data", folder)
	}
	return nil
}

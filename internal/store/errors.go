package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/cadre-hq/cadre/internal/fault"
)

// IsTaken reports whether a statement failed because a row with the same key
// exists.
func IsTaken(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23505"
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// IsOrphan reports whether a statement failed because a row that it refers to
// does not exist, or is still referred to.
func IsOrphan(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23503" || e.Code == "23001"
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
	}
	return false
}

// sorted gives an error of the database that nobody sorted its kind; errors that
// have one, and those that are not of the database, stay as they are.
func sorted(err error) error {
	if err == nil || fault.KindOf(err) != fault.Internal {
		return err
	}
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fault.New(fault.NotFound, "%w", err)
	case IsTaken(err):
		return fault.New(fault.Conflict, "another one exists already: %w", err)
	case IsOrphan(err):
		return fault.New(fault.Conflict, "it belongs to something that is not there, or is still in use: %w", err)
	case isFull(err):
		return fault.New(fault.Busy, "there is no room left for data; nothing was changed: %w", err)
	case isBusy(err), isGone(err):
		return fault.New(fault.Busy, "the database is not available: %w", err)
	}
	return err
}

// isFull reports whether the disk, or the quota, is full.
func isFull(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "53100"
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == sqlite3.SQLITE_FULL
}

// isBusy reports whether the database asks to come back later: it has too much
// to do (53…), somebody holds a lock for too long (55P03), or others were met.
func isBusy(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(e.Code, "53") || e.Code == "55P03" || isRepeatable(err)
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

// isRepeatable reports whether PostgreSQL undid a transaction because it met
// another one (40001, 40P01).
func isRepeatable(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01")
}

// goneCodes are what PostgreSQL says when this server is not, or no longer,
// the one to write to: it shuts down, starts, or is a standby.
var goneCodes = []string{"57P01", "57P02", "57P03", "25006", "08000", "08003", "08006"}

// isGone reports whether the server cannot be reached, or went away.
func isGone(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return slices.Contains(goneCodes, e.Code)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	_, network := errors.AsType[net.Error](err)
	return connecting || network || errors.Is(err, driver.ErrBadConn)
}

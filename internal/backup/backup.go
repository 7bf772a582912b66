// Package backup keeps copies of everything that a server holds, and puts them
// back.
//
// A copy is one file: a compressed tar archive of the database as it was at one
// moment, and of the files of the data folder that it speaks of, behind a
// manifest with the SHA-256 of each. It is made while the server writes. It
// counts only once it was put back in a place of its own, found whole, and its
// journal verified: until then it has another name.
//
// The master key is never in a copy, so that who has the copy does not have the
// secrets; keep it elsewhere. Who puts back an older copy has the erasures that
// came later applied again, if the folder that has them is still there.
package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/settings"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/dump"
)

// format names the form of an archive. A program reads those that it knows.
const format = "cadre-backup/1"

// manifestName is the first file of an archive.
const manifestName = "manifest.json"

// The folders of an archive.
const (
	databaseFolder = "database"
	dataFolder     = "data"
)

// A Manifest says what an archive holds.
type Manifest struct {
	Format  string       `json:"format"`
	Program string       `json:"program"` // version of the program that made it
	Made    time.Time    `json:"made"`
	Engine  store.Engine `json:"engine"`
	Schema  int64        `json:"schema"` // version of the database's tables
	Files   []File       `json:"files"`
	// Seal is that of the journal, so that the journal of a copy can be held
	// against it.
	Seal audit.Seal `json:"seal"`
}

// A File is one file of an archive.
type File struct {
	Name   string `json:"name"` // with forward slashes
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"` // hexadecimal
}

// A Server is what there is to copy.
type Server struct {
	Data     string // the folder
	Database string // a postgres:// address, or the path of a SQLite file
	Program  string // version of the program
	Clock    func() time.Time
	Log      *slog.Logger
}

// kept are the files and folders of the data folder that belong to a copy,
// beside the database. They are read before the database: what it speaks of is
// written before it, so a file that is missing was erased meanwhile; and seals
// that are older than the journal hold for it.
var kept = []string{settings.Name, audit.SealsFile}

// keptLater are read after the database, which speaks of them.
var keptLater = []string{"files"}

// Write copies a server to a file that does not exist, and verifies the copy.
// It is a Conflict if there is such a file.
func Write(ctx context.Context, s Server, file string) (m *Manifest, err error) {
	if _, err := os.Lstat(file); err == nil {
		return nil, fault.New(fault.Conflict, "there is a file %s already", file)
	}
	work, err := os.MkdirTemp(filepath.Dir(file), "."+filepath.Base(file)+"-")
	if err != nil {
		return nil, fault.New(fault.Invalid, "the copy has no place: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	m, err = s.collect(ctx, work)
	if err != nil {
		return nil, err
	}
	draft := filepath.Join(work, "archive")
	if err := pack(m, work, s.Data, draft); err != nil {
		return nil, fmt.Errorf("write the copy: %w", err)
	}
	if err := os.RemoveAll(filepath.Join(work, databaseFolder)); err != nil {
		return nil, err
	}
	if err := s.verify(ctx, draft, filepath.Join(work, "check")); err != nil {
		return nil, fmt.Errorf("the copy does not hold, and was thrown away: %w", err)
	}
	// A link, unlike a renaming, replaces nothing.
	if err := os.Link(draft, file); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil, fault.New(fault.Conflict, "there is a file %s already", file)
		}
		if err := os.Rename(draft, file); err != nil {
			return nil, err
		}
	}
	return m, syncFolder(filepath.Dir(file))
}

// collect copies the database into the work folder, and lists everything.
func (s Server) collect(ctx context.Context, work string) (*Manifest, error) {
	m := &Manifest{Format: format, Program: s.Program, Made: s.Clock().UTC(), Engine: dump.EngineOf(s.Database)}
	if err := m.list(s.Data, dataFolder, kept); err != nil {
		return nil, err
	}
	// The small files are copied, for the server goes on writing them.
	if err := copyFiles(s.Data, filepath.Join(work, dataFolder), m.Files); err != nil {
		return nil, err
	}
	m.Files = nil
	if err := m.list(filepath.Join(work, dataFolder), dataFolder, kept); err != nil {
		return nil, err
	}
	if err := os.Mkdir(filepath.Join(work, databaseFolder), 0o700); err != nil {
		return nil, err
	}
	if err := s.schema(ctx, m); err != nil {
		return nil, err
	}
	if err := dump.Write(ctx, s.Database, filepath.Join(work, databaseFolder)); err != nil {
		return nil, err
	}
	if err := m.list(filepath.Join(work, databaseFolder), databaseFolder, []string{"."}); err != nil {
		return nil, err
	}
	return m, m.list(s.Data, dataFolder, keptLater)
}

// schema notes the version of the tables, and a seal over what is in the
// journal before the database is copied.
func (s Server) schema(ctx context.Context, m *Manifest) (err error) {
	db, err := store.Open(ctx, s.Database, store.Options{Log: s.Log, ReadOnly: true, Connections: 2})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if m.Schema, err = db.SchemaVersion(ctx); err != nil {
		return err
	}
	return db.View(ctx, func(tx store.Tx) error {
		m.Seal, err = audit.MakeSeal(ctx, tx, m.Made, time.Time{})
		return err
	})
}

// list adds the files below some names of a folder, under a name of the
// archive. A name that is not there has none.
func (m *Manifest) list(folder, as string, names []string) error {
	for _, name := range names {
		err := filepath.WalkDir(filepath.Join(folder, name), func(at string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // it is not there, or was erased meanwhile
			}
			if err != nil || !e.Type().IsRegular() {
				return err
			}
			rel, err := filepath.Rel(folder, at)
			if err != nil {
				return err
			}
			f, err := measure(at)
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			f.Name = path.Join(as, filepath.ToSlash(rel))
			m.Files = append(m.Files, f)
			return err
		})
		if err != nil {
			return fmt.Errorf("read the data folder: %w", err)
		}
	}
	slices.SortFunc(m.Files, func(a, b File) int { return cmpName(a, b) })
	return nil
}

func encode(m *Manifest) ([]byte, error) {
	text, err := json.MarshalIndent(m, "", " ")
	return append(text, '\n'), err
}

// Package files keeps files that people upload, for the rooms whose things they
// belong to. Rooms decide who may do what with a file; this package sees to
// what is in it.
//
// A file is received first: its content is limited in size while it streams,
// looked into to tell what it really is (see Type), and stored under a random
// id. Then it is attached to a thing in a transaction. Content that was never
// attached is swept up by a job. The name that its sender gave is shown and
// used for downloads, and is never a path.
//
// With a Scanner a file is quarantined until the scanner has found nothing in
// it; one in which something was found is refused for good, and its content
// removed. Serve hands a file out such that a browser neither guesses what it
// is nor runs it.
//
// To remove a file removes its row, and its content right after the commit, by
// a job that does not give up soon. Erase does so for all files of a thing.
package files

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/files/internal/db"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/store"
)

// An ID names a file.
type ID string

// An Owner is the thing that a file belongs to, such as an application.
type Owner struct{ Kind, ID string }

// A State says whether a file may be handed out.
type State string

// The states.
const (
	Uploaded State = "uploaded" // nobody has scanned it
	Scanned  State = "scanned"  // the scanner found nothing
	Refused  State = "refused"  // it found something; the content is gone
)

// A File is what is known of a file.
type File struct {
	ID       ID
	Owner    Owner
	Name     string // with an ending that fits the type
	Declared string // media type that the sender named; nothing relies on it
	Type     Type   // by the content
	Size     int64
	SHA256   string // of the content, hexadecimal
	State    State
	By       string // principal who added it
	At       time.Time
}

// Limits say what is taken for one use.
type Limits struct {
	Size  int64 // bytes at most
	Types []Type
}

// An Incoming is a file on its way in.
type Incoming struct {
	Name    string
	Type    string // media type as declared
	Content io.Reader
}

// Options steer a Service.
type Options struct {
	Clock func() time.Time // required
	Log   *slog.Logger     // nil means slog.Default
	// Scanner, if set, must find nothing in a file before it is handed out.
	Scanner Scanner
}

// A Service keeps files. Its methods may be called by many goroutines.
type Service struct {
	db      *store.DB
	blobs   Blobs
	queue   *jobs.Queue
	journal *audit.Journal
	options Options
}

// New returns the service over a database and a place for contents, and
// registers its kinds of jobs.
func New(d *store.DB, b Blobs, q *jobs.Queue, j *audit.Journal, o Options) *Service {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	s := &Service{db: d, blobs: b, queue: q, journal: j, options: o}
	s.registerJobs()
	return s
}

// An Upload is a file that was received, and is not attached to a thing yet.
type Upload struct{ file File }

// File returns what is known of the upload; its owner is not.
func (u Upload) File() File { return u.file }

// Receive stores a content. It is Invalid if it is too large, empty, or of a
// type that is not taken. If it is not attached within a day it is removed;
// call Discard to have it removed at once.
func (s *Service) Receive(ctx context.Context, in Incoming, l Limits) (Upload, error) {
	f := File{ID: ID(uuid.Must(uuid.NewV7()).String()), Declared: declared(in.Type), State: Uploaded, At: s.options.Clock()}
	content := &incoming{from: in.Content, left: l.Size, hash: sha256.New()}
	if err := s.blobs.Save(ctx, string(f.ID), content); err != nil {
		if errors.Is(err, errTooLarge) {
			return Upload{}, fault.New(fault.Invalid, "the file is larger than %s: choose a smaller one", sizeWords(l.Size))
		}
		return Upload{}, fmt.Errorf("store a file: %w", err)
	}
	f.Size, f.SHA256 = content.size, hex.EncodeToString(content.hash.Sum(nil))
	t, err := s.look(ctx, f, content, in.Name, l)
	if err != nil {
		s.discard(ctx, f.ID)
		return Upload{}, err
	}
	f.Type, f.Name = t, cleanName(in.Name, t)
	return Upload{f}, nil
}

// look returns the type of a content, if it is taken.
func (s *Service) look(ctx context.Context, f File, in *incoming, name string, l Limits) (Type, error) {
	if f.Size == 0 {
		return "", fault.New(fault.Invalid, "the file is empty: choose another")
	}
	c, err := s.blobs.Open(ctx, string(f.ID))
	if err != nil {
		return "", fmt.Errorf("read a file: %w", err)
	}
	defer func() { _ = c.Close() }()
	t := sniff(in.head, c, f.Size, in.text.isText(), name)
	for _, taken := range l.Types {
		if t == taken {
			return t, nil
		}
	}
	return "", fault.New(fault.Invalid, "this is %s, which is not taken here: choose %s", t.Words(), wordsOfTypes(l.Types))
}

// Attach makes an upload a file of a thing.
func (s *Service) Attach(ctx context.Context, tx store.Tx, by audit.Actor, owner Owner, u Upload) (File, error) {
	f := u.file
	f.Owner, f.By = owner, by.PrincipalID()
	err := db.New(tx).AddFile(ctx, db.AddFileParams{
		ID: string(f.ID), OwnerKind: owner.Kind, OwnerID: owner.ID, Name: f.Name, Declared: f.Declared, Type: string(f.Type),
		Size: f.Size, Sha256: f.SHA256, AddedBy: f.By, At: store.At(f.At),
	})
	if err != nil {
		return File{}, fmt.Errorf("attach a file: %w", err)
	}
	if s.options.Scanner != nil {
		if err := s.queue.Insert(ctx, tx, scanJob{f.ID}); err != nil {
			return File{}, err
		}
	}
	return f, s.journal.Record(ctx, tx, by, "files.file.add", "file", string(f.ID),
		audit.F("owner_kind", owner.Kind), audit.F("owner", owner.ID), audit.F("size", f.Size), audit.F("type", string(f.Type)))
}

// Put receives a file and attaches it to a thing. The caller has made sure that
// by may do so.
func (s *Service) Put(ctx context.Context, by audit.Actor, owner Owner, in Incoming, l Limits) (f File, err error) {
	u, err := s.Receive(ctx, in, l)
	if err != nil {
		return File{}, err
	}
	err = s.db.Update(ctx, func(tx store.Tx) error {
		f, err = s.Attach(ctx, tx, by, owner, u)
		return err
	})
	// A commit of which it is not known whether it took place may have kept
	// the row: then the sweep decides.
	if err != nil && fault.KindOf(err) != fault.Internal && fault.KindOf(err) != fault.Busy {
		s.discard(ctx, u.file.ID)
	}
	return f, err
}

// Discard removes an upload that will not be attached.
func (s *Service) Discard(ctx context.Context, u Upload) { s.discard(ctx, u.file.ID) }

// discard removes a content if it can; else the sweep does.
func (s *Service) discard(ctx context.Context, id ID) {
	if err := s.blobs.Remove(context.WithoutCancel(ctx), string(id)); err != nil {
		s.options.Log.WarnContext(ctx, "a file that was not kept is swept up later", "file", id, "error", err)
	}
}

// Find returns a file; NotFound if there is none.
func (s *Service) Find(ctx context.Context, tx store.Tx, id ID) (File, error) {
	row, err := db.New(tx).File(ctx, string(id))
	if errors.Is(err, sql.ErrNoRows) {
		return File{}, fault.New(fault.NotFound, "there is no such file")
	}
	if err != nil {
		return File{}, fmt.Errorf("find a file: %w", err)
	}
	return fileOf(row), nil
}

// Of returns the files of a thing, the oldest first.
func (s *Service) Of(ctx context.Context, tx store.Tx, o Owner) ([]File, error) {
	rows, err := db.New(tx).FilesOf(ctx, db.FilesOfParams{OwnerKind: o.Kind, OwnerID: o.ID})
	if err != nil {
		return nil, fmt.Errorf("find the files of %s %s: %w", o.Kind, o.ID, err)
	}
	list := make([]File, len(rows))
	for i, r := range rows {
		list[i] = fileOf(r)
	}
	return list, nil
}

func fileOf(r db.FilesFile) File {
	return File{
		ID: ID(r.ID), Owner: Owner{r.OwnerKind, r.OwnerID}, Name: r.Name, Declared: r.Declared, Type: Type(r.Type),
		Size: r.Size, SHA256: r.Sha256, State: State(r.State), By: r.AddedBy, At: r.At.Time,
	}
}

// Available reports whether a file may be handed out: nil, or a Conflict that
// says why it may not.
func (s *Service) Available(f File) error {
	switch {
	case f.State == Refused:
		return fault.New(fault.Conflict, "the virus scanner refused this file; its content was removed")
	case f.State == Uploaded && s.options.Scanner != nil:
		return fault.New(fault.Conflict, "this file is still being scanned: try again in a minute")
	}
	return nil
}

// Open returns the content of a file that is available.
func (s *Service) Open(ctx context.Context, f File) (Content, error) {
	if err := s.Available(f); err != nil {
		return nil, err
	}
	c, err := s.blobs.Open(ctx, string(f.ID))
	if err != nil {
		return nil, fmt.Errorf("open the file %s: %w", f.ID, err)
	}
	return c, nil
}

// Remove removes a file; NotFound if there is none.
func (s *Service) Remove(ctx context.Context, tx store.Tx, by audit.Actor, id ID) error {
	n, err := db.New(tx).RemoveFile(ctx, string(id))
	if err != nil {
		return fmt.Errorf("remove a file: %w", err)
	}
	if n == 0 {
		return fault.New(fault.NotFound, "there is no such file")
	}
	if err := s.queue.Insert(ctx, tx, removeJob{id}); err != nil {
		return err
	}
	return s.journal.Record(ctx, tx, by, "files.file.remove", "file", string(id))
}

// Erase removes all files of a thing, and reports how many there were. What
// erases a person calls it for each thing that is that person's.
func (s *Service) Erase(ctx context.Context, tx store.Tx, by audit.Actor, o Owner) (n int, err error) {
	list, err := s.Of(ctx, tx, o)
	for _, f := range list {
		if err := s.Remove(ctx, tx, by, f.ID); err != nil {
			return 0, err
		}
	}
	return len(list), err
}

// maxName is the longest name in bytes.
const maxName = 200

// cleanName returns a name to show and to offer for a download: without folders
// and signs that are not printed, and with an ending that fits the type, so
// that nobody's system takes the file for something else.
func cleanName(name string, t Type) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`/\:*?"<>|`, r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(name, ". ")
	ending := strings.ToLower(path.Ext(name))
	stem := strings.Trim(name[:len(name)-len(ending)], ". ")
	if !t.has(ending) {
		stem, ending = name, t.ending()
	}
	for len(stem) > maxName-len(ending) {
		stem = strings.ToValidUTF8(stem[:len(stem)-1], "")
	}
	if stem == "" {
		stem = "file"
	}
	return stem + ending
}

// declared returns a media type as it is kept.
func declared(t string) string {
	if len(t) > 100 || strings.ContainsFunc(t, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return t
}

// sizeWords returns a size as people write it.
func sizeWords(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

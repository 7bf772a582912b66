package mail

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// A Folder keeps letters as files, for an installation without a mail server.
// Whoever looks after the machine reads them there; the log says that there is
// one, and not what it says.
type Folder struct {
	path  string
	from  Sender
	log   *slog.Logger
	clock func() time.Time
}

// NewFolder returns a carrier into a folder, which is made when the first
// letter comes.
func NewFolder(path string, from Sender, log *slog.Logger, clock func() time.Time) *Folder {
	return &Folder{path, from, log, clock}
}

// Carry implements Carrier. Only the owner of the folder can read it: letters
// hold addresses and links that let in.
func (f *Folder) Carry(ctx context.Context, m Message) error {
	now := f.clock().UTC()
	msg, err := f.from.render(m, now)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return fmt.Errorf("keep letter: %w", err)
	}
	file, err := os.CreateTemp(f.path, now.Format("20060102-150405")+"-*.eml") // mode 0600
	if err != nil {
		return fmt.Errorf("keep letter: %w", err)
	}
	_, err = msg.WriteTo(file)
	if e := file.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("keep letter: %w", err)
	}
	f.log.InfoContext(ctx, "there is no mail server: a letter is in the outbox", "file", filepath.Join(f.path, filepath.Base(file.Name())))
	return nil
}

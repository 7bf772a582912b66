package revision

import (
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/cadre-hq/cadre/internal/fault"
)

// When returns the time at which the commit was made.
func (c Commit) When() time.Time { return time.Unix(c.when, 0).UTC() }

// File reads one file of a commit, whatever it holds. The path counts from the
// top of the repository. It fails with NotFound if there is no such file, a link
// being none, and with Invalid if it has more bytes than most.
func (r *Repository) File(c Commit, at string, most int64) ([]byte, error) {
	w := &walker{Repository: r, commit: c}
	e, err := w.lookup(clean(at))
	if err != nil {
		return nil, err
	}
	if !e.mode.IsFile() || e.mode.IsMalformed() {
		return nil, fault.New(fault.NotFound, "%s is no file in %s", at, c.Short())
	}
	if size := r.blobSize(e.hash); size > most {
		return nil, fault.New(fault.Invalid, "%s has %d bytes in %s, more than %d", at, size, c.Short(), most)
	}
	return r.object(plumbing.BlobObject, e.hash)
}

package revision

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"

	"github.com/cadre-hq/cadre/internal/fault"
)

// The objects of git are decoded here rather than by go-git's own types, which
// bring signature checking with them: that would lengthen the start of every
// command.

// A Commit is a revision of the whole repository.
type Commit struct {
	Hash    plumbing.Hash
	tree    plumbing.Hash
	parents []plumbing.Hash
	when    int64 // of committing, in seconds since 1970
}

// Short returns the first digits of the commit's hash, for people.
func (c Commit) Short() string { return c.Hash.String()[:10] }

// An entry is a name in a tree.
type entry struct {
	name string
	mode filemode.FileMode
	hash plumbing.Hash
}

// object returns the content of an object. It fails with NotFound if the clone
// does not hold it.
func (r *Repository) object(kind plumbing.ObjectType, h plumbing.Hash) ([]byte, error) {
	o, err := r.storage.EncodedObject(kind, h)
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		return nil, fault.New(fault.NotFound, "this clone does not hold the %s %s: fetch it with `git fetch --refetch`", kind, h)
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "cannot read the %s %s: %w", kind, h, err)
	}
	reader, err := o.Reader()
	if err != nil {
		return nil, fault.New(fault.Invalid, "cannot read the %s %s: %w", kind, h, err)
	}
	defer reader.Close()
	text, err := io.ReadAll(reader)
	if err != nil {
		return nil, fault.New(fault.Invalid, "cannot read the %s %s: %w", kind, h, err)
	}
	return text, nil
}

// commit returns the commit of that hash.
func (r *Repository) commit(h plumbing.Hash) (Commit, error) {
	text, err := r.object(plumbing.CommitObject, h)
	if err != nil {
		return Commit{}, err
	}
	c := Commit{Hash: h}
	for line := range strings.SplitSeq(string(text), "\n") {
		key, value, _ := strings.Cut(line, " ")
		switch key {
		case "":
			return c, nil // the message begins
		case "tree":
			c.tree = plumbing.NewHash(value)
		case "parent":
			if !r.shallow[h] {
				c.parents = append(c.parents, plumbing.NewHash(value))
			}
		case "committer":
			c.when = seconds(value)
		}
	}
	return c, nil
}

// seconds returns the time in "Name <mail> 1669000000 +0000".
func seconds(signature string) int64 {
	_, date, _ := strings.Cut(signature, "> ")
	digits, _, _ := strings.Cut(date, " ")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// peel returns the commit that an object is or, for an annotated tag, stands
// for.
func (r *Repository) peel(h plumbing.Hash) (Commit, error) {
	for {
		text, err := r.object(plumbing.TagObject, h)
		if err != nil {
			break // no tag
		}
		target, ok := strings.CutPrefix(string(text), "object ")
		if !ok || len(target) < hex.EncodedLen(len(h)) {
			break
		}
		h = plumbing.NewHash(target[:hex.EncodedLen(len(h))])
	}
	return r.commit(h)
}

// tree returns the entries of a tree.
func (r *Repository) tree(h plumbing.Hash) ([]entry, error) {
	text, err := r.object(plumbing.TreeObject, h)
	if err != nil {
		return nil, err
	}
	var entries []entry
	for len(text) > 0 {
		head, rest, ok := bytes.Cut(text, []byte{0})
		mode, name, ok2 := strings.Cut(string(head), " ")
		if !ok || !ok2 || len(rest) < len(plumbing.ZeroHash) {
			return nil, fault.New(fault.Invalid, "cannot read the tree %s: it is damaged", h)
		}
		m, err := filemode.New(mode)
		if err != nil {
			return nil, fault.New(fault.Invalid, "cannot read the tree %s: %w", h, err)
		}
		e := entry{name: name, mode: m}
		text = rest[copy(e.hash[:], rest):]
		entries = append(entries, e)
	}
	return entries, nil
}

// blobSize returns the size of a file in bytes; where the store cannot tell it
// (of a file that another repository keeps for this one), 0.
func (r *Repository) blobSize(h plumbing.Hash) int64 {
	n, err := r.storage.EncodedObjectSize(h)
	if err != nil {
		return 0
	}
	return n
}

package revision

import (
	"cmp"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/storer"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/nearest"
)

// Find returns the commit that a name stands for: a branch, a tag, a remote's
// branch, HEAD or @, a hash or the beginning of one, each with ~n or ^n behind
// it; and "A...B", the last commit that A and B share. It fails with NotFound
// and says what was perhaps meant.
func (r *Repository) Find(name string) (Commit, error) {
	if a, b, ok := strings.Cut(name, "..."); ok {
		return r.shared(cmp.Or(a, "HEAD"), cmp.Or(b, "HEAD"))
	}
	if strings.Contains(name, "@{") {
		return Commit{}, badName(name) // a place in a log that clones do not share
	}
	base, steps := name, ""
	if i := strings.IndexAny(name, "~^"); i >= 0 {
		base, steps = name[:i], name[i:]
	}
	c, err := r.named(base)
	if err != nil {
		return Commit{}, err
	}
	return r.walk(c, name, steps)
}

// shared returns the merge base of two names.
func (r *Repository) shared(a, b string) (Commit, error) {
	first, err := r.Find(a)
	if err != nil {
		return Commit{}, err
	}
	second, err := r.Find(b)
	if err != nil {
		return Commit{}, err
	}
	base, ok, err := r.mergeBase(first, second)
	switch {
	case err != nil:
		return Commit{}, err
	case !ok && len(r.shallow) > 0:
		return Commit{}, fault.New(fault.NotFound, "the commit that %s and %s share was not fetched, for this clone is shallow: run `git fetch --unshallow`", a, b)
	case !ok:
		return Commit{}, fault.New(fault.NotFound, "%s and %s have no commit in common", a, b)
	}
	return base, nil
}

// named returns the commit of a name without steps.
func (r *Repository) named(name string) (Commit, error) {
	if name == "@" {
		name = "HEAD"
	}
	for _, pattern := range []string{"%", "refs/%", "refs/tags/%", "refs/heads/%", "refs/remotes/%", "refs/remotes/%/HEAD"} {
		full := plumbing.ReferenceName(strings.Replace(pattern, "%", name, 1))
		if pattern == "%" && name != strings.ToUpper(name) && !strings.HasPrefix(name, "refs/") {
			continue // no file of git's own is a revision, but HEAD and its like are
		}
		if full.Validate() != nil {
			continue
		}
		if ref, err := storer.ResolveReference(r.storage, full); err == nil {
			return r.peel(ref.Hash())
		}
	}
	if name == fetchHead {
		if h, ok := r.fetched(); ok {
			return r.peel(h)
		}
	}
	if h, err := r.abbreviated(name); err != nil || !h.IsZero() {
		if err != nil {
			return Commit{}, err
		}
		return r.peel(h)
	}
	return Commit{}, r.unknown(name)
}

// fetchHead names what was fetched last, which a build that fetches a single
// branch has no other name for.
const fetchHead = "FETCH_HEAD"

// fetched returns the first object that the last fetch brought. Its file lists
// one on a line, with remarks behind it, and so is no reference like others.
func (r *Repository) fetched() (plumbing.Hash, bool) {
	f, err := r.storage.Filesystem().Open(fetchHead)
	if err != nil {
		return plumbing.ZeroHash, false
	}
	defer f.Close()
	digits := make([]byte, hex.EncodedLen(len(plumbing.ZeroHash)))
	if _, err := io.ReadFull(f, digits); err != nil {
		return plumbing.ZeroHash, false
	}
	h := plumbing.NewHash(string(digits))
	return h, !h.IsZero()
}

// abbreviated returns the object whose hash begins with the digits; none has
// the zero hash.
func (r *Repository) abbreviated(digits string) (plumbing.Hash, error) {
	digits = strings.ToLower(digits)
	prefix, err := hex.DecodeString(digits[:len(digits)/2*2])
	if err != nil || len(digits) < 4 || len(digits) > hex.EncodedLen(len(plumbing.ZeroHash)) {
		return plumbing.ZeroHash, nil
	}
	hashes, err := r.storage.HashesWithPrefix(prefix)
	if err != nil {
		return plumbing.ZeroHash, fault.New(fault.Invalid, "cannot look for the commit %s: %w", digits, err)
	}
	hashes = slices.DeleteFunc(hashes, func(h plumbing.Hash) bool {
		return !strings.HasPrefix(h.String(), digits) || !r.isRevision(h)
	})
	switch len(hashes) {
	case 0:
		return plumbing.ZeroHash, nil
	case 1:
		return hashes[0], nil
	}
	slices.SortFunc(hashes, func(a, b plumbing.Hash) int { return strings.Compare(a.String(), b.String()) })
	return plumbing.ZeroHash, fault.New(fault.NotFound, "the revision %q could be %s or %s: write more digits", digits, hashes[0], hashes[1])
}

// isRevision reports whether an object is a commit or a tag.
func (r *Repository) isRevision(h plumbing.Hash) bool {
	o, err := r.storage.EncodedObject(plumbing.AnyObject, h)
	return err == nil && (o.Type() == plumbing.CommitObject || o.Type() == plumbing.TagObject)
}

// walk follows steps such as "~2^2" from a commit; name is the whole of what
// was written.
func (r *Repository) walk(c Commit, name, steps string) (Commit, error) {
	for steps != "" {
		sign := steps[0]
		steps = steps[1:]
		digits := len(steps) - len(strings.TrimLeft(steps, "0123456789"))
		n := 1
		if digits > 0 {
			var err error
			if n, err = strconv.Atoi(steps[:digits]); err != nil {
				return Commit{}, badName(name)
			}
			steps = steps[digits:]
		}
		if steps != "" && steps[0] != '~' && steps[0] != '^' {
			return Commit{}, badName(name)
		}
		var err error
		if sign == '^' {
			c, err = r.parent(c, name, n)
		} else {
			for ; n > 0 && err == nil; n-- {
				c, err = r.parent(c, name, 1)
			}
		}
		if err != nil {
			return Commit{}, err
		}
	}
	return c, nil
}

func badName(name string) error {
	return fault.New(fault.NotFound, "cannot read the revision %q: write a branch, a tag or a commit, with ~n or ^n behind it", name)
}

// parent returns the n-th parent of a commit; the commit itself is number 0.
func (r *Repository) parent(c Commit, name string, n int) (Commit, error) {
	switch {
	case n == 0:
		return c, nil
	case n <= len(c.parents):
		return r.commit(c.parents[n-1])
	case r.shallow[c.Hash]:
		return Commit{}, fault.New(fault.NotFound, "the revision %s was not fetched: this clone is shallow and begins at %s: run `git fetch --unshallow`", name, c.Short())
	case len(c.parents) == 0:
		return Commit{}, fault.New(fault.NotFound, "there is no revision %s: history begins at %s", name, c.Short())
	}
	return Commit{}, fault.New(fault.NotFound, "there is no revision %s: %s is no merge of %d", name, c.Short(), n)
}

// unknown says that a name stands for nothing, and what was perhaps meant.
func (r *Repository) unknown(name string) error {
	if name == "HEAD" {
		return fault.New(fault.NotFound, "the git repository has no commit yet: make one, or compare two folders")
	}
	names := r.names()
	for _, n := range names {
		if strings.HasSuffix(n, "/"+name) {
			return fault.New(fault.NotFound, "unknown revision %q; did you mean %q?", name, n)
		}
	}
	hint := nearest.Hint(name, names)
	switch {
	case hint == "" && len(r.shallow) > 0:
		hint = ": fetch it first (`git fetch origin " + name + "`), for this clone is shallow"
	case hint == "" && len(names) > 0:
		hint = "; there are " + listed(names)
	}
	return fault.New(fault.NotFound, "unknown revision %q%s", name, hint)
}

// listed joins the first names for a message.
func listed(names []string) string {
	const most = 6
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// names lists branches, then tags, then remotes' branches, each sorted.
func (r *Repository) names() []string {
	refs, err := r.storage.IterReferences()
	if err != nil {
		return nil
	}
	var lists [3][]string
	_ = refs.ForEach(func(ref *plumbing.Reference) error {
		switch name := ref.Name(); {
		case name.IsBranch():
			lists[0] = append(lists[0], name.Short())
		case name.IsTag():
			lists[1] = append(lists[1], name.Short())
		case name.IsRemote():
			lists[2] = append(lists[2], name.Short())
		}
		return nil
	})
	for _, l := range lists {
		slices.Sort(l)
	}
	return slices.Concat(lists[:]...)
}

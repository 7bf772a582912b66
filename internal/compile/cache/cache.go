// Package cache keeps what the rules said about each page from one run to the
// next, so that a run looks only at the pages that changed.
//
// What is kept is a lint.Result: the findings of one page, its suppressions and
// the facts that other pages need. It is found again by everything that decides
// it: the bytes and the path of the page, the severities that hold for it, the
// settings and the build of the program. So a cached run prints byte for byte
// what a run without a cache prints.
//
// The results of one run stand together in one file of the user's cache folder,
// in an encoding of their own (see entry.go). The file is replaced as a whole,
// so that several runs may use it at the same time. A cache is a convenience:
// a file that is missing, foreign or damaged means that there is nothing to be
// found, and a folder that cannot be written that nothing is kept.
package cache

import (
	"cmp"
	"crypto/sha256"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/source"
)

// A Cache holds the results of the pages of one run. Find and Keep may be
// called from several goroutines.
type Cache struct {
	file     string // where it is kept
	severity lint.Severity
	digest   digest

	kept map[key]string // what the file held, by page; not changed

	mu      sync.Mutex
	missed  map[*source.File]key // pages that Find did not know
	used    []entry              // what this run found or kept
	changed bool                 // something was kept that the file does not hold
}

// A key identifies a page with everything that decides its result.
type key [sha256.Size]byte

// An entry is a page with its encoded result.
type entry struct {
	path string
	key  key
	data string
}

// Folder returns the folder of the user that caches belong into, or "" if
// there is none. The value of the environment variable XDG_CACHE_HOME counts on
// every system.
func Folder(xdgCacheHome string) string {
	base := xdgCacheHome
	if !filepath.IsAbs(base) {
		var err error
		if base, err = os.UserCacheDir(); err != nil {
			return ""
		}
	}
	return filepath.Join(base, "cadre")
}

// Open returns the cache for a run with these options over these paths, which
// may be relative to the working directory. Of a run with other paths it knows
// nothing. Without a folder it is empty and stays so.
func Open(folder string, o *compile.Options, paths []string) *Cache {
	c := &Cache{severity: o.Severity, digest: digestOf(o), missed: map[*source.File]key{}}
	if folder != "" {
		c.file = filepath.Join(folder, c.digest.fileName(paths))
		c.kept = read(c.file)
	}
	return c
}

// Find returns what is known of a page with this path and these bytes.
func (c *Cache) Find(f *source.File) (lint.Result, bool) {
	k := c.key(f)
	data, ok := c.kept[k]
	if !ok {
		c.mu.Lock()
		c.missed[f] = k
		c.mu.Unlock()
		return lint.Result{}, false
	}
	r, err := decode(data)
	if err != nil {
		return lint.Result{}, false
	}
	c.use(entry{f.Path, k, data}, false)
	return r, true
}

// Keep notes the result of a page for later runs.
func (c *Cache) Keep(f *source.File, r lint.Result) {
	if c.file == "" {
		return
	}
	c.mu.Lock()
	k, ok := c.missed[f]
	c.mu.Unlock()
	if !ok {
		k = c.key(f)
	}
	c.use(entry{f.Path, k, encode(&r)}, true)
}

func (c *Cache) use(e entry, isNew bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.used = append(c.used, e)
	c.changed = c.changed || isNew
}

// key returns the key of a page.
func (c *Cache) key(f *source.File) key {
	head := make([]byte, 0, 512)
	head = append(head, c.digest[:]...)
	head = append(head, f.Path...)
	head = append(head, 0)
	for _, r := range lint.Rules {
		s := r.Default()
		if c.severity != nil {
			s = c.severity(r, f.Path)
		}
		head = append(head, byte(s))
	}
	h := sha256.New()
	h.Write(head)
	h.Write(f.Text)
	return key(h.Sum(head[:0]))
}

// Save writes what this run found or kept, if that is not what the file holds
// already. A failure costs the next run time and nothing else, so nobody needs
// to hear of it.
func (c *Cache) Save() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.file == "" || !c.changed && len(c.used) == len(c.kept) {
		return
	}
	slices.SortFunc(c.used, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.path, b.path), slices.Compare(a.key[:], b.key[:]))
	})
	c.used = slices.CompactFunc(c.used, func(a, b entry) bool { return a.key == b.key })
	write(c.file, c.used)
	c.changed = false
}

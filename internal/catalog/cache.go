package catalog

import (
	"container/list"
	"sync"

	"github.com/cadre-hq/cadre/internal/press"
)

// mostModelBytes bounds the models that are kept decoded, counted by the length
// of their JSON. A large page has about 100 kB of it.
const mostModelBytes = 32 << 20

// A modelKey names a version.
type modelKey struct {
	family  FamilyID
	version int
}

// A modelCache keeps decoded models. They never change, so it never is wrong;
// what was not asked for longest goes first. Nobody may change a model that
// comes from it.
type modelCache struct {
	most int

	mu    sync.Mutex
	size  int
	order *list.List // of *cachedModel, the latest used in front
	byKey map[modelKey]*list.Element
}

type cachedModel struct {
	key  modelKey
	page *press.Page
	size int
}

func newModelCache(most int) *modelCache {
	return &modelCache{most: most, order: list.New(), byKey: map[modelKey]*list.Element{}}
}

// find returns a model, or nil.
func (c *modelCache) find(k modelKey) *press.Page {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[k]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*cachedModel).page
}

// keep takes a model of so many bytes.
func (c *modelCache) keep(k modelKey, p *press.Page, size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[k] != nil || size > c.most {
		return
	}
	c.byKey[k] = c.order.PushFront(&cachedModel{k, p, size})
	c.size += size
	for c.size > c.most {
		last := c.order.Remove(c.order.Back()).(*cachedModel)
		delete(c.byKey, last.key)
		c.size -= last.size
	}
}

// mostEditions is how many releases are kept in memory: the latest, and a few
// that somebody looks back at.
const mostEditions = 6

// A shelf keeps editions, which never change.
type shelf struct {
	mu       sync.Mutex
	editions []*Edition // the latest used first
}

func newShelf() *shelf { return &shelf{} }

// find returns the edition of a release, or nil.
func (s *shelf) find(n ReleaseNumber) *Edition {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, e := range s.editions {
		if e.Release.Number == n {
			copy(s.editions[1:i+1], s.editions[:i])
			s.editions[0] = e
			return e
		}
	}
	return nil
}

// keep takes an edition.
func (s *shelf) keep(e *Edition) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, have := range s.editions {
		if have.Release.Number == e.Release.Number {
			return
		}
	}
	s.editions = append([]*Edition{e}, s.editions...)
	s.editions = s.editions[:min(len(s.editions), mostEditions)]
}

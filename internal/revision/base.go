package revision

import (
	"container/heap"

	"github.com/go-git/go-git/v5/plumbing"
)

// mergeBase returns the newest commit that two commits share: history is
// walked from both, the newest commit first, until everything that is left is
// known to lie behind a shared one. It is false if they share none.
func (r *Repository) mergeBase(a, b Commit) (Commit, bool, error) {
	w := &baseWalk{seen: map[plumbing.Hash]mark{}}
	w.push(a, fromA)
	w.push(b, fromB)
	var shared []Commit
	for w.open > 0 {
		c := heap.Pop(&w.queue).(Commit)
		m := w.seen[c.Hash]
		w.seen[c.Hash] = m | popped
		if m&behind == 0 {
			w.open--
		}
		if m&(fromA|fromB) == fromA|fromB && m&behind == 0 {
			shared = append(shared, c)
			m |= behind
		}
		for _, h := range c.parents {
			p, err := r.commit(h)
			if err != nil {
				return Commit{}, false, err
			}
			w.push(p, m&(fromA|fromB|behind))
		}
	}
	for _, c := range shared {
		if w.seen[c.Hash]&behind == 0 { // else another shared commit led to it
			return c, true, nil
		}
	}
	return Commit{}, false, nil
}

// A mark says how the walk has come to a commit.
type mark uint8

const (
	fromA mark = 1 << iota
	fromB
	behind // a shared commit
	popped
)

// baseWalk is the state of the walk.
type baseWalk struct {
	queue commitQueue
	seen  map[plumbing.Hash]mark
	open  int // commits in the queue that are not behind a shared one
}

// push notes that a commit was reached, and queues it if that is news.
func (w *baseWalk) push(c Commit, m mark) {
	old, known := w.seen[c.Hash]
	if known && old|m == old {
		return
	}
	queued := known && old&popped == 0
	w.seen[c.Hash] = (old | m) &^ popped
	if queued {
		if old&behind == 0 && m&behind != 0 {
			w.open--
		}
		return
	}
	heap.Push(&w.queue, c)
	if (old|m)&behind == 0 {
		w.open++
	}
}

// A commitQueue is a heap of commits, the newest on top.
type commitQueue []Commit

func (q commitQueue) Len() int { return len(q) }
func (q commitQueue) Less(i, j int) bool {
	if q[i].when != q[j].when {
		return q[i].when > q[j].when
	}
	return q[i].Hash.String() < q[j].Hash.String()
}
func (q commitQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *commitQueue) Push(x any)   { *q = append(*q, x.(Commit)) }
func (q *commitQueue) Pop() any {
	last := len(*q) - 1
	c := (*q)[last]
	*q = (*q)[:last]
	return c
}

package syntax

// A slab hands out values from arrays that it allocates: a page has thousands
// of small ones, which live as long as each other.
type slab[T any] struct {
	free   []T
	arrays [][]T
	next   int // the first of the arrays of which nothing was handed out
}

// slabSize is the number of values that are allocated at once.
const slabSize = 64

// take returns n zero values that nobody else has.
func (s *slab[T]) take(n int) []T {
	for n > len(s.free) {
		if s.next == len(s.arrays) {
			s.arrays = append(s.arrays, make([]T, max(n, slabSize)))
		}
		s.free = s.arrays[s.next]
		s.next++
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}

// reset takes back all that was handed out.
func (s *slab[T]) reset() {
	for _, a := range s.arrays[:s.next] {
		clear(a)
	}
	s.free, s.next = nil, 0
}

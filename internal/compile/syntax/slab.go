package syntax

// A slab hands out values from arrays that it allocates: a page has thousands
// of small ones, which live as long as each other.
type slab[T any] struct{ free []T }

// slabSize is the number of values that are allocated at once.
const slabSize = 64

// reserve allocates n values at once, where their number is known.
func (s *slab[T]) reserve(n int) { s.free = make([]T, n) }

// take returns n values that nobody else has.
func (s *slab[T]) take(n int) []T {
	if n > len(s.free) {
		if n > slabSize/4 {
			return make([]T, n)
		}
		s.free = make([]T, slabSize)
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}

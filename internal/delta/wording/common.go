package wording

// A Pair is a place in the old list and the place in the new one that is the
// same.
type Pair struct{ Old, New int }

// Common returns a longest common subsequence of two lists of n and m things,
// in order: the pairs of places whose things are the same. It takes time and
// memory of n×m, which the caller bounds.
func Common(n, m int, same func(i, j int) bool) []Pair {
	t := make([][]int32, n+1) // t[i][j] is the length of one behind i and j
	cells := make([]int32, (n+1)*(m+1))
	for i := range t {
		t[i], cells = cells[:m+1], cells[m+1:]
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if same(i, j) {
				t[i][j] = t[i+1][j+1] + 1
			} else {
				t[i][j] = max(t[i+1][j], t[i][j+1])
			}
		}
	}
	var out []Pair
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case same(i, j):
			out = append(out, Pair{i, j})
			i++
			j++
		case t[i+1][j] >= t[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

package hierarchy

import "slices"

// A Tally counts how the nodes of a kind are served by one function.
type Tally struct {
	Function Function `json:"function"`
	Nodes    int      `json:"nodes"`
	Named    int      `json:"named"`  // nodes that name somebody, acting or not
	Filled   int      `json:"filled"` // nodes that name somebody who is not acting
	Acting   int      `json:"acting"` // nodes where whoever is named is acting
	Open     int      `json:"open"`   // nodes that say that it is open
}

// Tallies counts the counterparts of all nodes of a kind, in the order of the
// functions that are given.
func (t *Tree) Tallies(k Kind, w Words, functions []Function) []Tally {
	out := make([]Tally, len(functions))
	for i, f := range functions {
		out[i].Function = f
	}
	for _, n := range t.Of(k) {
		states := map[Function][]HolderState{}
		for _, h := range n.Holders(w) {
			states[h.Function] = append(states[h.Function], h.State)
		}
		for i := range out {
			c, s := &out[i], states[out[i].Function]
			c.Nodes++
			switch {
			case slices.Contains(s, Held) || slices.Contains(s, ByTeam):
				c.Named++
				c.Filled++
			case slices.Contains(s, Acting):
				c.Named++
				c.Acting++
			case slices.Contains(s, Open):
				c.Open++
			}
		}
	}
	return out
}

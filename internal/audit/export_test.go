package audit

import "time"

// NewNamed returns a journal whose chains have a given name, as a forger wants.
func NewNamed(clock func() time.Time, process string) *Journal {
	return &Journal{clock: clock, process: process, looked: true}
}

// Queries returns what is read often, by what it is for.
func Queries() map[string]string {
	actor := "ada"
	all := map[string]string{"the newest": newestEntries}
	for name, f := range map[string]Filter{
		"the list": {}, "the next page": {After: &Key{}}, "of a thing": {Kind: "k", ID: "i"}, "of an actor": {Actor: &actor}, "of a day": {From: time.Unix(1, 0), Until: time.Unix(2, 0)},
	} {
		all[name], _ = f.query()
	}
	return all
}

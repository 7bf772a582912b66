package audit

import "fmt"

// A suspect is an entry that does not fit the one before it. Either it is wrong,
// or what is before it.
type suspect struct {
	row
	before string // hash of the entry that is before it now
	orphan bool   // entries are missing before it; then it may be as it was
}

// maxSuspects bounds what is compared with each other: with more of them the
// order is not what matters.
const maxSuspects = 64

// suspect keeps an entry until its chain was read.
func (v *verifier) suspect(s suspect) {
	if len(v.suspects) == maxSuspects {
		v.judge()
	}
	v.suspects = append(v.suspects, s)
}

// judge decides about the suspects of a chain. Where entries were moved, the
// hash that one followed is that of another suspect, or of what is before it.
func (v *verifier) judge() {
	var hashes []string
	places := v.gaps
	for _, s := range v.suspects {
		hashes = append(hashes, s.before, s.Hash)
		places = append(places, s.Seq)
	}
	for _, s := range v.suspects {
		from, found := s.origin(hashes, places)
		switch {
		case found && from == s.Seq:
			v.ask(s.row)
		case found:
			v.say(Problem{Moved, s.Chain, s.Seq, s.Seq, fmt.Sprintf("it was written as entry %d", from)})
		case !s.orphan:
			v.say(Problem{Altered, s.Chain, s.Seq, s.Seq, "it does not have the hash of what it says"})
		}
	}
	v.suspects, v.gaps = v.suspects[:0], v.gaps[:0]
}

// origin returns the place at which an entry was written, if it is one of some
// places, behind one of some hashes.
func (s suspect) origin(hashes []string, places []int64) (int64, bool) {
	if !s.whole {
		return 0, false
	}
	for _, h := range hashes {
		if s.hash(h) == s.Hash {
			return s.Seq, true
		}
	}
	for _, at := range places {
		moved := s.Entry
		moved.Seq = at
		for _, h := range hashes {
			if moved.hash(h) == s.Hash {
				return at, true
			}
		}
	}
	return 0, false
}

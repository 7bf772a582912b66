package store

import "maps"

// kept are the values that a transaction of the database carries along. On
// SQLite several updates share one (see group): they see what those before
// them kept, unless that one was undone.
type kept struct {
	shared *map[any]any // of the members of a batch; nil if there is none
	own    map[any]any
}

// An Ending is a kept value that is told how its transaction ended, before any
// transaction begins that depends on it.
type Ending interface{ Ended(Outcome) }

// Keep keeps a value for the rest of the transaction as the database sees it,
// which on SQLite several updates share. If this update fails, the value from
// before it counts again. A value that is an Ending is told the outcome if it
// is the last under its key; if the update that kept a key first fails alone,
// its value is told Undone.
func (t Tx) Keep(key, value any) {
	if t.kept.own == nil {
		t.kept.own = map[any]any{}
	}
	t.kept.own[key] = value
}

// Kept returns the value that was kept last under a key, or nil.
func (t Tx) Kept(key any) any {
	if v, ok := t.kept.own[key]; ok {
		return v
	}
	if t.kept.shared != nil {
		return (*t.kept.shared)[key]
	}
	return nil
}

// share gives what one update kept to those behind it.
func (k *kept) share() {
	if *k.shared == nil {
		*k.shared = k.own
	} else {
		maps.Copy(*k.shared, k.own)
	}
}

// drop forgets what one update kept, which failed.
func (k *kept) drop() {
	for key, v := range k.own {
		if k.shared != nil {
			if _, before := (*k.shared)[key]; before {
				continue
			}
		}
		ended(v, Undone)
	}
}

// endAll tells values how their transaction ended.
func endAll(values map[any]any, o Outcome) {
	for _, v := range values {
		ended(v, o)
	}
}

func ended(v any, o Outcome) {
	if e, ok := v.(Ending); ok {
		e.Ended(o)
	}
}

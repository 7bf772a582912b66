package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"
)

// An Entry is one row of the journal.
type Entry struct {
	Chain   string
	Seq     int64 // its place in the chain, from 1
	At      time.Time
	Actor   string // id of the principal; "" is the program itself
	Action  string // room.noun.verb
	Kind    string // of the thing
	ID      string // of the thing
	Request string // id of the request or job; "" of a command
	Facts   string // a JSON object of ids, states and numbers; "{}" if there are none
	Hash    string // hexadecimal SHA-256

	witness head
}

// A Fact is something that is known of what was done: an id, a state, a number.
type Fact struct {
	name  string
	value any
}

// F returns a fact. Its value is a string without blanks (an id, a state, a
// short word of code), a boolean, a number or a time. Text that a person wrote
// has no place in the journal; Record refuses what looks like it.
func F(name string, value any) Fact { return Fact{name, value} }

// Bounds of what an entry holds, in bytes.
const (
	maxWord  = 100 // a name, a state, the id of a request
	maxID    = 200 // the id of a thing, which may be a path
	maxFacts = 20
)

// check reports what may not be in the journal.
func (e *Entry) check() error {
	for _, f := range []struct {
		what, value string
		most        int
		empty       bool
	}{
		{"action", e.Action, maxWord, false},
		{"kind of thing", e.Kind, maxWord, false},
		{"id of the thing", e.ID, maxID, true},
		{"actor", e.Actor, maxWord, true},
		{"request", e.Request, maxWord, true},
	} {
		if f.value == "" && !f.empty {
			return fmt.Errorf("an entry needs the %s", f.what)
		}
		if why := unfit(f.value, f.most); why != "" {
			return fmt.Errorf("the %s %s", f.what, why)
		}
	}
	return nil
}

// unfit says why a word cannot be in the journal, without telling it.
func unfit(word string, most int) string {
	switch {
	case len(word) > most:
		return fmt.Sprintf("has %d bytes, more than %d: the journal holds ids and states, not text", len(word), most)
	case strings.ContainsFunc(word, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\uFFFD' || r >= 0x80 && r <= 0xa0 }):
		return "has a blank or a control character: the journal holds ids and states, not text"
	case strings.ContainsRune(word, '@'):
		return "looks like an address: the journal holds ids, not who they are of"
	}
	return ""
}

// encode writes facts as JSON, in the given order.
func encode(facts []Fact) (string, error) {
	if len(facts) == 0 {
		return "{}", nil
	}
	if len(facts) > maxFacts {
		return "", fmt.Errorf("%d facts are too many for one entry", len(facts))
	}
	var b bytes.Buffer
	for i, f := range facts {
		b.WriteByte("{,"[min(i, 1)])
		for _, other := range facts[:i] {
			if other.name == f.name {
				return "", fmt.Errorf("the fact %s is given twice", f.name)
			}
		}
		if why := unfit(f.name, maxWord); f.name == "" || why != "" {
			return "", fmt.Errorf("the name of a fact %s", why)
		}
		text, err := f.encode()
		if err != nil {
			return "", fmt.Errorf("the fact %s %w", f.name, err)
		}
		name, _ := json.Marshal(f.name) // a string can be marshalled
		b.Write(name)
		b.WriteByte(':')
		b.Write(text)
	}
	b.WriteByte('}')
	return b.String(), nil
}

// encode writes the value of a fact as JSON.
func (f Fact) encode() ([]byte, error) {
	if t, ok := f.value.(time.Time); ok {
		return json.Marshal(t.UTC().Format(time.RFC3339Nano))
	}
	switch v := reflect.ValueOf(f.value); v.Kind() {
	case reflect.String:
		if why := unfit(v.String(), maxWord); why != "" {
			return nil, fmt.Errorf("%s", why)
		}
		return json.Marshal(v.String())
	case reflect.Bool:
		return json.Marshal(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return json.Marshal(v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return json.Marshal(v.Uint())
	case reflect.Float32, reflect.Float64:
		if n := v.Float(); !math.IsNaN(n) && !math.IsInf(n, 0) {
			return json.Marshal(n)
		}
	}
	return nil, fmt.Errorf("is a %T, which is no id, state, number, boolean or time", f.value)
}

// hash returns the hash of an entry that follows one with a given hash: SHA-256
// over all columns, each behind its length, so that no two entries are written
// alike.
func (e *Entry) hash(before string) string {
	var buffer [1024]byte
	b := append(buffer[:0], "cadre journal 1"...)
	for _, s := range [...]string{before, e.Chain, e.Actor, e.Action, e.Kind, e.ID, e.Request, e.Facts, e.witness.chain, e.witness.hash} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	for _, n := range [...]int64{e.Seq, e.At.UnixMicro(), e.witness.seq} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

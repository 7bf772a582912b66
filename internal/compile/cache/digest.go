package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/cadre-hq/cadre/internal/compile"
)

// A digest stands for everything but the page that decides its result: the
// build of the program and the options.
type digest [sha256.Size]byte

// digestOf returns the digest of the options. Functions are left out:
// severities are part of the key of each page, and the others decide nothing
// that is said about a page alone, as do the options that say what the run
// needs not make.
func digestOf(o *compile.Options) digest {
	options := *o
	options.Cache, options.FindingsOnly, options.WithoutFingerprints = nil, false, false
	return sha256.Sum256(describe([]byte(build()), reflect.ValueOf(options)))
}

// fileName returns the name of the file for a run over these paths, as they are
// seen from the working directory: results hold paths as they were written, so
// both matter.
func (d digest) fileName(paths []string) string {
	text := d[:]
	if dir, err := os.Getwd(); err == nil {
		text = describe(text, reflect.ValueOf(dir))
	}
	sum := sha256.Sum256(describe(text, reflect.ValueOf(paths)))
	return prefix + hex.EncodeToString(sum[:16])
}

// build identifies the program: by what the toolchain tells about it, and by
// the file that it is, which every build writes anew.
var build = sync.OnceValue(func() string {
	var id []byte
	if info, ok := debug.ReadBuildInfo(); ok {
		id = append(id, info.String()...)
	}
	if path, err := os.Executable(); err == nil {
		id = append(id, path...)
		if info, err := os.Stat(path); err == nil {
			id = binary.AppendVarint(id, info.Size())
			id = binary.AppendVarint(id, info.ModTime().UnixNano())
		}
	}
	return string(id)
})

// describe appends a value to a text, with all that it points to, so that
// different values give different texts. It knows no setting by name: one that
// is added later counts without being listed here.
func describe(text []byte, v reflect.Value) []byte {
	kind := v.Kind()
	text = append(text, byte(kind))
	switch kind {
	case reflect.Func, reflect.Invalid:
	case reflect.String:
		text = binary.AppendUvarint(text, uint64(v.Len()))
		text = append(text, v.String()...)
	case reflect.Bool:
		if v.Bool() {
			text = append(text, 1)
		} else {
			text = append(text, 0)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		text = binary.AppendVarint(text, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		text = binary.AppendUvarint(text, v.Uint())
	case reflect.Pointer, reflect.Interface:
		if r, ok := pattern(v); ok { // its text says all that it was compiled to
			return describe(text, reflect.ValueOf(r))
		}
		text = describe(text, v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			text = describe(text, v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		text = binary.AppendUvarint(text, uint64(v.Len()))
		for i := range v.Len() {
			text = describe(text, v.Index(i))
		}
	case reflect.Map:
		text = describeMap(text, v)
	default:
		panic(fmt.Sprintf("cache: options hold a %s", v.Type())) // the tests meet every field
	}
	return text
}

// describeMap appends a map in an order that its entries decide.
func describeMap(text []byte, v reflect.Value) []byte {
	entries := make([]string, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		entries = append(entries, string(describe(describe(nil, it.Key()), it.Value())))
	}
	slices.Sort(entries)
	text = binary.AppendUvarint(text, uint64(len(entries)))
	for _, e := range entries {
		text = append(text, e...)
	}
	return text
}

// pattern returns the text of a regular expression.
func pattern(v reflect.Value) (string, bool) {
	if !v.CanInterface() || v.IsNil() {
		return "", false
	}
	r, ok := v.Interface().(*regexp.Regexp)
	if !ok {
		return "", false
	}
	return r.String(), true
}

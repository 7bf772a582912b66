package cache

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/compile/lint"
)

// Whatever a result may hold is kept: a field that is added to one of its types
// and that the encoding does not know comes back empty, and this test fails.
func TestEveryFieldIsKept(t *testing.T) {
	var want lint.Result
	next := 0
	fill(reflect.ValueOf(&want).Elem(), &next)
	got, err := decode(encode(&want))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-before, +after):\n%s", d)
	}
}

// fill gives every field a value of its own.
func fill(v reflect.Value, next *int) {
	*next++
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), next)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), next)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), next)
		}
	case reflect.String:
		v.SetString("text " + string(rune('a'+*next%26)) + string(rune('0'+*next)))
	case reflect.Int:
		v.SetInt(int64(*next))
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic("a result holds a " + v.Type().String())
	}
}

// Numbers keep their sign: a place that is nowhere is before the page.
func TestNegativeNumbersAreKept(t *testing.T) {
	var r lint.Result
	r.Facts = &lint.Facts{}
	r.Facts.TitleAt.Span.Start, r.Facts.TitleAt.Span.End = 7, -3
	got, err := decode(encode(&r))
	if err != nil || got.Facts.TitleAt.Span != r.Facts.TitleAt.Span {
		t.Errorf("%v became %v (%v)", r.Facts.TitleAt.Span, got.Facts.TitleAt.Span, err)
	}
}

// Damaged data is refused, wherever it is cut and whatever byte changes; it
// never makes the program fail or take memory without end.
func FuzzDecode(f *testing.F) {
	var r lint.Result
	next := 0
	fill(reflect.ValueOf(&r).Elem(), &next)
	whole := []byte(encode(&r))
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	for i := 0; i < len(whole); i += 7 {
		broken := append([]byte(nil), whole...)
		broken[i] ^= 0xff
		f.Add(broken)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := decode(string(data))
		if err == nil && got.Facts == nil {
			t.Error("a result without facts")
		}
	})
}

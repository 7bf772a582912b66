package form

import (
	"encoding"
	"errors"
	"fmt"
	"mime/multipart"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// A decoder fills a struct from a form and notes what is wrong in it.
type decoder struct {
	form  *Form
	files map[string][]*multipart.FileHeader
}

// tag is what a field of the struct says about its field of the form.
type tag struct {
	name     string
	required bool
	raw      bool // blanks around it count, as in passwords
}

func tagOf(f reflect.StructField) (tag, bool) {
	text, ok := f.Tag.Lookup("form")
	if !ok {
		return tag{}, false
	}
	parts := strings.Split(text, ",")
	t := tag{name: parts[0]}
	for _, p := range parts[1:] {
		switch p {
		case "required":
			t.required = true
		case "raw":
			t.raw = true
		default:
			panic(fmt.Sprintf("form tag of %s: there is no option %q", f.Name, p))
		}
	}
	return t, true
}

// fields calls do with each tagged field of a struct.
func fields(of reflect.Value, do func(tag, reflect.Value)) {
	for i := range of.NumField() {
		f := of.Type().Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			fields(of.Field(i), do)
			continue
		}
		if t, ok := tagOf(f); ok {
			do(t, of.Field(i))
		}
	}
}

func (d decoder) decode(into any) {
	fields(reflect.ValueOf(into).Elem(), func(t tag, v reflect.Value) {
		if file, ok := v.Addr().Interface().(**multipart.FileHeader); ok {
			if sent := d.files[t.name]; len(sent) > 0 && sent[0].Size > 0 {
				*file = sent[0]
			} else if t.required {
				d.form.Wrong(t.name, "choose a file")
			}
			return
		}
		if v.Kind() == reflect.Slice {
			d.list(t, v)
			return
		}
		text := d.form.Values.Get(t.name)
		if !t.raw {
			text = strings.TrimSpace(text)
		}
		if text == "" {
			if t.required {
				d.form.Wrong(t.name, "%s", missing(v))
			}
			return
		}
		if err := set(v, text); err != nil {
			d.form.Wrong(t.name, "%s", err)
		}
	})
}

func (d decoder) list(t tag, v reflect.Value) {
	for _, text := range d.form.Values[t.name] {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		one := reflect.New(v.Type().Elem()).Elem()
		if err := set(one, text); err != nil {
			d.form.Wrong(t.name, "%s", err)
			continue
		}
		v.Set(reflect.Append(v, one))
	}
	if t.required && v.Len() == 0 {
		d.form.Wrong(t.name, "choose at least one")
	}
}

// missing says what to do about a field that has to be filled in.
func missing(v reflect.Value) string {
	switch v.Interface().(type) {
	case time.Time:
		return "enter a date"
	case bool:
		return "this has to be ticked"
	}
	if v.CanInt() {
		return "enter a number"
	}
	return "fill this in"
}

// set reads a text into a value. The error says what to enter instead.
func set(v reflect.Value, text string) error {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if _, ok := v.Interface().(time.Time); ok {
		day, err := Day(text)
		v.Set(reflect.ValueOf(day))
		return err
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(text))
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(text == "on" || text == "true" || text == "yes")
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return errors.New("enter a whole number, such as 12")
		}
		v.SetInt(n)
	default:
		panic(fmt.Sprintf("a form cannot be read into a %s", v.Type()))
	}
	return nil
}

// dayForms are the ways in which people write a date; browsers send the first.
var dayForms = []string{time.DateOnly, "2 Jan 2006", "2 January 2006", "2.1.2006"}

// Day reads a date, at midnight UTC. The error says how to write one.
func Day(text string) (time.Time, error) {
	for _, form := range dayForms {
		if day, err := time.Parse(form, text); err == nil {
			return day, nil
		} else if strings.HasSuffix(err.Error(), "day out of range") {
			return time.Time{}, errors.New("this day does not exist: look at the month again")
		}
	}
	return time.Time{}, errors.New("enter a date, such as 23 Nov 2026")
}

// encode adds the fields of a struct to values, as they would be typed.
func encode(into url.Values, from any) {
	v := reflect.ValueOf(from)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	fields(v, func(t tag, v reflect.Value) {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return
			}
			v = v.Elem()
		}
		if v.Kind() == reflect.Slice {
			for i := range v.Len() {
				into.Add(t.name, text(v.Index(i)))
			}
			return
		}
		if _, isFile := v.Interface().(multipart.FileHeader); !isFile {
			into.Set(t.name, text(v))
		}
	})
}

func text(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case time.Time:
		if x.IsZero() {
			return ""
		}
		return x.Format(time.DateOnly)
	case encoding.TextMarshaler:
		written, _ := x.MarshalText() // what cannot be written is shown as nothing
		return string(written)
	case bool:
		if x {
			return "on"
		}
		return ""
	}
	return fmt.Sprint(v.Interface())
}

// Package form reads what people typed into forms.
//
// Read decodes the body of a request into a struct whose fields say in a tag
// which field of the form they are. What cannot be read, or is missing, becomes
// an error of that field, in words that say what to enter. The Form that Read
// returns keeps everything as it was typed, so that a page can show the form
// again and nothing is lost.
//
//	var in struct {
//		Title string    `form:"title,required"`
//		Level int       `form:"level"`
//		Start time.Time `form:"start"` // a date
//	}
//	f, err := form.Read(r, &in)
//
// An error of Read is one of the request as a whole, with its kind. Errors of
// fields stand in the form: f.OK tells whether there are any, f.Refuse adds one
// that a rule behind the form found.
package form

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
)

// memory is how many bytes of an upload are held in memory; the rest goes to
// files of the system, which end with the request.
const memory = 1 << 20

// An Error is what is wrong with one field, or with the form as a whole if
// Field is empty.
type Error struct {
	Field   string
	Message string
}

// A Form is what was typed, and what is wrong with it. The zero value, and nil,
// is an empty form.
type Form struct {
	// ID tells apart several forms on one page; it becomes part of the ids of
	// their fields.
	ID     string
	Values url.Values
	Errors []Error
}

// New returns a form that shows a struct as it is, with the same tags as for
// Read.
func New(from any) *Form {
	f := &Form{Values: url.Values{}}
	encode(f.Values, from)
	return f
}

// Read decodes the body of a request into a struct, given by its address.
// The error is Invalid for a body that is no form, and for one that is too
// large. Files that were sent are there until the request's context ends.
func Read(r *http.Request, into any) (*Form, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	switch kind {
	case "multipart/form-data":
		err = r.ParseMultipartForm(memory)
	case "application/x-www-form-urlencoded":
		err = r.ParseForm()
	default:
		return nil, fault.New(fault.Invalid, "send the form as a browser does")
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, fault.New(fault.Invalid, "this is too large: at most %s can be sent here", size(tooLarge.Limit))
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "the form arrived broken: send it again")
	}
	f := &Form{Values: r.PostForm}
	if f.Values == nil {
		f.Values = url.Values{}
	}
	d := decoder{form: f}
	if r.MultipartForm != nil {
		// The server would remove them for the request that it made, and not for
		// the copy of it that handlers get.
		context.AfterFunc(r.Context(), func() { _ = r.MultipartForm.RemoveAll() })
		d.files = r.MultipartForm.File
		for name, values := range r.MultipartForm.Value {
			f.Values[name] = values
		}
	}
	d.decode(into)
	return f, nil
}

// Query decodes the query of a request into a struct, as filters of a list are
// given. What cannot be read is an error of its field, and left at zero.
func Query(r *http.Request, into any) *Form {
	f := &Form{Values: r.URL.Query()}
	d := decoder{form: f}
	d.decode(into)
	return f
}

// OK reports whether nothing is wrong.
func (f *Form) OK() bool { return f == nil || len(f.Errors) == 0 }

// Value returns what was typed into a field.
func (f *Form) Value(name string) string {
	if f == nil {
		return ""
	}
	return f.Values.Get(name)
}

// Has reports whether a value of a field is chosen, among several.
func (f *Form) Has(name, value string) bool {
	if f == nil {
		return false
	}
	for _, v := range f.Values[name] {
		if v == value {
			return true
		}
	}
	return false
}

// Error returns what is wrong with a field; "" if nothing is.
func (f *Form) Error(name string) string {
	if f == nil {
		return ""
	}
	for _, e := range f.Errors {
		if e.Field == name {
			return e.Message
		}
	}
	return ""
}

// FieldID returns the id of a field in the page.
func (f *Form) FieldID(name string) string {
	id := "f-"
	if f != nil && f.ID != "" {
		id += f.ID + "-"
	}
	return id + strings.ReplaceAll(name, ".", "-")
}

// Wrong notes what is wrong with a field; with the form as a whole if field is
// "". The first error of a field counts.
func (f *Form) Wrong(field, format string, args ...any) {
	if field == "" || f.Error(field) == "" {
		f.Errors = append(f.Errors, Error{field, sentence(fmt.Sprintf(format, args...))})
	}
}

// Refuse notes an error that a rule behind the form returned, beside a field or,
// if field is "", above all. It reports whether the reader can do something
// about it, as with Invalid and Conflict; any other error is not for the form
// and must be returned.
func (f *Form) Refuse(err error, field string) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict:
		f.Wrong(field, "%s", err)
		return true
	}
	return false
}

// sentence begins with a capital letter and ends with a stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	if c := s[0]; 'a' <= c && c <= 'z' {
		s = string(c-'a'+'A') + s[1:]
	}
	if !strings.ContainsAny(s[len(s)-1:], ".?!") {
		s += "."
	}
	return s
}

func size(bytes int64) string {
	if bytes >= 1<<20 {
		return fmt.Sprintf("%d MB", bytes>>20)
	}
	return fmt.Sprintf("%d kB", bytes>>10)
}

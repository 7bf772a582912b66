package ui

import (
	"context"
	"crypto/rand"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/cadre-hq/cadre/internal/idempotency"
	"github.com/cadre-hq/cadre/internal/web/form"
)

// key returns a fresh key for a form, so that it is carried out once even if it
// is sent twice.
func (f *Frame) key() string {
	if f.Key == nil {
		return rand.Text()
	}
	return f.Key()
}

// action returns where a form is sent. One that uploads carries its key in the
// address, so that nobody need read the upload to find it.
func (s Sending) action(ctx context.Context) string {
	if !s.Upload {
		return s.To
	}
	u, err := url.Parse(s.To)
	if err != nil {
		return s.To
	}
	return Address(u, idempotency.Field, From(ctx).key())
}

// kept returns the parameters of an address that a search keeps, by name.
func kept(u *url.URL) (all []Choice) {
	q := u.Query()
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if name == "q" || name == "after" || name == "ask" {
			continue
		}
		for _, v := range q[name] {
			all = append(all, Choice{Label: name, Value: v})
		}
	}
	return all
}

// describedBy names what helps with a field: its error, then its help.
func describedBy(f *form.Form, in Input) string {
	id := f.FieldID(in.Name)
	var ids []string
	if f.Error(in.Name) != "" {
		ids = append(ids, id+"-error")
	}
	if in.Help != "" || in.HelpWith != nil {
		ids = append(ids, id+"-help")
	}
	return strings.Join(ids, " ")
}

func (in Input) kind() string {
	if in.Kind == "" {
		return "text"
	}
	return in.Kind
}

// shown returns what a field is filled with. What is secret is never sent back.
func (in Input) shown(f *form.Form) string {
	if in.Kind == "password" {
		return ""
	}
	return f.Value(in.Name)
}

// summaryTitle says how much there is to correct.
func summaryTitle(errs []form.Error) string {
	if len(errs) == 1 {
		return "One thing to correct"
	}
	words := []string{2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}
	if len(errs) < len(words) {
		return words[len(errs)] + " things to correct"
	}
	return "Several things to correct"
}

// attributes returns what all kinds of fields have in common.
func attributes(f *form.Form, in Input) templ.OrderedAttributes {
	a := templ.OrderedAttributes{
		{Key: "id", Value: f.FieldID(in.Name)},
		{Key: "name", Value: in.Name},
	}
	add := func(on bool, key string, value any) {
		if on {
			a = append(a, templ.KeyValue[string, any]{Key: key, Value: value})
		}
	}
	add(f.Error(in.Name) != "", "aria-invalid", "true")
	by := describedBy(f, in)
	add(by != "", "aria-describedby", by)
	add(in.Complete != "", "autocomplete", in.Complete)
	add(in.Placeholder != "", "placeholder", in.Placeholder)
	add(in.Accept != "", "accept", in.Accept)
	add(in.ReadOnly, "readonly", true)
	add(in.Off, "disabled", true)
	add(in.Focus && f.OK(), "autofocus", true)
	for _, name := range slices.Sorted(maps.Keys(in.More)) {
		add(true, name, in.More[name])
	}
	return a
}

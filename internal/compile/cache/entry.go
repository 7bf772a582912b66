package cache

import (
	"encoding/binary"
	"errors"
	"slices"
	"sync"

	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// The encoding of a result is a table of the strings that occur in it, followed
// by the fields in the order of the types. Numbers are varints, strings indexes
// into the table (most occur several times: paths, headings, titles), lists
// begin with their length. A coder writes and reads with the same code, so that
// the two cannot differ.

// encode returns the encoding of a result.
func encode(r *lint.Result) string {
	w := writers.Get().(*coder)
	defer writers.Put(w)
	clear(w.index)
	w.table, w.out = w.table[:0], w.out[:0]
	w.result(r)
	w.whole = binary.AppendUvarint(w.whole[:0], uint64(len(w.table)))
	for _, s := range w.table {
		w.whole = binary.AppendUvarint(w.whole, uint64(len(s)))
		w.whole = append(w.whole, s...)
	}
	return string(append(w.whole, w.out...))
}

// writers are coders that write, for one result after the other.
var writers = sync.Pool{New: func() any { return &coder{writing: true, index: map[string]int{}} }}

// errDamaged says that data is no encoding of a result.
var errDamaged = errors.New("cache: damaged entry")

// decode returns the result that data encodes. Its strings are parts of data.
func decode(data string) (lint.Result, error) {
	r := readers.Get().(*coder)
	defer readers.Put(r)
	*r = coder{data: data, table: r.table[:0]}
	var result lint.Result
	r.strings()
	r.result(&result)
	if r.failed || r.at != len(r.data) {
		return lint.Result{}, errDamaged
	}
	return result, nil
}

// readers are coders that read, for the memory of their tables.
var readers = sync.Pool{New: func() any { return new(coder) }}

// A coder writes or reads one result.
type coder struct {
	writing bool
	table   []string

	out   []byte
	whole []byte
	index map[string]int // of strings in the table

	data   string // what is read
	at     int    // where it goes on
	failed bool
}

// strings reads the table.
func (c *coder) strings() {
	count := c.length()
	c.table = slices.Grow(c.table, count)
	for range count {
		n := c.length()
		c.table = append(c.table, c.data[c.at:c.at+n])
		c.at += n
	}
}

// fail makes everything that follows read as empty.
func (c *coder) fail() { c.failed, c.at = true, len(c.data) }

func (c *coder) uvarint() uint64 {
	if c.at < len(c.data) && c.data[c.at] < 0x80 { // as most are
		c.at++
		return uint64(c.data[c.at-1])
	}
	var n uint64
	for i := 0; c.at < len(c.data) && i < binary.MaxVarintLen64; i++ {
		b := c.data[c.at]
		c.at++
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			return n
		}
	}
	c.fail()
	return 0
}

// length reads the length of a text, or of a list, whose items take a byte at
// least.
func (c *coder) length() int {
	n := c.uvarint()
	if n > uint64(len(c.data)-c.at) {
		c.fail()
		return 0
	}
	return int(n)
}

// number codes a number, which may be negative.
func (c *coder) number(n *int) {
	if c.writing {
		c.out = binary.AppendVarint(c.out, int64(*n))
		return
	}
	u := c.uvarint()
	*n = int(int64(u>>1) ^ -int64(u&1))
}

func (c *coder) bool(b *bool) {
	n := 0
	if *b {
		n = 1
	}
	c.number(&n)
	*b = n != 0
}

// text codes a string of any type.
func text[S ~string](c *coder, s *S) {
	if c.writing {
		i, ok := c.index[string(*s)]
		if !ok {
			i = len(c.table)
			c.index[string(*s)] = i
			c.table = append(c.table, string(*s))
		}
		c.out = binary.AppendUvarint(c.out, uint64(i))
		return
	}
	if i := c.uvarint(); i < uint64(len(c.table)) {
		*s = S(c.table[i])
	} else {
		c.fail()
	}
}

// list codes a list of anything.
func list[T any](c *coder, items *[]T, item func(*T)) {
	if c.writing {
		c.out = binary.AppendUvarint(c.out, uint64(len(*items)))
	} else if n := c.length(); n > 0 {
		*items = make([]T, n)
	}
	for i := range *items {
		if item(&(*items)[i]); c.failed {
			return
		}
	}
}

func texts(c *coder, items *[]string) { list(c, items, func(s *string) { text(c, s) }) }

func (c *coder) result(r *lint.Result) {
	if !c.writing {
		r.Facts = &lint.Facts{}
	}
	c.facts(r.Facts)
	list(c, &r.Findings, c.finding)
	list(c, &r.Suppressions, c.suppression)
}

func (c *coder) span(s *source.Span) {
	c.number(&s.Start)
	length := s.End - s.Start
	c.number(&length)
	s.End = s.Start + length
}

func (c *coder) place(p *diag.Place) {
	text(c, &p.Path)
	c.span(&p.Span)
	c.number(&p.Start.Line)
	c.number(&p.Start.Column)
	lines := p.End.Line - p.Start.Line
	c.number(&lines)
	p.End.Line = p.Start.Line + lines
	c.number(&p.End.Column)
}

func (c *coder) finding(f *diag.Finding) {
	text(c, &f.Code)
	severity := int(f.Severity)
	c.number(&severity)
	f.Severity = diag.Severity(severity)
	c.place(&f.Place)
	text(c, &f.Message)
	text(c, &f.Hint)
	text(c, &f.Heading)
	list(c, &f.Related, func(r *diag.Related) {
		c.place(&r.Place)
		text(c, &r.Message)
	})
	list(c, &f.Fixes, func(x *diag.Fix) {
		text(c, &x.Title)
		c.bool(&x.Safe)
		list(c, &x.Edits, func(e *diag.Edit) {
			c.span(&e.Span)
			text(c, &e.New)
		})
	})
	text(c, &f.Fingerprint)
}

func (c *coder) suppression(s *lint.Suppression) {
	list(c, &s.Codes, func(code *lint.Code) {
		text(c, &code.Code)
		c.span(&code.Span)
	})
	text(c, &s.Reason)
	c.place(&s.Place)
	c.span(&s.Covers)
	text(c, &s.Heading)
	text(c, &s.Fault)
}

func (c *coder) facts(f *lint.Facts) {
	text(c, &f.Path)
	text(c, &f.Title)
	c.place(&f.TitleAt)
	c.bool(&f.IsFamily)
	list(c, &f.Levels, c.level)
	texts(c, &f.Anchors)
	list(c, &f.Links, func(l *lint.LinkFact) {
		text(c, &l.Text)
		text(c, &l.Target)
		c.place(&l.Place)
		c.place(&l.TargetAt)
		text(c, &l.Heading)
	})
	list(c, &f.Roles, c.role)
	texts(c, &f.Redirects)
	c.bool(&f.Dynamic)
}

func (c *coder) level(l *lint.LevelFact) {
	text(c, &l.Title)
	text(c, &l.Slug)
	c.number(&l.Line)
	texts(c, &l.Grades)
	text(c, &l.Track)
	c.place(&l.Place)
	text(c, &l.Heading)
}

func (c *coder) role(r *lint.RoleFact) {
	text(c, &r.Use)
	text(c, &r.Title)
	text(c, &r.Target)
	text(c, &r.Own)
	text(c, &r.Level)
	c.place(&r.Place)
	text(c, &r.Heading)
}

package files

import (
	"errors"
	"hash"
	"io"
	"unicode/utf8"
)

// errTooLarge says that a content is larger than its limit.
var errTooLarge = errors.New("the file is too large")

// headSize is how much of a content is kept to tell what it is.
const headSize = 512

// incoming reads a content, no more than its limit, and notes what must be
// known of it.
type incoming struct {
	from io.Reader
	left int64
	size int64
	hash hash.Hash
	head []byte
	text textCheck
}

// Read implements io.Reader.
func (i *incoming) Read(p []byte) (int, error) {
	n, err := i.from.Read(p)
	i.left -= int64(n)
	if i.left < 0 {
		return 0, errTooLarge
	}
	i.size += int64(n)
	_, _ = i.hash.Write(p[:n])
	if missing := headSize - len(i.head); missing > 0 {
		i.head = append(i.head, p[:min(n, missing)]...)
	}
	i.text.read(p[:n])
	return n, err
}

// textCheck tells whether a content is text in UTF-8.
type textCheck struct {
	rest   []byte // a letter that was cut
	binary bool
}

func (t *textCheck) read(p []byte) {
	if t.binary {
		return
	}
	if len(t.rest) > 0 {
		p = append(t.rest, p...)
		t.rest = nil
	}
	for len(p) > 0 {
		r, size := utf8.DecodeRune(p)
		if r == utf8.RuneError && size == 1 {
			if !utf8.FullRune(p) {
				t.rest = append([]byte(nil), p...)
				return
			}
			t.binary = true
			return
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' {
			t.binary = true
			return
		}
		p = p[size:]
	}
}

func (t *textCheck) isText() bool { return !t.binary && len(t.rest) == 0 }

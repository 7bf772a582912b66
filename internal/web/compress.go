package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// small is the size in bytes below which compression gains nothing: what goes
// into one packet anyway.
const small = 1200

var writers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // the level is one that exists
	return w
}}

// compress compresses answers of text for browsers that take it.
func compress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		c := &compressor{ResponseWriter: w}
		defer c.end()
		next.ServeHTTP(c, r)
	})
}

// A compressor decides with the first bytes whether to compress.
type compressor struct {
	http.ResponseWriter
	decided bool
	zip     *gzip.Writer
}

func (c *compressor) WriteHeader(status int) {
	if !c.decided && status >= 200 {
		c.decided = true
		if status != http.StatusNoContent && status != http.StatusNotModified && gains(c.Header()) {
			h := c.Header()
			h.Del("Content-Length")
			h.Set("Content-Encoding", "gzip")
			h.Add("Vary", "Accept-Encoding")
			if tag := h.Get("ETag"); strings.HasSuffix(tag, `"`) && !strings.HasPrefix(tag, "W/") {
				h.Set("ETag", "W/"+tag) // the bytes are others, the meaning is the same
			}
			c.zip = writers.Get().(*gzip.Writer)
			c.zip.Reset(c.ResponseWriter)
		}
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *compressor) Write(p []byte) (int, error) {
	if !c.decided {
		if c.Header().Get("Content-Type") == "" {
			c.Header().Set("Content-Type", http.DetectContentType(p))
		}
		c.WriteHeader(http.StatusOK)
	}
	if c.zip != nil {
		return c.zip.Write(p)
	}
	return c.ResponseWriter.Write(p)
}

// Flush sends on what was written so far.
func (c *compressor) Flush() {
	if c.zip != nil {
		_ = c.zip.Flush() // the next write tells
	}
	_ = http.NewResponseController(c.ResponseWriter).Flush() // it may not be able to
}

// Unwrap lets http.ResponseController reach what is below.
func (c *compressor) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (c *compressor) end() {
	if c.zip == nil {
		return
	}
	_ = c.zip.Close() // the reader went away
	c.zip.Reset(io.Discard)
	writers.Put(c.zip)
}

// gains reports whether an answer of these headers becomes smaller.
func gains(h http.Header) bool {
	if h.Get("Content-Encoding") != "" || h.Get("Content-Range") != "" {
		return false
	}
	if n, err := strconv.Atoi(h.Get("Content-Length")); err == nil && n < small {
		return false
	}
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "json") || strings.HasSuffix(kind, "xml") || strings.HasSuffix(kind, "javascript")
}

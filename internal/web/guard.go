package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/cadre-hq/cadre/internal/fault"
)

// policy is the content policy of all pages: scripts, styles and pictures from
// this site alone, none inside of pages, forms to this site alone, and no page
// inside of another.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"

// guarded sets the headers that keep browsers safe, and refuses changes that
// pages of other sites send. A handler may set a header of its own afterwards.
func (s *Site) guarded(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Fail(w, r, fault.New(fault.Forbidden, "this was sent from a page of another site: use the form of this one"))
	}))
	next = origin.Handler(next)
	fixed := [][2]string{
		{"Content-Security-Policy", policy},
		{"X-Content-Type-Options", "nosniff"},
		{"X-Frame-Options", "DENY"},
		{"Referrer-Policy", "same-origin"},
		{"Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"Cache-Control", "no-store"},
	}
	if s.o.Secure {
		fixed = append(fixed, [2]string{"Strict-Transport-Security", "max-age=63072000; includeSubDomains"})
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, values := w.Header(), make([]string, len(fixed))
		for i, f := range fixed {
			values[i] = f[1]
			h[f[0]] = values[i : i+1 : i+1] // one allocation for all; who adds to one gets a slice of their own
		}
		next.ServeHTTP(w, r)
	})
}

// AllowFormsTo lets the forms of a page lead to other sites too, as a sign-in
// by another provider does. The origins are of the form https://host.
func AllowFormsTo(w http.ResponseWriter, origins ...string) {
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"),
		"form-action 'self'", "form-action 'self' "+strings.Join(origins, " "), 1))
}

// Local returns an address of this site, to send the reader on to; "/" for
// anything that might lead elsewhere.
func Local(next string) string {
	u, err := url.Parse(next)
	switch {
	case err != nil, u.Scheme != "", u.Host != "", u.User != nil, u.Opaque != "",
		!strings.HasPrefix(next, "/"), strings.HasPrefix(next, "//"),
		strings.ContainsRune(next, '\\'), strings.ContainsFunc(next, unicode.IsControl):
		return "/"
	}
	return next
}

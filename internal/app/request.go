package app

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/cadre-hq/cadre/internal/settings"
)

// A hand is the request in hand, as metrics and traces see it.
type hand struct {
	route string // "GET /families", an operation of the API, or "none"
}

type handKey struct{}

// handOf returns the request in hand; nil outside of one.
func handOf(ctx context.Context) *hand {
	h, _ := ctx.Value(handKey{}).(*hand)
	return h
}

// entered is what happens to a request first: it is counted, traced, and told
// where it comes from.
func (a *App) entered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := &hand{route: "none"}
		ctx, end := a.traces.begin(context.WithValue(r.Context(), handKey{}, h), r)
		from := a.proxies.client(r)
		r = r.WithContext(ctx)
		if from.IsValid() {
			r.RemoteAddr = netip.AddrPortFrom(from, 0).String()
		}
		answer := &answered{ResponseWriter: w, status: http.StatusOK}
		a.metrics.flying.Add(1)
		began := a.clock()
		defer func() {
			a.metrics.flying.Add(-1)
			a.metrics.answered(h.route, answer.status, a.clock().Sub(began))
			end(h.route, answer.status)
		}()
		next.ServeHTTP(answer, r)
	})
}

// answered is a ResponseWriter that remembers the status.
type answered struct {
	http.ResponseWriter
	status int
}

func (w *answered) WriteHeader(status int) {
	if status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach what is below.
func (w *answered) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// proxies are the networks of those in front of the server.
type proxies []netip.Prefix

// newProxies reads networks that were validated.
func newProxies(s *settings.Settings) proxies {
	var list proxies
	for _, text := range s.TrustedProxies {
		if n, err := settings.ParseNetwork(text); err == nil {
			list = append(list, n.Masked())
		}
	}
	return list
}

func (p proxies) trust(a netip.Addr) bool {
	for _, n := range p {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// client returns where a request comes from: its peer, or what trusted proxies
// say. The header is read from its end, where the nearest proxy wrote; what
// stands before the first address that is no trusted proxy may be invented.
func (p proxies) client(r *http.Request) netip.Addr {
	from := addressOf(r.RemoteAddr)
	if !p.trust(from) {
		return from
	}
	var hops []string
	for _, line := range r.Header.Values("X-Forwarded-For") {
		hops = append(hops, strings.Split(line, ",")...)
	}
	for i := len(hops) - 1; i >= 0 && p.trust(from); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		from = hop.Unmap()
	}
	return from
}

// addressOf returns the address of a host with a port; the zero one if there
// is none.
func addressOf(hostport string) netip.Addr {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		return netip.Addr{}
	}
	a, _ := netip.ParseAddr(host)
	return a.Unmap()
}

package settings

import (
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/nearest"
	"github.com/cadre-hq/cadre/internal/strict"
)

// Validate looks at what the values mean and returns everything that is wrong
// with them as one error of kind Invalid.
func (s *Settings) Validate() error {
	v := &validator{settings: s}
	if s.Data == "" {
		v.report("data", "there is no data folder: name one with --data or CADRE_DATA")
	}
	v.database()
	v.addresses()
	v.publicURL()
	v.proxies()
	if d := time.Duration(s.StopWithin); d <= 0 || d > 10*time.Minute {
		v.report("stop_within", "stop_within must be a time such as 20s or 1m30s, up to 10m")
	}
	if n := s.RateLimit; n < 0 || n > 1_000_000 {
		v.report("rate_limit", "rate_limit must be 0 for no limit, or up to 1000000 requests a second, not %d", n)
	}
	if len(s.Organisation) > 100 {
		v.report("organisation", "organisation must have up to 100 bytes")
	}
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "" {
		v.report("zone", "zone must be the name of a time zone, such as Europe/Rotterdam")
	}
	v.mail()
	v.handbook()
	v.oneOf("log.level", s.Log.Level, "debug", "info", "warn", "error")
	v.oneOf("log.format", s.Log.Format, "text", "json")
	if len(v.problems) == 0 {
		return nil
	}
	v.problems.Sort()
	return fault.New(fault.Invalid, "%w", v.problems)
}

// A validator collects what is wrong.
type validator struct {
	settings *Settings
	problems strict.Problems
}

func (v *validator) report(key, format string, args ...any) {
	v.problems = append(v.problems, v.settings.stack.Problem(key, key, format, args...))
}

func (v *validator) database() {
	scheme, _, isURL := strings.Cut(string(v.settings.Database), "://")
	if isURL && !slices.Contains([]string{"postgres", "postgresql", "file"}, scheme) {
		v.report("database", "database must be the path of a file, or postgres://…, not %s://…", scheme)
	}
	if c := v.settings.Connections; c < 2 || c > 1000 {
		v.report("connections", "connections must be from 2 to 1000, not %d", c)
	}
}

func (v *validator) addresses() {
	for key, addr := range map[string]string{"addr": v.settings.Addr, "metrics_addr": v.settings.MetricsAddr} {
		if addr == "" && key == "metrics_addr" {
			continue
		}
		_, port, err := net.SplitHostPort(addr)
		if n, wrong := strconv.ParseUint(port, 10, 16); err != nil || wrong != nil || n > 65535 {
			v.report(key, "%s must be a host and a port, such as 127.0.0.1:8080, not %q", key, addr)
		}
	}
	if a := v.settings; a.Addr == a.MetricsAddr && !strings.HasSuffix(a.Addr, ":0") {
		v.report("metrics_addr", "metrics_addr must not be addr: the metrics have no sign-in")
	}
}

// publicURL looks at the address that browsers use. Cadre serves its pages at
// the root of a host.
func (v *validator) publicURL() {
	text := v.settings.PublicURL
	if text == "" {
		return
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		v.report("public_url", "public_url must be like https://cadre.example.com, not %q", text)
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		v.report("public_url", "public_url must be the root of a host, not %q", text)
	case u.Scheme == "http" && !isLocal(u.Hostname()):
		v.report("public_url", "public_url must begin with https://: over http:// anybody on the way can read passwords")
	}
}

// handbook looks at where pages come from. What is published is what that place
// says, so nobody on the way may change it.
func (v *validator) handbook() {
	h := v.settings.Handbook
	if h.Folder != "" && h.Repository != "" {
		v.report("handbook.folder", "handbook.folder and handbook.repository cannot both be set: pages come from one place")
	}
	u, err := url.Parse(h.Repository)
	switch {
	case err != nil || u.Host == "":
	case u.User != nil:
		v.report("handbook.repository", "handbook.repository must not hold a name or password: give the token as the secret catalog.repository")
	case u.Scheme == "http" && !isLocal(u.Hostname()):
		v.report("handbook.repository", "handbook.repository must begin with https://: over http:// anybody on the way can change what is published")
	}
}

func (v *validator) mail() {
	m := v.settings.Mail
	v.oneOf("mail.security", m.Security, "starttls", "tls", "none")
	if m.Port < 0 || m.Port > 65535 {
		v.report("mail.port", "mail.port must be a port, or 0 for the usual one, not %d", m.Port)
	}
	if m.Host == "" {
		return
	}
	if _, err := mail.ParseAddress(m.From); err != nil {
		v.report("mail.from", "mail.from must be the address that letters come from, such as cadre@example.com, not %q", m.From)
	}
	if m.Security == "none" && !isLocal(m.Host) {
		v.report("mail.security", "mail.security can be none for a server on this machine alone: letters hold links that let in")
	}
}

// isLocal reports whether a host is this machine itself.
func isLocal(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && a.IsLoopback()
}

func (v *validator) proxies() {
	for i, text := range v.settings.TrustedProxies {
		if _, err := ParseNetwork(text); err != nil {
			key := "trusted_proxies"
			v.problems = append(v.problems, v.settings.stack.Problem(key, key+"["+strconv.Itoa(i)+"]",
				"trusted_proxies lists networks such as 10.0.0.0/8 or addresses, not %q", text))
		}
	}
}

// ParseNetwork returns a network of a text that may also be a single address.
func ParseNetwork(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	return netip.ParsePrefix(text)
}

func (v *validator) oneOf(key, value string, words ...string) {
	if !slices.Contains(words, value) {
		v.report(key, "%s must be one of %s, not %q%s", key, strings.Join(words, ", "), value, nearest.Hint(value, words))
	}
}

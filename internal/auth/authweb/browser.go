package authweb

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web"
)

// The cookies besides that of the session. One marks a browser in which
// somebody signed in before; the other one that went to an identity provider.
const (
	knownCookie = "cadre_known"
	wayCookie   = "cadre_way"
)

// How long browsers keep cookies. The session itself may end before.
const (
	sessionAge = 14 * 24 * time.Hour
	knownAge   = 365 * 24 * time.Hour
	wayAge     = 15 * time.Minute
)

// name returns the name of a cookie as the browser has it. With HTTPS it tells
// the browser to take it by HTTPS alone and, where it is for the whole site,
// from no other site below the same domain.
func (h *pages) name(name, path string) string {
	switch {
	case !h.Secure:
		return name
	case path == "/":
		return "__Host-" + name
	}
	return "__Secure-" + name
}

// set gives the browser a cookie that scripts cannot read. It goes with links
// from other sites, for people follow those, but not with their forms.
func (h *pages) set(w http.ResponseWriter, name, path string, value auth.Secret, age time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: h.name(name, path), Value: value.Reveal(), Path: path, MaxAge: int(age.Seconds()),
		HttpOnly: true, Secure: h.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// drop takes a cookie away.
func (h *pages) drop(w http.ResponseWriter, name, path string) {
	http.SetCookie(w, &http.Cookie{Name: h.name(name, path), Path: path, MaxAge: -1, HttpOnly: true, Secure: h.Secure, SameSite: http.SameSiteLaxMode})
}

// cookie returns the secret of a cookie; "" if there is none.
func (h *pages) cookie(r *http.Request, name, path string) auth.Secret {
	c, err := r.Cookie(h.name(name, path))
	if err != nil {
		return ""
	}
	return auth.Secret(c.Value)
}

// attempt returns what a request says of a browser in which somebody signs in.
func (h *pages) attempt(r *http.Request) auth.SignIn {
	return auth.SignIn{From: from(r), Known: h.cookie(r, knownCookie, signInPath), Device: deviceOf(r.UserAgent())}
}

// from returns where a request comes from. The application put the address of
// the client there, whatever stands between.
func from(r *http.Request) netip.Addr {
	if a, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		return a.Addr().Unmap()
	}
	a, _ := netip.ParseAddr(r.RemoteAddr)
	return a.Unmap()
}

// enter gives the browser its cookies. A session that it had before ends: who
// signs in again is somebody else, or does it to be fresh.
func (h *pages) enter(w http.ResponseWriter, r *http.Request, in auth.SignedIn) error {
	if by := auth.From(r.Context()); by.Session != "" {
		if _, err := h.Accounts.SignOut(r.Context(), by); err != nil {
			return err
		}
	}
	h.set(w, api.SessionCookie, "/", in.Session, sessionAge)
	if in.Known != "" {
		h.set(w, knownCookie, signInPath, in.Known, knownAge)
	}
	return nil
}

// Stale sends somebody whose session is old to the page where they sign in
// again, and back afterwards. Any other error is returned.
func Stale(w http.ResponseWriter, r *http.Request, err error, back string) error {
	if errors.Is(err, auth.ErrStale) {
		return web.Redirect(w, r, againAddress(back))
	}
	return err
}

// deviceOf returns the kind of browser and system that a User-Agent names, by
// which its owner knows it again in the list of sessions. It keeps no more than
// that.
func deviceOf(agent string) string {
	browser := firstOf(agent, [][2]string{
		{"Firefox/", "Firefox"},
		{"Edg/", "Edge"},
		{"OPR/", "Opera"},
		{"SamsungBrowser/", "Samsung Internet"},
		{"Chrome/", "Chrome"},
		{"CriOS/", "Chrome"},
		{"FxiOS/", "Firefox"},
		{"Safari/", "Safari"},
	})
	system := firstOf(agent, [][2]string{
		{"Android", "Android"},
		{"iPhone", "an iPhone"},
		{"iPad", "an iPad"},
		{"Windows", "Windows"},
		{"Mac OS X", "macOS"},
		{"CrOS", "ChromeOS"},
		{"Linux", "Linux"},
	})
	switch {
	case browser == "" && system == "":
		return "An unknown browser"
	case browser == "":
		return "A browser on " + system
	case system == "":
		return browser
	}
	return browser + " on " + system
}

// firstOf returns the word of the first mark that a text has.
func firstOf(text string, marks [][2]string) string {
	for _, m := range marks {
		if strings.Contains(text, m[0]) {
			return m[1]
		}
	}
	return ""
}

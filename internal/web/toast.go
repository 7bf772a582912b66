package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/cadre-hq/cadre/internal/web/ui"
)

// toastLife is how long in seconds a toast waits for the page that shows it.
const toastLife = 60

// maxToast is how long in bytes a toast may be in the browser's keeping.
const maxToast = 2000

func (s *Site) toastCookie() string {
	if s.o.Secure {
		return "__Host-cadre_toast"
	}
	return "cadre_toast"
}

// keep lets the browser carry a toast to the page that comes next. It is signed,
// so that no other page can put words into ours.
func (s *Site) keep(w http.ResponseWriter, t ui.Toast) {
	text, err := json.Marshal(t)
	if err != nil || len(text) > maxToast {
		return // it is only told, and the page shows the change as well
	}
	http.SetCookie(w, &http.Cookie{
		Name: s.toastCookie(), Value: base64.RawURLEncoding.EncodeToString(text) + "." + s.sign(text),
		Path: "/", MaxAge: toastLife, HttpOnly: true, Secure: s.o.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// take returns the toasts that the browser carried here, and takes them away.
func (s *Site) take(w http.ResponseWriter, r *http.Request) []ui.Toast {
	c, err := r.Cookie(s.toastCookie())
	if err != nil {
		return nil
	}
	http.SetCookie(w, &http.Cookie{Name: c.Name, Path: "/", MaxAge: -1, HttpOnly: true, Secure: s.o.Secure, SameSite: http.SameSiteLaxMode})
	body, sum, _ := strings.Cut(c.Value, ".")
	text, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil || !hmac.Equal([]byte(sum), []byte(s.sign(text))) {
		return nil
	}
	var t ui.Toast
	if json.Unmarshal(text, &t) != nil {
		return nil
	}
	return []ui.Toast{t}
}

func (s *Site) sign(text []byte) string {
	m := hmac.New(sha256.New, s.o.Secret)
	_, _ = m.Write([]byte("toast\x00"))
	_, _ = m.Write(text)
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

package web

import (
	"net/http"
	"time"
	_ "time/tzdata" // the machine of the server may have none
)

// zoneCookie holds the name of the reader's time zone, which their browser
// writes.
const zoneCookie = "cadre_zone"

// zoneOf returns the time zone of the reader; UTC until the browser has told.
func (s *Site) zoneOf(r *http.Request) *time.Location {
	name := zoneCookie
	if s.o.Secure {
		name = "__Host-" + name
	}
	c, err := r.Cookie(name)
	if err != nil || c.Value == "" || c.Value == "Local" || len(c.Value) > 64 {
		return time.UTC
	}
	if known, ok := s.zones.Load(c.Value); ok {
		return known.(*time.Location)
	}
	zone, err := time.LoadLocation(c.Value)
	if err != nil {
		return time.UTC
	}
	s.zones.Store(c.Value, zone)
	return zone
}

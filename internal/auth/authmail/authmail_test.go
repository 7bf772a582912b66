package authmail_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authmail"
	"github.com/cadre-hq/cadre/internal/auth/authtest"
	"github.com/cadre-hq/cadre/internal/mail"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// Each letter says what it is about, and its link opens the page that the link
// is good for.
func TestLetters(t *testing.T) {
	d, ctx := storetest.Open(t, storetest.SQLite(t)), t.Context()
	now := func() time.Time { return time.Date(2026, 11, 25, 9, 30, 0, 0, time.UTC) }
	post := &authtest.Inbox{}
	s := authtest.Open(t, d, post, now)
	write, err := authmail.Writer(s, "https://cadre.meridian.example/people/", "Cadre at Meridian")
	if err != nil {
		t.Fatal(err)
	}
	last := func() mail.Message {
		t.Helper()
		m, err := write(ctx, post.Last(t))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	secret := func(m mail.Message, path string) auth.Secret {
		t.Helper()
		rest, ok := strings.CutPrefix(m.Link.URL, "https://cadre.meridian.example/people"+path)
		if !ok {
			t.Errorf("the link is %s, want one to %s", m.Link.URL, path)
		}
		return auth.Secret(rest)
	}
	link, err := s.FirstLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	const words = "crane tide lamp otter"
	session, err := s.BecomeFirst(ctx, link, "Ada Quay", "ada@meridian.example", words, "Firefox")
	if err != nil {
		t.Fatal(err)
	}
	ada, err := s.ByCookie(ctx, session)
	if err != nil {
		t.Fatal(err)
	}

	if _, err := s.Invite(ctx, ada, "ben@meridian.example", "Ben Sand"); err != nil {
		t.Fatal(err)
	}
	m := last()
	if m.To.Email != "ben@meridian.example" || !strings.Contains(m.Body[0], "Ada Quay invites you to Cadre at Meridian") || m.Greeting != "Hello Ben Sand," {
		t.Errorf("the invitation is %+v", m)
	}
	if !strings.Contains(m.After[0], "2 December 2026 09:30 UTC") {
		t.Errorf("the invitation does not say how long it is good: %q", m.After)
	}
	if _, err := s.InvitationOf(ctx, secret(m, authmail.AcceptPath)); err != nil {
		t.Error(err)
	}

	from := netip.MustParseAddr("192.0.2.1")
	if err := s.AskReset(ctx, "ada@meridian.example", from); err != nil {
		t.Fatal(err)
	}
	if err := s.Reset(ctx, secret(last(), authmail.ResetPath), "walrus tide lamp otter"); err != nil {
		t.Error(err)
	}
	if m := last(); m.Link != nil || m.Subject != "Your password was changed" {
		t.Errorf("the notice is %+v", m)
	}
	if err := s.AskReset(ctx, "nobody@meridian.example", from); err != nil {
		t.Fatal(err)
	}
	if m, err := write(ctx, post.Last(t)); !errors.Is(err, mail.ErrNone) {
		t.Errorf("somebody who has no account gets %+v, %v", m, err)
	}
}

func TestSiteIsNeeded(t *testing.T) {
	if _, err := authmail.Writer(nil, "cadre", "Cadre"); err == nil {
		t.Error("letters were to be written with links to nowhere")
	}
}

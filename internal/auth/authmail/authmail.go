// Package authmail writes the letters about accounts: invitations, links to
// choose a password or to prove an address, and notices that something of an
// account was changed.
//
// A letter is written when it is sent, so a link in it is new then and nobody
// else has it. Notices carry no link: whoever got one that they did not expect
// goes to the page by themselves, as they should.
package authmail

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/mail"
)

// Room is the name of the desk at which package auth posts letters.
const Room = "auth"

// The paths of the pages to which links lead, which end in the secret. These
// pages forbid browsers to tell others where they came from.
const (
	AcceptPath  = "/accept/"
	ResetPath   = "/reset/"
	AddressPath = "/verify/"
)

// Writer returns what writes the letters about accounts. Site is the public
// address of the server, and name what the organisation calls it.
func Writer(s *auth.Service, site, name string) (mail.Writer, error) {
	base, err := url.Parse(site)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("letters need the public address of the server; it is %q", site)
	}
	return func(ctx context.Context, id string) (mail.Message, error) {
		l, err := s.Write(ctx, id)
		if errors.Is(err, auth.ErrNoLetter) {
			return mail.Message{}, mail.ErrNone
		}
		if err != nil {
			return mail.Message{}, err
		}
		return message(l, base, name), nil
	}, nil
}

// message puts a letter into words.
func message(l auth.Letter, base *url.URL, site string) mail.Message {
	m := mail.Message{To: mail.Address{Name: l.Name, Email: l.Email}, Greeting: "Hello,"}
	if l.Name != "" {
		m.Greeting = "Hello " + l.Name + ","
	}
	link := func(words, path string) *mail.Link {
		return &mail.Link{Words: words, URL: base.JoinPath(path, l.Link.Reveal()).String()}
	}
	until := "The link can be used once, until " + l.Expires.UTC().Format("2 January 2006 15:04") + " UTC."
	switch l.Kind {
	case auth.InvitationLetter:
		who := "You are invited"
		if l.From != "" {
			who = l.From + " invites you"
		}
		m.Subject = "Your invitation to " + site
		m.Body = []string{who + " to " + site + ", where your organisation keeps its job families and works with them."}
		m.Link = link("Accept the invitation", AcceptPath)
		m.After = []string{until, "If you do not know what this is about, leave it: without the link nothing happens."}
	case auth.ResetLetter:
		m.Subject = "A new password for " + site
		m.Body = []string{"Somebody, most likely you, asked to choose a new password for your account at " + site + "."}
		m.Link = link("Choose a new password", ResetPath)
		m.After = []string{until, "If it was not you, leave this letter: your password stays as it is."}
	case auth.AddressLetter:
		m.Subject = "Is this your address?"
		m.Body = []string{"This address was given as yours at " + site + ". From when you confirm it, letters go here, and you sign in with it."}
		m.Link = link("Yes, this is my address", AddressPath)
		m.After = []string{until, "If it was not you, leave this letter: nothing changes."}
	default:
		m.Subject, m.Body = notice(l.Kind, site)
		m.Body = append(m.Body,
			"If it was you, all is well. If it was not: sign in, change your password, look at your sessions and passkeys, and tell an administrator.")
	}
	return m
}

// notice returns subject and beginning of a letter that tells of a change.
func notice(kind auth.LetterKind, site string) (subject string, body []string) {
	switch kind {
	case auth.NoticePassword:
		return "Your password was changed", []string{"The password of your account at " + site + " was changed, and other sessions were ended."}
	case auth.NoticePasskey:
		return "Your passkeys were changed", []string{"A passkey was added to your account at " + site + ", or removed from it."}
	case auth.NoticeIdentity:
		return "Another way to sign in was changed", []string{"An account at an identity provider was linked with your account at " + site + ", or separated from it."}
	case auth.NoticeAddress:
		return "Your address was changed", []string{"Your account at " + site + " has another address now. Letters do not come here any more."}
	}
	return "Your account was changed", []string{"Something of your account at " + site + " was changed."}
}

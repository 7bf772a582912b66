package auth

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

func TestInvitations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		ada := o.ada(t)
		_, err := o.Invite(ctx, ada, "ADA@meridian.example", "")
		is(t, "inviting somebody who is here", err, fault.Conflict)
		i, err := o.Invite(ctx, ada, "Ben@Meridian.example", "Ben Sand", PeoplePartner)
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.Invite(ctx, ada, "ben@meridian.example", "")
		is(t, "inviting them twice", err, fault.Conflict)
		one := o.letter(t)
		if one.Email != "ben@meridian.example" || one.From != "Ada Quay" || one.Kind != InvitationLetter || one.Link == "" {
			t.Errorf("the letter is %+v", one)
		}
		if err := o.ResendInvitation(ctx, ada, i.ID); err != nil {
			t.Fatal(err)
		}
		two := o.letter(t)
		if shown, err := o.InvitationOf(ctx, two.Link); err != nil || shown.Name != "Ben Sand" || !slices.Equal(shown.Roles, []Role{PeoplePartner}) {
			t.Errorf("the page shows %+v, %v", shown, err)
		}
		_, err = o.Accept(ctx, two.Link, "Ben", "ben@meridian", "")
		is(t, "a weak password, which does not use up the link", err, fault.Invalid)
		session, err := o.Accept(ctx, one.Link, "Ben Sand", words4, "Firefox")
		if err != nil {
			t.Fatalf("the first letter is as good as the second: %v", err)
		}
		ben := o.at(t, session)
		if !ben.Has(PeoplePartner) || ben.Name != "Ben Sand" {
			t.Errorf("ben is %+v", ben)
		}
		_, err = o.Accept(ctx, two.Link, "Eve", words4, "Firefox")
		is(t, "accepting it again, by the other letter", err, fault.NotFound)
		p, err := o.Person(ctx, ada, ben.ID)
		if err != nil || !p.Verified || p.Email != "ben@meridian.example" {
			t.Errorf("ada sees %+v, %v", p, err)
		}
		history, err := o.RoleHistory(ctx, ada, ben.ID)
		if err != nil || len(history) != 1 || history[0].Giver != "Ada Quay" {
			t.Errorf("ben has the role from %+v, %v", history, err)
		}
	})
}

func TestInvitationsEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		ada := o.ada(t)
		i, err := o.Invite(ctx, ada, "ben@meridian.example", "")
		if err != nil {
			t.Fatal(err)
		}
		l := o.letter(t)
		if err := o.WithdrawInvitation(ctx, ada, i.ID); err != nil {
			t.Fatal(err)
		}
		_, err = o.Accept(ctx, l.Link, "Ben", words4, "")
		is(t, "an invitation that was withdrawn", err, fault.NotFound)
		if _, err := o.Write(ctx, o.inbox.ids[0]); !errors.Is(err, ErrNoLetter) {
			t.Errorf("a letter is written for it: %v", err)
		}
		is(t, "sending it again", o.ResendInvitation(ctx, ada, i.ID), fault.NotFound)
		if _, err = o.Invite(ctx, ada, "ben@meridian.example", ""); err != nil {
			t.Fatalf("ben cannot be invited anew: %v", err)
		}
		l = o.letter(t)
		o.pass(invitationTime)
		_, err = o.Accept(ctx, l.Link, "Ben", words4, "")
		is(t, "an invitation after a week", err, fault.NotFound)
		if list, err := o.Invitations(ctx, ada); err != nil || len(list) != 1 || list[0].Inviter != "Ada Quay" {
			t.Errorf("open invitations %+v, %v", list, err)
		}
	})
}

// Whoever got hold of an administrator's account and lost it again does not come
// back by an invitation.
func TestInvitationsOfClosedAccountsAreVoid(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		ada := o.ada(t)
		eve, err := o.AddPerson(ctx, TheProgram("test"), "Eve Sand", "eve@meridian.example", "", Administrator)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Invite(ctx, eve.actor(ctx), "other@meridian.example", "", Administrator); err != nil {
			t.Fatal(err)
		}
		l := o.letter(t)
		if err := o.Disable(ctx, ada, eve.ID); err != nil {
			t.Fatal(err)
		}
		_, err = o.Accept(ctx, l.Link, "Other", words4, "")
		is(t, "an invitation by somebody who is gone", err, fault.NotFound)
	})
}

func TestPeopleAreListed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		ada := o.ada(t)
		var ben Actor
		for n := range 12 {
			p, err := o.AddPerson(ctx, TheProgram("test"), fmt.Sprintf("Person %02d", n), fmt.Sprintf("p%d_%%@meridian.example", n), "", Roles[n%3+1])
			if err != nil {
				t.Fatal(err)
			}
			ben = p.actor(t.Context())
		}
		if _, err := o.AddServiceAccount(ctx, ada, "Payroll"); err != nil {
			t.Fatal(err)
		}
		var names []string
		for q := (PeopleQuery{Limit: 5}); ; {
			page, err := o.People(ctx, ada, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page[:min(5, len(page))] {
				names = append(names, p.Name)
				if p.Kind == Person && (p.Email == "" || len(p.Roles) != 1) {
					t.Errorf("an administrator sees %+v", p)
				}
			}
			if len(page) <= 5 {
				break
			}
			q.After = page[4].Key()
		}
		if len(names) != 14 || !slices.IsSorted(names) {
			t.Errorf("the pages hold %q", names)
		}
		for why, c := range map[string]struct {
			q    PeopleQuery
			want int
		}{
			"by a part of the name":     {PeopleQuery{Search: "PERSON 1"}, 2},
			"by a part of the address":  {PeopleQuery{Search: "ada@"}, 1},
			"by a sign of patterns":     {PeopleQuery{Search: "_%@"}, 12},
			"which stands for no other": {PeopleQuery{Search: "person _1"}, 0},
			"by kind":                   {PeopleQuery{Kind: ServiceAccount}, 1},
			"by role":                   {PeopleQuery{Role: PeoplePartner}, 4},
			"who are closed":            {PeopleQuery{State: "disabled"}, 0},
			"who are not":               {PeopleQuery{State: "enabled"}, 14},
		} {
			if got, err := o.People(ctx, ada, c.q); err != nil || len(got) != c.want {
				t.Errorf("%s: %d found, %v, want %d", why, len(got), err, c.want)
			}
		}
		ben.Roles = nil
		if own, err := o.People(ctx, ben, PeopleQuery{}); err != nil || len(own) != 1 || own[0].ID != ben.ID || own[0].Email == "" {
			t.Errorf("somebody without a role sees %v, %v", own, err)
		}
		_, err := o.Person(ctx, ben, ada.ID)
		is(t, "looking at somebody else", err, fault.NotFound)
		_, err = o.People(ctx, Actor{}, PeopleQuery{})
		is(t, "a visitor who lists people", err, fault.Unauthenticated)
		names2, err := o.Names(ctx, ada.ID, ada.ID, "", "nobody")
		if err != nil || names2[ada.ID] != "Ada Quay" || names2[""] != "Cadre" || len(names2) != 2 {
			t.Errorf("names %v, %v", names2, err)
		}
	})
}

func TestRolesComeAndGo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		ada := o.ada(t)
		is(t, "the last administrator", o.TakeRole(ctx, ada, ada.ID, Administrator), fault.Conflict)
		ben := o.hire(t, ada, "Ben Sand", "ben@meridian.example")
		is(t, "giving oneself a role", o.GiveRole(ctx, ben, ben.ID, Administrator), fault.Forbidden)
		if err := o.GiveRole(ctx, ada, ben.ID, Administrator); err != nil {
			t.Fatal(err)
		}
		is(t, "giving it twice", o.GiveRole(ctx, ada, ben.ID, Administrator), fault.Conflict)
		o.pass(time.Hour)
		if err := o.TakeRole(ctx, ada, ada.ID, Administrator); err != nil {
			t.Fatalf("one of two administrators: %v", err)
		}
		is(t, "a role that they do not have", o.TakeRole(ctx, o.is(t, ben.ID), ben.ID, Recruiter), fault.Conflict)
		history, err := o.RoleHistory(ctx, o.is(t, ben.ID), ada.ID)
		if err != nil || len(history) != 1 || history[0].Until == nil || history[0].Taker != "Ada Quay" || history[0].Giver != "Cadre" {
			t.Errorf("the history of ada is %+v, %v", history, err)
		}
		robot, err := o.AddServiceAccount(ctx, o.is(t, ben.ID), "Payroll")
		if err != nil {
			t.Fatal(err)
		}
		is(t, "a service that administers", o.GiveRole(ctx, o.is(t, ben.ID), robot.ID, Administrator), fault.Invalid)
		is(t, "the last one who can sign in", o.TakeRole(ctx, o.is(t, ben.ID), ben.ID, Administrator), fault.Conflict)
	})
}

// is returns a principal at work, as they are now.
func (o *office) is(t *testing.T, id PrincipalID) Actor {
	t.Helper()
	p, err := o.byID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return p.actor(t.Context())
}

func TestDisablingEndsEverythingAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		ada := o.ada(t)
		ben := o.hire(t, ada, "Ben Sand", "ben@meridian.example")
		is(t, "shutting oneself out", o.Disable(ctx, ada, ada.ID), fault.Forbidden)
		in, err := o.ByPassword(ctx, SignIn{Email: "ben@meridian.example", Password: words4, From: address(1)})
		if err != nil {
			t.Fatal(err)
		}
		_, token, err := o.NewToken(ctx, ben, ben.ID, "ci", []string{"catalog:read"}, o.now.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if err := o.AskReset(ctx, "ben@meridian.example", address(1)); err != nil {
			t.Fatal(err)
		}
		reset := o.letter(t).Link
		if err := o.Disable(ctx, ada, ben.ID); err != nil {
			t.Fatal(err)
		}
		_, err = o.ByCookie(ctx, in.Session)
		is(t, "a session", err, fault.Unauthenticated)
		_, err = o.ByToken(ctx, token)
		is(t, "a token", err, fault.Unauthenticated)
		is(t, "a link", o.Reset(ctx, reset, "walrus tide lamp otter"), fault.NotFound)
		_, err = o.ByPassword(ctx, SignIn{Email: "ben@meridian.example", Password: words4, From: address(1)})
		is(t, "signing in", err, fault.Forbidden)
		is(t, "disabling twice", o.Disable(ctx, ada, ben.ID), fault.Conflict)
		if err := o.Enable(ctx, ada, ben.ID); err != nil {
			t.Fatal(err)
		}
		_, err = o.ByCookie(ctx, in.Session)
		is(t, "the session after that", err, fault.Unauthenticated)
		_, err = o.ByToken(ctx, token)
		is(t, "the token after that", err, fault.Unauthenticated)
		if _, err = o.ByPassword(ctx, SignIn{Email: "ben@meridian.example", Password: words4, From: address(1)}); err != nil {
			t.Errorf("ben cannot sign in again: %v", err)
		}
	})
}

func TestServiceAccounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		ada := o.ada(t)
		ben := o.hire(t, ada, "Ben Sand", "ben@meridian.example")
		_, err := o.AddServiceAccount(ctx, ben, "Payroll")
		is(t, "a service account made by anybody", err, fault.NotFound)
		robot, err := o.AddServiceAccount(ctx, ada, "Payroll")
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = o.NewToken(ctx, ada, ben.ID, "spy", []string{"catalog:read"}, o.now.Add(time.Hour))
		is(t, "an administrator who makes a token of a colleague", err, fault.Forbidden)
		made, secret, err := o.NewToken(ctx, ada, robot.ID, "nightly", []string{"auth:read", "auth:write"}, o.now.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		by, err := o.ByToken(ctx, secret)
		if err != nil || by.Kind != ServiceAccount || by.ID != robot.ID {
			t.Fatalf("the token acts as %+v, %v", by, err)
		}
		_, _, err = o.NewToken(ctx, by, robot.ID, "for ever", []string{"auth:read"}, o.now.Add(2*time.Hour))
		is(t, "a service that makes itself a token", err, fault.NotFound)
		if list, err := o.Tokens(ctx, ada, robot.ID); err != nil || len(list) != 1 || list[0].ID != made.ID {
			t.Errorf("tokens of the service %+v, %v", list, err)
		}
		if err := o.RevokeToken(ctx, ada, made.ID); err != nil {
			t.Error(err)
		}
		_, err = o.ByToken(ctx, secret)
		is(t, "its token after that", err, fault.Unauthenticated)
	})
}

// What a token may be used for holds for what its owner does with their own
// account, too. Whatever its scopes, it lets nobody in and makes nobody more.
func TestTokensHaveScopesEverywhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		ada := o.ada(t)
		as := func(scopes ...string) Actor {
			_, secret, err := o.NewToken(ctx, ada, ada.ID, "ci", scopes, o.now.Add(time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			by, err := o.ByToken(ctx, secret)
			if err != nil {
				t.Fatal(err)
			}
			return by
		}
		ben := o.hire(t, ada, "Ben Sand", "ben@meridian.example", Recruiter)
		robot, err := o.AddServiceAccount(ctx, ada, "Payroll")
		if err != nil {
			t.Fatal(err)
		}
		cleo, err := o.Invite(ctx, ada, "cleo@meridian.example", "")
		if err != nil {
			t.Fatal(err)
		}
		catalog, reading, writing := as("catalog:read", "catalog:write"), as("auth:read"), as("auth:read", "auth:write")
		for _, c := range []struct {
			why string
			do  func(by Actor) error
			may []bool // with the three tokens
		}{
			{"lists people", func(by Actor) error { _, err := o.People(ctx, by, PeopleQuery{}); return err }, []bool{false, true, true}},
			{"lists sessions", func(by Actor) error { _, err := o.Sessions(ctx, by, by.ID); return err }, []bool{false, true, true}},
			{"lists tokens", func(by Actor) error { _, err := o.Tokens(ctx, by, by.ID); return err }, []bool{false, true, true}},
			{"ends sessions", func(by Actor) error { _, err := o.EndSessions(ctx, by, by.ID); return err }, []bool{false, false, true}},
			{"renames", func(by Actor) error { return o.Rename(ctx, by, by.ID, "Ada Key") }, []bool{false, false, true}},
			{"invites", func(by Actor) error { _, err := o.Invite(ctx, by, "eve@meridian.example", ""); return err }, []bool{false, false, false}},
			{"invites again", func(by Actor) error { return o.ResendInvitation(ctx, by, cleo.ID) }, []bool{false, false, false}},
			{"withdraws an invitation", func(by Actor) error { return o.WithdrawInvitation(ctx, by, cleo.ID) }, []bool{false, false, false}},
			{"gives a role", func(by Actor) error { return o.GiveRole(ctx, by, by.ID, Executive) }, []bool{false, false, false}},
			{"takes a role", func(by Actor) error { return o.TakeRole(ctx, by, ben.ID, Recruiter) }, []bool{false, false, false}},
			{"makes a token", func(by Actor) error {
				_, _, err := o.NewToken(ctx, by, by.ID, "more", []string{"auth:read"}, o.now.Add(time.Hour))
				return err
			}, []bool{false, false, false}},
			{"makes a token of a service", func(by Actor) error {
				_, _, err := o.NewToken(ctx, by, robot.ID, "more", []string{"auth:read"}, o.now.Add(time.Hour))
				return err
			}, []bool{false, false, false}},
			{"revokes its own token", func(by Actor) error { return o.RevokeToken(ctx, by, by.Token) }, []bool{false, false, false}},
			{"changes the password", func(by Actor) error { return o.ChangePassword(ctx, by, words4, words4+"s", address(1)) }, []bool{false, false, false}},
			{"changes the address", func(by Actor) error { return o.AskAddress(ctx, by, "ada@quay.example", address(1)) }, []bool{false, false, false}},
			{"has a reset sent", func(by Actor) error { return o.SendReset(ctx, by, by.ID) }, []bool{false, false, false}},
		} {
			for i, by := range []Actor{catalog, reading, writing} {
				err := c.do(by)
				if (err == nil) != c.may[i] || err != nil && fault.KindOf(err) != fault.Forbidden {
					t.Errorf("a token with %s %s: %v, want allowed %t", strings.Join(by.Scopes, ", "), c.why, err, c.may[i])
				}
				if err != nil && slices.Contains(c.may, true) == strings.Contains(err.Error(), "sign in") {
					t.Errorf("a token with %s %s: %v does not tell what helps", strings.Join(by.Scopes, ", "), c.why, err)
				}
			}
		}
	})
}

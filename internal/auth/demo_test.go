package auth

import (
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

func TestDemo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		demo := NewDemo(o.Service)
		ada := o.ada(t)
		robot, err := o.AddServiceAccount(ctx, ada, "Payroll")
		if err != nil {
			t.Fatal(err)
		}
		cast, err := demo.Cast(ctx)
		if err != nil || len(cast) != 1 || cast[0].Name != "Ada Quay" || len(cast[0].Roles) != 1 {
			t.Fatalf("one may sign in as %v, %v", cast, err)
		}
		in, err := demo.SignIn(ctx, ada.ID, SignIn{Device: "Firefox"})
		if err != nil || o.at(t, in.Session).ID != ada.ID {
			t.Errorf("signed in as %v", err)
		}
		_, err = demo.SignIn(ctx, robot.ID, SignIn{})
		is(t, "as a service", err, fault.NotFound)
	})
}

func TestJournalIsForAdministrators(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		ada := o.ada(t)
		ben := o.hire(t, ada, "Ben Sand", "ben@meridian.example", PeoplePartner)
		_, err := o.Entries(ctx, ben, audit.Filter{})
		is(t, "a people partner", err, fault.NotFound)
		own := string(ada.ID)
		got, err := o.Entries(ctx, ada, audit.Filter{Actor: &own, Action: "auth.invitation.", Limit: 1})
		if err != nil || len(got) != 1 || got[0].Action != "auth.invitation.make" {
			t.Errorf("entries %+v, %v", got, err)
		}
		all, err := o.Entries(ctx, ada, audit.Filter{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all { // names and addresses are nobody's business here
			if text := strings.ToLower(e.Action + e.ID + e.Facts + e.Request); strings.Contains(text, "sand") || strings.Contains(text, "meridian") {
				t.Errorf("the journal holds %+v", e)
			}
		}
	})
}

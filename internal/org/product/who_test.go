package product_test

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/org/product/producttest"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// Who has to do something finds it in the inbox, and others do not.
func TestTodos(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		id, err := r.Propose(ctx, member, product.Proposal{Edit: product.Edit{Node: producttest.Ref(t, "category:quays"), Name: text("Walls")}, Reason: "Shorter."})
		if err != nil {
			t.Fatal(err)
		}
		handover := product.Appointment{Subject: product.OfNode(producttest.Ref(t, "group:vessel_calls")), Kind: "prioritisation", Person: producttest.ID(engineer)}
		if _, err := r.Service.HandOver(ctx, admin, handover); err != nil {
			t.Fatal(err)
		}
		wants := func(by auth.Actor, want ...string) {
			t.Helper()
			list, err := r.Todos(ctx, by, r.Now)
			if err != nil {
				t.Fatal(err)
			}
			var acts []string
			for _, todo := range list {
				acts = append(acts, todo.Act)
			}
			if diff := gocmp.Diff(want, acts); diff != "" {
				t.Errorf("%s (-want +got):\n%s", by.ID, diff)
			}
		}
		wants(chief, "Decide", "Decide", "Decide")
		wants(director, "Decide")
		wants(engineer, "Decide", "Go through it")
		wants(member, "Go through it")
		wants(admin)
		wants(producttest.Nobody)
		for role, by := range map[string]auth.Actor{
			"chief_product_officer": chief, "vp_product": chief, "director_of_product_design": chief,
			"product_director_of_section": director, "engineering_director_of_section": engineer,
		} {
			if err := r.Decide(ctx, by, id, role, true, ""); err != nil {
				t.Fatal(err)
			}
		}
		wants(member, "Apply", "Go through it")
		wants(chief)
	})
}

// Each column of the room's tables is declared as personal, or not.
func TestPersonalIsWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		err := db.View(t.Context(), func(tx store.Tx) error {
			missing, err := erasure.Undeclared(t.Context(), tx, product.Personal)
			for _, m := range missing {
				if strings.Contains(m, "org_product") {
					t.Errorf("not declared: %s", m)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

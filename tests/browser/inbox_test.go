package browser

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/inbox"
	"github.com/cadre-hq/cadre/internal/inbox/inboxweb"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

func TestInbox(t *testing.T) {
	clock := func() time.Time { return webtest.Noon }
	empty := false
	site := webtest.New(t, func(o *web.Options) {
		o.Gate = func(r *http.Request) (ctx context.Context, err error) { return auth.With(r.Context(), ingrid), nil }
	})
	a, err := auth.NewAuthority(inbox.Room())
	if err != nil {
		t.Fatal(err)
	}
	db := storetest.Open(t, storetest.SQLite(t))
	inboxweb.Register(site.Site, inbox.New(db, a, audit.New(db, clock), clock, slog.New(slog.DiscardHandler),
		inbox.Source{Room: "q", Label: "Hiring", Todos: func(context.Context, auth.Actor, time.Time) ([]inbox.Todo, error) {
			if empty {
				return nil, nil
			}
			return todos(webtest.Noon), nil
		}},
		inbox.Source{Room: "r", Label: "Indicators", Todos: func(context.Context, auth.Actor, time.Time) ([]inbox.Todo, error) {
			if empty {
				return nil, nil
			}
			return nil, errors.New("no")
		}}))
	b := open(t, site)
	for _, p := range []string{"/inbox", "/inbox?kind=hiring", "/inbox?kind=people", "/inbox/q:x:3/snooze"} {
		b.judge(p)
	}
	// by keyboard alone
	b.size(1280, 900)
	b.visit("/inbox")
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("[popovertarget=snooze-1]").focus()`), chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	b.axe("menu", "")
	t.Log(evaluate[string](b, `document.activeElement.outerHTML`))
	b.do(chromedp.KeyEvent(kb.Enter))
	time.Sleep(time.Second)
	t.Log(evaluate[string](b, `location.pathname+" "+document.querySelector("#toasts").textContent`))
	b.judge("/inbox")
	empty = true
	b.judge("/inbox")
}

func todos(now time.Time) []inbox.Todo {
	t := func(id string, k inbox.Kind, icon ui.IconName, say, note, act string, due inbox.Due, c inbox.Cause) inbox.Todo {
		return inbox.Todo{Key: inbox.NewKey("q", "x", id), Kind: k, Icon: string(icon), Say: say, Note: note, Href: "/x/" + id, Act: act, Due: due, Because: c}
	}
	pol := func(n int, text string) inbox.Cause {
		return inbox.Cause{Tag: "policy", File: "policy/2022-09/org.yaml", Line: n, Href: "/policy/x", Text: text}
	}
	pg := func(n int, text string) inbox.Cause {
		return inbox.Cause{File: "pilots.md", Line: n, Href: "/families/x", Text: text}
	}
	asked := t("4", inbox.Hiring, ui.IconApprove, "Offer to Bea Amar", "Third of three approvals, after Finance", "Decide", inbox.Due{At: now.Add(5*time.Hour + 40*time.Minute)}, pol(112, "From grade 10 on, an offer needs an executive. Approve within one business day."))
	asked.Since = now.Add(-66 * time.Hour)
	o1 := t("20", inbox.Hiring, "", "Scorecard, Omar Quay", "", "", inbox.Due{Day: "2026-11-24"}, inbox.Cause{})
	o1.Who = "Rafael Quill"
	o2 := t("21", inbox.Hiring, "", "Times of Rosa Mast", "", "", inbox.Due{At: now.Add(-52 * time.Hour)}, inbox.Cause{})
	o2.Who = "candidate"
	return []inbox.Todo{
		t("1", inbox.Hiring, ui.IconScorecard, "Scorecard for Lea Kahn", "First interview, Director of Pilots, Voyage", "Write", inbox.Due{At: time.Date(2026, 11, 18, 17, 0, 0, 0, time.UTC), Late: "3 business days"}, pol(64, "A scorecard is due one business day after the interview; after three it goes to the manager.")),
		t("2", inbox.Growth, "", "Career framework talk with Mei Zhao", "Last one on 17 Aug 2026", "Plan", inbox.Due{Day: "2026-11-17", Note: "98 days, limit 92"}, pg(50, "See that each pilot gets career feedback every two to three months.")),
		t("3", inbox.Pages, "", "Direction page of Customs", "Last reviewed 12 Oct 2026", "Review", inbox.Due{Day: "2026-11-11"}, pg(53, "Keep the direction pages of the groups up to date.")),
		asked,
		t("5", inbox.Organisation, "", "Tomas Wiecz has 11 reports", "Company band 4 to 10, aim 7", "Answer", inbox.Due{Day: "2026-11-26"}, pol(31, "Outside the company band is an attention; the manager answers it within a week.")),
		t("6", inbox.Indicators, "", "Say what you do about Yard automation", "IACV at 77 % of its target", "Write", inbox.Due{Day: "2026-11-27"}, pg(267, "A problem or an attention names the next action.")),
		t("7", inbox.Server, "", "Jobs failed: mail.send_letter", "3 jobs", "Look", inbox.Due{}, inbox.Cause{Text: "A job that failed as often as it may is not tried again by itself."}),
		o1, o2,
	}
}

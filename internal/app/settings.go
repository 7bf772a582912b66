package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/cadre-hq/cadre/internal/api/apiweb"
	"github.com/cadre-hq/cadre/internal/app/settingsweb"
	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/erasure/erasureweb"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/jobs/console"
	"github.com/cadre-hq/cadre/internal/jobs/jobsweb"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/policy/policyweb"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// heldWords say what the rooms hold of people.
var heldWords = map[string]string{
	"auth":    "Account: name, address, ways to sign in, sessions, tokens, letters and invitations",
	"catalog": "Job families: archives that they uploaded and did not publish",
	"files":   "Files that they uploaded",
	"search":  "Index of the search",
	"policy":  "Policy",
}

// settingsGroups are the parts of the page of settings.
func (a *App) settingsGroups(source *catalog.Source) []settingsweb.Group {
	may := func(action auth.Action, thing auth.Thing) func(auth.Actor) bool {
		return func(by auth.Actor) bool { return a.accounts.May(by, action, thing) }
	}
	server := may("auth.server.read", auth.TheServer)
	return []settingsweb.Group{
		{ID: "people", Title: "People", Entries: []settingsweb.Entry{
			{Title: "Your account", Href: "/account", Say: "Name, address, ways to sign in, sessions, tokens", Stands: a.ownStands},
			{
				Title: "Accounts", Href: "/accounts", Say: "Who is here, what they may do, and who is invited",
				Shown: may("auth.directory.read", auth.Directory), Stands: a.accountsStand,
			},
			{
				Title: "Erasures", Href: erasureweb.Home, Say: "Who was removed for good, because they asked or a law did",
				Shown: may("auth.directory.read_erased", auth.Directory), Stands: a.erasuresStand,
			},
		}},
		{ID: "rules", Title: "Rules and records", Entries: []settingsweb.Entry{
			{
				Title: "Policy", Href: policyweb.Home, Say: "Grades, limits and schedules that every screen goes by, each with its source",
				Shown: may(chosen.Read, auth.Entity{Kind: "policy", ID: "organisation"}), Stands: a.policyStands,
			},
			{
				Title: "Job-family pages", Href: "/publish", Elsewhere: true, Say: "Where the pages come from, and publishing them",
				Shown: a.catalog.MayPublish, Stands: func(ctx context.Context, by auth.Actor) ([]settingsweb.Fact, error) {
					return a.sourceStands(ctx, by, source)
				},
			},
			{
				Title: "Journal", Href: "/journal", Say: "Who did what to which thing, in chains that show whether anybody changed it",
				Shown: may("auth.journal.read", auth.TheJournal), Stands: a.journalStands,
			},
		}},
		{ID: "server", Title: "Server", Note: "cadre config --server shows every setting and where it comes from", Entries: []settingsweb.Entry{
			{
				Title: "Jobs", Href: jobsweb.Home, Say: "What is done later: letters, scans, publishing after a push",
				Shown: may(console.Read, console.Queue), Stands: a.jobsStand,
			},
			{Title: "Mail", Say: "Letters with links to join, and notices about accounts", Shown: server, Stands: a.mailStands},
			{Title: "Files", Say: "What people upload, and what looks at it first", Shown: server, Stands: a.filesStand},
			{
				Title: "Backups", Say: "cadre backup makes one while the server works, and proves that it can be put back",
				Shown: server, Stands: said(ui.Unknown, "The server keeps no list of them"),
			},
			{Title: "JSON interface", Href: apiweb.Home, Say: "What programs can do here, with a token", Stands: said(ui.Plain, "Described as OpenAPI 3.1")},
			{Title: "Program", Say: "Cadre itself", Stands: said(ui.Plain, "Version "+a.version)},
		}},
	}
}

// said is how something stands that does not change while the server runs.
func said(s ui.State, text string) func(context.Context, auth.Actor) ([]settingsweb.Fact, error) {
	return func(context.Context, auth.Actor) ([]settingsweb.Fact, error) {
		return []settingsweb.Fact{{State: s, Text: text}}, nil
	}
}

// counted returns a number with its word.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func (a *App) ownStands(ctx context.Context, by auth.Actor) ([]settingsweb.Fact, error) {
	m, err := a.accounts.Means(ctx, by)
	if err != nil {
		return nil, err
	}
	if n := len(m.Passkeys); n > 0 {
		return []settingsweb.Fact{{State: ui.OK, Text: counted(n, "passkey", "passkeys")}}, nil
	}
	return []settingsweb.Fact{{Text: "No passkey"}}, nil
}

func (a *App) accountsStand(ctx context.Context, by auth.Actor) ([]settingsweb.Fact, error) {
	n, err := a.accounts.Tally(ctx, by)
	if err != nil {
		return nil, err
	}
	all := counted(n.People, "person", "people")
	if n.Services > 0 {
		all += ", " + counted(n.Services, "service", "services")
	}
	facts := []settingsweb.Fact{{Text: all}}
	if n.Invitations > 0 {
		facts = append(facts, settingsweb.Fact{State: ui.Current, Text: counted(n.Invitations, "invitation", "invitations") + " open"})
	}
	return facts, nil
}

func (a *App) erasuresStand(ctx context.Context, _ auth.Actor) ([]settingsweb.Fact, error) {
	people, waiting, err := a.erasure.Count(ctx)
	if err != nil || people == 0 {
		return []settingsweb.Fact{{Text: "Nobody was erased"}}, err
	}
	last, err := a.erasure.Erasures(ctx, "", erasure.Key{}, 1)
	if err != nil || len(last) == 0 {
		return nil, err
	}
	facts := []settingsweb.Fact{{Text: counted(people, "person", "people") + ", the last", At: last[0].At}}
	if waiting > 0 {
		facts = append(facts, settingsweb.Fact{State: ui.Warn, Text: fmt.Sprintf("The last bytes of %d go within the hour", waiting)})
	}
	return facts, nil
}

func (a *App) policyStands(ctx context.Context, by auth.Actor) ([]settingsweb.Fact, error) {
	st, err := a.policy.Standing(ctx, by)
	if err != nil {
		return nil, err
	}
	facts := []settingsweb.Fact{{Text: fmt.Sprintf("Pack %s, %s", st.Base.Version, counted(len(st.Overrides), "value overridden", "values overridden"))}}
	if n := len(st.Lapsed); n > 0 {
		facts = append(facts, settingsweb.Fact{State: ui.Warn, Text: counted(n, "decision cannot be followed", "decisions cannot be followed")})
	}
	return facts, nil
}

// sourceStands says where pages come from, and what came of the last push.
func (a *App) sourceStands(ctx context.Context, by auth.Actor, source *catalog.Source) ([]settingsweb.Fact, error) {
	facts := []settingsweb.Fact{{Text: sourceWords(source)}}
	last, err := a.catalog.LatestDelivery(ctx, by)
	if err != nil {
		return nil, err
	}
	if last != nil {
		return append(facts, pushed(last)), nil
	}
	releases, err := a.catalog.Releases(ctx, by, 0, 1)
	if err != nil {
		return nil, err
	}
	if len(releases) == 0 {
		return append(facts, settingsweb.Fact{State: ui.Warn, Text: "Nothing is published yet"}), nil
	}
	return append(facts, settingsweb.Fact{State: ui.OK, Text: fmt.Sprintf("Release %d was published", releases[0].Number), At: releases[0].Published}), nil
}

func sourceWords(s *catalog.Source) string {
	switch {
	case s == nil:
		return "No place of their own: they are sent here"
	case s.Name != "":
		return s.Name
	case s.Repository != "":
		return "Repository " + s.Repository
	}
	return "Folder " + s.Folder
}

// pushed says what came of a push.
func pushed(d *catalog.Delivery) settingsweb.Fact {
	f := settingsweb.Fact{State: ui.OK, At: d.At}
	switch d.Outcome {
	case "published":
		f.Text = fmt.Sprintf("The last push became release %d,", d.Release)
	case "unchanged":
		f.Text = "The last push changed nothing,"
	case "refused":
		f.State, f.Text = ui.Bad, "The last push was refused for "+counted(d.Blocking, "error", "errors")+","
	case "failed":
		f.State, f.Text = ui.Bad, "The last push could not be published,"
	default:
		f.State, f.Text = ui.Current, "A push waits to be published,"
	}
	return f
}

func (a *App) journalStands(ctx context.Context, by auth.Actor) ([]settingsweb.Fact, error) {
	entries, err := a.accounts.Entries(ctx, by, audit.Filter{Limit: 1})
	if err != nil {
		return nil, err
	}
	var facts []settingsweb.Fact
	if len(entries) > 0 {
		facts = append(facts, settingsweb.Fact{Text: "Last entry", At: entries[0].At})
	}
	// Each seal is written as the file grows, so its time is that of the last.
	switch file, err := os.Stat(filepath.Join(a.settings.Data, audit.SealsFile)); {
	case errors.Is(err, fs.ErrNotExist), err == nil && file.Size() == 0:
		return append(facts, settingsweb.Fact{State: ui.Unknown, Text: "Not sealed yet"}), nil
	case err != nil:
		return nil, err
	default:
		return append(facts, settingsweb.Fact{State: ui.OK, Text: "Last seal", At: file.ModTime()}), nil
	}
}

func (a *App) jobsStand(ctx context.Context, _ auth.Actor) (facts []settingsweb.Fact, err error) {
	var n map[jobs.State]int
	err = a.db.View(ctx, func(tx store.Tx) (err error) {
		n, err = a.queue.Counts(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	facts = []settingsweb.Fact{{Text: fmt.Sprintf("%d waiting, %d running", n[jobs.Available]+n[jobs.Scheduled], n[jobs.Running])}}
	if failing := n[jobs.Retryable]; failing > 0 {
		facts = append(facts, settingsweb.Fact{State: ui.Warn, Text: fmt.Sprintf("%d failed and will be tried again", failing)})
	}
	if failed := n[jobs.Discarded]; failed > 0 {
		facts = append(facts, settingsweb.Fact{State: ui.Bad, Text: fmt.Sprintf("%d failed for good", failed)})
	}
	return facts, nil
}

func (a *App) mailStands(context.Context, auth.Actor) ([]settingsweb.Fact, error) {
	if a.settings.Mail.Host == "" {
		return []settingsweb.Fact{{State: ui.Warn, Text: "Kept in the folder mail: nobody gets them"}}, nil
	}
	return []settingsweb.Fact{{State: ui.OK, Text: "Sent by " + a.settings.Mail.Host}}, nil
}

func (a *App) filesStand(context.Context, auth.Actor) ([]settingsweb.Fact, error) {
	place := "Kept in the data folder"
	if a.settings.Files.Place != "" {
		place = "Kept in a bucket"
	}
	if a.settings.Files.Scanner == "" {
		return []settingsweb.Fact{{Text: place}, {State: ui.Warn, Text: "No scanner looks at them"}}, nil
	}
	return []settingsweb.Fact{{Text: place}, {State: ui.OK, Text: "Scanned by clamd"}}, nil
}

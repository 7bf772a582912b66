package authweb

import (
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// passkeyAddress is where the answer of a passkey goes.
var passkeyAddress = &url.URL{Path: "/sign-in/passkey"}

// passkeyForm marks a form that the script for passkeys takes over. It stays
// hidden where there is none.
func passkeyForm(kind, options string) templ.Attributes {
	return templ.Attributes{"data-passkey": kind, "data-options": options, "hidden": true}
}

// castLabel says as whom somebody signs in, in a demonstration.
func castLabel(p *auth.Principal) string {
	if len(p.Roles) == 0 {
		return p.Name
	}
	return p.Name + " · " + roleWords(p.Roles)
}

func rolesPhrase(roles []auth.Role) string {
	if len(roles) == 1 {
		return "this role"
	}
	return "these roles"
}

// roleChoices are all roles to choose from.
func roleChoices() []ui.Choice {
	list := make([]ui.Choice, len(auth.Roles))
	for i, r := range auth.Roles {
		list[i] = ui.Choice{Value: string(r), Label: r.Words()}
	}
	return list
}

// ownFacts are what the reader is.
func ownFacts(o own) []ui.Fact {
	address := ui.Text(o.Email + " (verified)")
	if !o.Verified {
		address = ui.Text(o.Email + " (not verified: ask for a letter below)")
	}
	roles := roleWords(o.Roles)
	if roles == "" {
		roles = "None for the whole organisation"
	}
	return []ui.Fact{{Name: "Address", Value: address}, {Name: "Roles", Value: ui.Text(roles)}, {Name: "Here since", Value: ui.Ago(o.Created)}}
}

func passwordVerb(k keyring) string {
	if k.Password {
		return "Change the password"
	}
	return "Set a password"
}

// maybe shows a time, or that there is none.
func maybe(t *time.Time) templ.Component {
	if t == nil {
		return ui.Text("Never")
	}
	return ui.Ago(*t)
}

// meansWords says how somebody signed in.
func meansWords(means string) string {
	switch means {
	case "password":
		return "Password"
	case "passkey":
		return "Passkey"
	case "link":
		return "Link of a letter"
	case "demo":
		return "Demonstration"
	}
	return "Provider " + means
}

func sessionColumns(ends bool) []ui.Column {
	columns := []ui.Column{{Label: "Browser"}, {Label: "Signed in by", Wide: true}, {Label: "Since", Wide: true}, {Label: "Last seen"}}
	if ends {
		columns = append(columns, ui.Column{Label: "Actions", Hidden: true})
	}
	return columns
}

func personCrumbs(f file) []ui.Link {
	return []ui.Link{{Label: "Accounts", Href: "/accounts"}, {Label: f.Name, Href: f.path("")}}
}

// shortID returns an id as it is told apart by eye; the filters take the whole
// one from the link.
func shortID(id string) string {
	const most = 13
	if r := []rune(id); len(r) > most {
		return "…" + string(r[len(r)-most:])
	}
	return id
}

// facts returns what an entry says besides.
func facts(e audit.Entry) string {
	return strings.Trim(strings.ReplaceAll(e.Facts, `"`, ""), "{}")
}

package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// An IconName names a drawing of the set: a 16-px grid, a 1.5-px stroke, in the
// ink of the words beside it. An icon never stands alone where it carries
// meaning: a word stands beside it, or the control has a name.
type IconName string

// The icons, each with what it means. A drawing has one meaning everywhere.
const (
	IconInbox      IconName = "inbox"      // what needs me
	IconFamily     IconName = "family"     // a job family, a page
	IconOrg        IconName = "org"        // organisation
	IconHiring     IconName = "hiring"     // hiring, a person to come
	IconDirection  IconName = "direction"  // direction
	IconGrowth     IconName = "growth"     // growth
	IconIndicators IconName = "indicators" // indicators
	IconSettings   IconName = "settings"   // settings, policy pack
	IconSearch     IconName = "search"     // search
	IconSource     IconName = "source"     // the line it stands on
	IconDiff       IconName = "diff"       // what changed
	IconOK         IconName = "ok"         // fine
	IconWarn       IconName = "warn"       // attention
	IconBad        IconName = "bad"        // problem
	IconNote       IconName = "note"       // note
	IconUnknown    IconName = "unknown"    // no data, not rated
	IconLock       IconName = "lock"       // not for you, sealed
	IconHidden     IconName = "hidden"     // hidden for now
	IconClock      IconName = "clock"      // due, waiting
	IconCalendar   IconName = "calendar"   // date, interview
	IconGlobe      IconName = "globe"      // time zone, locality
	IconPerson     IconName = "person"     // a person
	IconScorecard  IconName = "scorecard"  // scorecard
	IconApprove    IconName = "approve"    // approval, next layer
	IconPin        IconName = "pin"        // pinned version
	IconFilter     IconName = "filter"     // filter
	IconNext       IconName = "next"       // goes deeper
	IconDown       IconName = "down"       // opens below
	IconUp         IconName = "up"         // sorted from small to large
	IconArrow      IconName = "arrow"      // from … to
	IconPlus       IconName = "plus"       // add
	IconCheck      IconName = "check"      // done
	IconClose      IconName = "close"      // close
	IconMore       IconName = "more"       // more actions
	IconMenu       IconName = "menu"       // navigation
	IconMail       IconName = "mail"       // message
)

// Icons lists the set in the order in which it is shown.
var Icons = []IconName{
	IconInbox, IconFamily, IconOrg, IconHiring, IconDirection, IconGrowth, IconIndicators, IconSettings,
	IconSearch, IconSource, IconDiff, IconOK, IconWarn, IconBad, IconNote, IconUnknown, IconLock, IconHidden,
	IconClock, IconCalendar, IconGlobe, IconPerson, IconScorecard, IconApprove, IconPin, IconFilter, IconNext,
	IconDown, IconUp, IconArrow, IconPlus, IconCheck, IconClose, IconMore, IconMenu, IconMail,
}

// drawings holds what is inside of each icon's picture.
var drawings = map[IconName]string{
	IconInbox:      `<path d="M2 9.5h3.2l1 1.75h3.6l1-1.75H14M2 9.5l2-6h8l2 6v3a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1z"/>`,
	IconFamily:     `<path d="M3.5 1.75h6l3 3v9.5h-9zM9.5 1.75v3h3M6 8h4M6 11h2.5"/>`,
	IconOrg:        `<path d="M6 1.75h4v3H6zM1.75 11.25h4v3h-4zM10.25 11.25h4v3h-4zM8 4.75V8M3.75 11.25V8h8.5v3.25"/>`,
	IconHiring:     `<path d="M6.25 7.25a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.75 13.75c0-2.5 1.9-4 4.5-4s4.5 1.5 4.5 4M12.5 3.75v4M10.5 5.75h4"/>`,
	IconDirection:  `<circle cx="8" cy="8" r="6.25"/><path d="M10.75 5.25 9.25 9.25l-4 1.5 1.5-4z"/>`,
	IconGrowth:     `<path d="M8 14.25V7.5M8 9.75C8 6.5 6 5 2.25 5c0 3 2 4.75 5.75 4.75zM8 7.5c0-3 2-5 5.75-5 0 3.25-2 5-5.75 5z"/>`,
	IconIndicators: `<path d="M2 2v12h12M5 10.25l2.5-3 2.25 2 3.75-4.75"/>`,
	IconSettings:   `<path d="M1.75 4.5h6M11.5 4.5h2.75M1.75 11.5H4.5M8.25 11.5h6"/><circle cx="9.6" cy="4.5" r="1.85"/><circle cx="6.4" cy="11.5" r="1.85"/>`,
	IconSearch:     `<circle cx="7" cy="7" r="4.5"/><path d="M10.4 10.4 14 14"/>`,
	IconSource:     `<path d="M1.75 4h.75M1.75 8h.75M1.75 12h.75M5.5 4h8.75M5.5 8h8.75M5.5 12h5"/>`,
	IconDiff:       `<path d="M8 2.25v6.5M4.75 5.5h6.5M4.75 13h6.5"/>`,
	IconOK:         `<circle cx="8" cy="8" r="6.25"/><path d="M5.25 8.25l1.9 1.9 3.6-4"/>`,
	IconWarn:       `<path d="M8 2 14.5 13.5h-13zM8 6.5v3M8 11.4v.1"/>`,
	IconBad:        `<path d="M5.4 1.75h5.2l3.65 3.65v5.2l-3.65 3.65H5.4L1.75 10.6V5.4zM8 4.75V8.5M8 11v.1"/>`,
	IconNote:       `<circle cx="8" cy="8" r="6.25"/><path d="M8 7.5V11M8 5v.1"/>`,
	IconUnknown:    `<circle cx="8" cy="8" r="6.25" stroke-dasharray="2.4 2.5"/>`,
	IconLock:       `<path d="M3.5 7.25h9v6.5h-9zM5.5 7.25V5a2.5 2.5 0 0 1 5 0v2.25"/>`,
	IconHidden:     `<path d="M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8zM2.75 13.25l10.5-10.5"/>`,
	IconClock:      `<circle cx="8" cy="8" r="6.25"/><path d="M8 4.5V8l2.25 1.5"/>`,
	IconCalendar:   `<path d="M2.5 3.5h11v10.25h-11zM2.5 6.75h11M5.25 1.75V4.5M10.75 1.75V4.5"/>`,
	IconGlobe:      `<circle cx="8" cy="8" r="6.25"/><path d="M1.75 8h12.5M8 1.75c1.9 1.9 2.6 4 2.6 6.25S9.9 12.35 8 14.25C6.1 12.35 5.4 10.25 5.4 8S6.1 3.65 8 1.75z"/>`,
	IconPerson:     `<circle cx="8" cy="5" r="2.75"/><path d="M2.75 14c0-2.75 2.25-4.5 5.25-4.5s5.25 1.75 5.25 4.5"/>`,
	IconScorecard:  `<path d="M3.5 3h9v11.25h-9zM6 3V1.75h4V3M6 7h4M6 10.25h2.5"/>`,
	IconApprove:    `<path d="M2 13.75h12M8 2.25v8M4.75 5.5 8 2.25l3.25 3.25"/>`,
	IconPin:        `<path d="M8 9.75v4.5M5.25 1.75h5.5M6.25 1.75v4L4 9.75h8L9.75 5.75v-4"/>`,
	IconFilter:     `<path d="M2 4h12M4.5 8h7M7 12h2"/>`,
	IconNext:       `<path d="M6 3.5 10.5 8 6 12.5"/>`,
	IconDown:       `<path d="M3.5 6 8 10.5 12.5 6"/>`,
	IconArrow:      `<path d="M2.5 8h11M9.25 3.75 13.5 8l-4.25 4.25"/>`,
	IconPlus:       `<path d="M8 3v10M3 8h10"/>`,
	IconCheck:      `<path d="M3.25 8.5 6.5 11.75l6.25-7"/>`,
	IconClose:      `<path d="M4 4l8 8M12 4l-8 8"/>`,
	IconMore:       `<path d="M3 8h.01M8 8h.01M13 8h.01" stroke-width="2.25"/>`,
	IconMenu:       `<path d="M2 4h12M2 8h12M2 12h12"/>`,
	IconUp:         `<path d="M3.5 10.5 8 6l4.5 4.5"/>`,
	IconMail:       `<path d="M1.75 3.5h12.5v9H1.75zM2 4l6 5 6-5"/>`,
}

// Icon draws an icon of the set, for the eye only.
func Icon(name IconName) templ.Component { return icon(name, "icon") }

func icon(name IconName, class string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `<svg class="`+class+`" viewBox="0 0 16 16" aria-hidden="true">`+drawings[name]+`</svg>`)
		return err
	})
}

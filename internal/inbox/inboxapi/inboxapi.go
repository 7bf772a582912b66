// Package inboxapi is the JSON interface of the inbox: what needs whoever asks,
// what they put off, and what they wait for others to do.
//
// A token with the scope inbox:read reads the inbox of its owner, whatever
// rooms it is good for otherwise.
package inboxapi

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/inbox"
)

var tags = []string{"Inbox"}

// Register adds the operations. Clock tells the groups of todos.
func Register(a *api.API, s *inbox.Service, clock func() time.Time) {
	h := &operations{s, clock}
	api.Register(a, huma.Operation{
		OperationID: "list-inbox", Method: http.MethodGet, Path: api.Prefix + "/inbox", Tags: tags, Summary: "List what needs you",
		Description: "The most urgent first, those without a date last. `missing` names the rooms that could not be asked: what they know of is not in the list.",
		Security:    api.Scope("inbox:read"),
	}, h.list)
	api.Register(a, huma.Operation{
		OperationID: "snooze-todo", Method: http.MethodPost, Path: api.Prefix + "/inbox/{key}/snooze", Tags: tags, Summary: "Put a todo off until a day",
		Security: api.Scope("inbox:write"), DefaultStatus: http.StatusOK,
	}, h.snooze)
	api.Register(a, huma.Operation{
		OperationID: "wake-todo", Method: http.MethodDelete, Path: api.Prefix + "/inbox/{key}/snooze", Tags: tags, Summary: "Show a todo again that was put off",
		Description: "It may be repeated.", Security: api.Scope("inbox:write"), DefaultStatus: http.StatusNoContent,
	}, h.wake)
}

type operations struct {
	inbox *inbox.Service
	clock func() time.Time
}

// Todo is one thing to do.
type Todo struct {
	Key     inbox.Key   `json:"key" doc:"Names the todo as long as it is the same one."`
	Kind    inbox.Kind  `json:"kind" doc:"hiring, pages, people, organisation, direction, growth, indicators or server."`
	Title   string      `json:"title"`
	Note    string      `json:"note,omitempty"`
	URL     string      `json:"url,omitempty" doc:"The page on which it is done, from the address of the server."`
	Action  string      `json:"action,omitempty" doc:"What is done there, as a verb."`
	Group   inbox.Group `json:"group" doc:"late, today, this_week (until Sunday), later or no_date, in the time zone that was asked for."`
	DueAt   *time.Time  `json:"due_at,omitempty" doc:"A moment until which it is to be done."`
	DueDay  string      `json:"due_day,omitempty" doc:"A day at whose end it is to be done, where whoever reads is."`
	Since   *time.Time  `json:"since,omitempty" doc:"When it was asked for."`
	Because *Cause      `json:"because,omitempty" doc:"The line that causes it."`
	Who     string      `json:"waits_for,omitempty" doc:"Whom it waits for, if that is not you."`
	Until   string      `json:"snoozed_until,omitempty" doc:"The day on which it is shown again."`
}

// Cause is a line of a page or of a policy pack.
type Cause struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	URL  string `json:"url,omitempty"`
	Text string `json:"text"`
}

// Zone is the part of an input that says where whoever asks is.
type Zone struct {
	Zone string `query:"time_zone" maxLength:"64" default:"UTC" example:"Europe/Oslo" doc:"Name of the time zone in which days begin and end."`
}

// location returns the zone.
func location(name, field string) (*time.Location, error) {
	z, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fault.New(fault.Invalid, "%w", &api.FieldError{Field: field, Message: "is no time zone: its name is like Europe/Oslo"})
	}
	return z, nil
}

// ListInput says which todos are wanted.
type ListInput struct {
	api.Paging
	Zone
	State string `query:"state" enum:"open,snoozed,waiting" default:"open" doc:"What waits for you, what of that you put off, or what you wait for others to do."`
	Kind  string `query:"kind" enum:"hiring,pages,people,organisation,direction,growth,indicators,server" doc:"What it is about; missing means anything."`
}

// address returns the address of the list with its filters.
func (in *ListInput) address() *url.URL {
	v := url.Values{}
	for name, value := range map[string]string{"time_zone": in.Zone.Zone, "state": in.State, "kind": in.Kind} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return &url.URL{Path: api.Prefix + "/inbox", RawQuery: v.Encode()}
}

// ListOutput is a page of the list.
type ListOutput struct {
	Link string `header:"Link" doc:"The next page, with rel=\"next\" (RFC 8288)."`
	Body struct {
		Items   []Todo   `json:"items" nullable:"false" doc:"The most urgent first."`
		Next    string   `json:"next,omitempty" doc:"The value of after for the next page; missing on the last one."`
		Total   int      `json:"total" doc:"How many there are on all pages."`
		Missing []string `json:"missing" nullable:"false" doc:"Rooms that could not be asked."`
	}
}

// list lists todos.
func (h *operations) list(ctx context.Context, in *ListInput) (*ListOutput, error) {
	zone, err := location(in.Zone.Zone, "query.time_zone")
	if err != nil {
		return nil, err
	}
	after, isLater, err := api.ParseCursor[inbox.Place](in.After)
	if err != nil {
		return nil, err
	}
	l, err := h.inbox.Read(ctx, auth.From(ctx))
	if err != nil {
		return nil, err
	}
	todos, until := wanted(l, in)
	out := &ListOutput{}
	out.Body.Total, out.Body.Missing = len(todos), l.Missing
	if l.Missing == nil {
		out.Body.Missing = []string{}
	}
	if isLater {
		todos = inbox.After(todos, after)
	}
	page := api.NewPage(in.Paging, in.address(), todos[:min(len(todos), in.Limit+1)], inbox.Todo.Place)
	out.Link, out.Body.Next = page.Link, page.Body.Next
	out.Body.Items = make([]Todo, len(page.Body.Items))
	for i, t := range page.Body.Items {
		out.Body.Items[i] = shown(inbox.Snoozed{Todo: t, Until: until[t.Key]}, h.clock().In(zone))
	}
	return out, nil
}

// wanted returns the part of an inbox that was asked for.
func wanted(l *inbox.List, in *ListInput) (todos []inbox.Todo, until map[inbox.Key]calendar.Day) {
	all := l.Todos
	switch in.State {
	case "snoozed":
		until, all = map[inbox.Key]calendar.Day{}, nil
		for _, t := range l.Snoozed {
			until[t.Key] = t.Until
			all = append(all, t.Todo)
		}
	case "waiting":
		all = l.Others
	}
	for _, t := range all {
		if in.Kind == "" || string(t.Kind) == in.Kind {
			todos = append(todos, t)
		}
	}
	return todos, until
}

// shown returns a todo as the interface shows it, at a moment in the zone of
// whoever asks.
func shown(t inbox.Snoozed, now time.Time) Todo {
	out := Todo{
		Key: t.Key, Kind: t.Kind, Title: t.Say, Note: t.Note, URL: t.Href, Action: t.Act, Group: t.Due.Group(now),
		Who: t.Who, Until: string(t.Until), DueAt: moment(t.Due.At), Since: moment(t.Since),
	}
	if t.Due.Day.IsKnown() {
		out.DueDay = string(t.Due.Day)
	}
	if c := t.Because; c.Text != "" {
		out.Because = &Cause{c.File, c.Line, c.Href, c.Text}
	}
	return out
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// KeyInput names a todo.
type KeyInput struct {
	Key string `path:"key" maxLength:"200" example:"hiring:scorecard:4711"`
}

// SnoozeInput puts a todo off.
type SnoozeInput struct {
	KeyInput
	Body struct {
		Until string `json:"until_day" format:"date" doc:"The day on which it is shown again."`
		Zone  string `json:"time_zone,omitempty" maxLength:"64" doc:"Where the day begins, such as Europe/Oslo; missing means UTC."`
	}
}

// TodoOutput is a todo.
type TodoOutput struct {
	Body Todo
}

// snooze puts a todo off.
func (h *operations) snooze(ctx context.Context, in *SnoozeInput) (*TodoOutput, error) {
	zone, err := location(in.Body.Zone, "body.time_zone")
	if err != nil {
		return nil, err
	}
	until, err := calendar.ParseDay(in.Body.Until)
	found := inbox.Snoozed{}
	if err == nil {
		found, err = h.inbox.Snooze(ctx, auth.From(ctx), inbox.Key(in.Key), until, zone)
	}
	if fault.KindOf(err) == fault.Invalid && err != nil {
		return nil, fault.New(fault.Invalid, "%w", &api.FieldError{Field: "body.until_day", Message: err.Error()})
	}
	if err != nil {
		return nil, err
	}
	return &TodoOutput{Body: shown(found, h.clock().In(zone))}, nil
}

// wake shows a todo again.
func (h *operations) wake(ctx context.Context, in *KeyInput) (*struct{}, error) {
	return nil, h.inbox.Wake(ctx, auth.From(ctx), inbox.Key(in.Key))
}

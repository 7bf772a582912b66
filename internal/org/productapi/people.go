package productapi

import (
	"context"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/org/product"
)

// BoardInput says which board is wanted.
type BoardInput struct {
	AsOf
	Kind string `query:"kind" enum:"section,stage,group,category,use_case" default:"group" doc:"Whose counterparts."`
}

// BoardFunction is a column of the board.
type BoardFunction struct {
	Function string `json:"function"`
	Primary  bool   `json:"primary" doc:"That it belongs to the primary set."`
	Nodes    int    `json:"nodes"`
	Named    int    `json:"named" doc:"Nodes that name somebody, acting or not."`
	Filled   int    `json:"filled" doc:"Nodes that name somebody who is not acting."`
	Acting   int    `json:"acting"`
	Open     int    `json:"open" doc:"Nodes that say that it is open."`
}

// BoardRow is a node or use case on the board.
type BoardRow struct {
	Subject  string        `json:"subject"`
	Title    string        `json:"title"`
	Primary  int           `json:"primary_percent"`
	Complete int           `json:"complete_percent"`
	Met      *calendar.Day `json:"last_met" nullable:"true"`
	Holders  []HolderEntry `json:"holders" nullable:"false"`
	Gaps     []string      `json:"gaps" nullable:"false" doc:"Functions that nobody holds who is not only acting."`
}

// Stretched is somebody who stands beside many nodes.
type Stretched struct {
	Person   string   `json:"person,omitempty"`
	Name     string   `json:"name"`
	Subjects []string `json:"subjects" nullable:"false"`
}

// BoardOutput is a board of counterparts.
type BoardOutput struct {
	Body struct {
		Day       calendar.Day    `json:"day"`
		Functions []BoardFunction `json:"functions" nullable:"false"`
		Rows      []BoardRow      `json:"rows" nullable:"false"`
		Stretched []Stretched     `json:"stretched" nullable:"false"`
		From      int             `json:"stretched_from" doc:"From how many nodes somebody is marked."`
	}
}

// board reads who stands beside what.
func (h *operations) board(ctx context.Context, in *BoardInput) (*BoardOutput, error) {
	d, err := in.day()
	if err != nil {
		return nil, err
	}
	b, err := h.product.Board(ctx, auth.From(ctx), in.Kind, d)
	if err != nil {
		return nil, err
	}
	out := &BoardOutput{}
	out.Body.Day, out.Body.From = b.Day, b.From
	out.Body.Functions, out.Body.Rows, out.Body.Stretched = []BoardFunction{}, []BoardRow{}, []Stretched{}
	for _, f := range b.Functions {
		out.Body.Functions = append(out.Body.Functions, BoardFunction{string(f.Function), f.Primary, f.Nodes, f.Named, f.Filled, f.Acting, f.Open})
	}
	for _, r := range b.Rows {
		row := BoardRow{Subject: r.Subject.String(), Title: r.Title, Primary: r.Primary, Complete: r.Complete, Holders: []HolderEntry{}, Gaps: []string{}}
		if r.Met != "" {
			row.Met = &r.Met
		}
		for i, c := range r.Cells {
			if !c.Filled {
				row.Gaps = append(row.Gaps, string(b.Functions[i].Function))
			}
			for _, one := range c.Holders {
				row.Holders = append(row.Holders, holder(one))
			}
		}
		out.Body.Rows = append(out.Body.Rows, row)
	}
	for _, s := range b.Stretched {
		one := Stretched{Person: string(s.Person), Name: s.Called}
		for _, n := range s.Nodes {
			one.Subjects = append(one.Subjects, n.String())
		}
		out.Body.Stretched = append(out.Body.Stretched, one)
	}
	return out, nil
}

// SeatInput says who stands beside a subject.
type SeatInput struct {
	Body struct {
		Subject string   `json:"subject" minLength:"1" maxLength:"200"`
		Field   string   `json:"field" minLength:"1" maxLength:"100" doc:"That of a node's file, such as pm; the function for a use case."`
		Names   []string `json:"names" nullable:"false" maxItems:"50" doc:"As the files write them: \"TBD\", \"Ida Wharf (Acting)\". None takes the field away."`
		Seen    string   `json:"seen,omitempty" maxLength:"20000" doc:"What you have seen in the field, with commas; if it is otherwise now, nothing happens and the answer is 409."`
	}
}

// seat says who stands beside a subject.
func (h *operations) seat(ctx context.Context, in *SeatInput) (*Nothing, error) {
	s, err := subject("body.subject", in.Body.Subject)
	if err != nil {
		return nil, err
	}
	err = h.product.Seat(ctx, auth.From(ctx), product.Seating{Subject: s, Field: in.Body.Field, Names: in.Body.Names, Seen: in.Body.Seen})
	return &Nothing{}, err
}

// SubjectInput names a subject.
type SubjectInput struct {
	Subject string `query:"subject" required:"true" minLength:"1" maxLength:"200" doc:"A node or use case, such as group:vessel_calls."`
}

// MeetingEntry is a meeting of counterparts.
type MeetingEntry struct {
	ID        string       `json:"id"`
	Day       calendar.Day `json:"day"`
	Attendees []string     `json:"attendees" nullable:"false"`
	Indicator string       `json:"indicator,omitempty"`
	Notes     string       `json:"notes,omitempty" doc:"For those who stand beside the subject, and those who were there."`
	Sealed    bool         `json:"sealed" doc:"That there are notes which you may not read."`
}

// MeetingList are the meetings about a subject.
type MeetingList struct {
	Body struct {
		Items []MeetingEntry `json:"items" nullable:"false" doc:"The latest first."`
	}
}

// meetings lists meetings.
func (h *operations) meetings(ctx context.Context, in *SubjectInput) (*MeetingList, error) {
	s, err := subject("query.subject", in.Subject)
	if err != nil {
		return nil, err
	}
	all, err := h.product.Meetings(ctx, auth.From(ctx), s)
	if err != nil {
		return nil, err
	}
	out := &MeetingList{}
	out.Body.Items = []MeetingEntry{}
	for _, m := range all {
		e := MeetingEntry{ID: m.ID, Day: m.Day, Attendees: []string{}, Indicator: m.Indicator, Notes: m.Notes, Sealed: m.Sealed}
		for _, a := range m.Attendees {
			e.Attendees = append(e.Attendees, a.Called)
		}
		out.Body.Items = append(out.Body.Items, e)
	}
	return out, nil
}

// NoteInput notes a meeting.
type NoteInput struct {
	Body struct {
		Subject   string   `json:"subject" minLength:"1" maxLength:"200"`
		Day       string   `json:"day,omitempty" format:"date" doc:"Missing means today."`
		Attendees []string `json:"attendees" nullable:"false" minItems:"1" maxItems:"100"`
		Indicator string   `json:"indicator,omitempty" maxLength:"2000" doc:"Address of the indicator that it was about."`
		Notes     string   `json:"notes,omitempty" maxLength:"20000"`
	}
}

// Made is what was made.
type Made struct {
	Body struct {
		ID string `json:"id"`
	}
}

func made(id string, err error) (*Made, error) {
	out := &Made{}
	out.Body.ID = id
	return out, err
}

// note notes a meeting.
func (h *operations) note(ctx context.Context, in *NoteInput) (*Made, error) {
	m := product.Meeting{Indicator: in.Body.Indicator, Notes: in.Body.Notes}
	var err error
	if m.Subject, err = subject("body.subject", in.Body.Subject); err != nil {
		return nil, err
	}
	if m.Day, err = day("body.day", in.Body.Day); err != nil {
		return nil, err
	}
	return made(h.product.Note(ctx, auth.From(ctx), m, in.Body.Attendees))
}

// DRIEntry is who is directly responsible.
type DRIEntry struct {
	ID      string        `json:"id,omitempty" doc:"Missing for whoever the files name, where the register is silent."`
	Subject string        `json:"subject"`
	Title   string        `json:"title,omitempty"`
	Kind    string        `json:"kind"`
	Person  string        `json:"person,omitempty"`
	Name    string        `json:"name"`
	Acting  bool          `json:"acting"`
	Since   calendar.Day  `json:"since"`
	Until   *calendar.Day `json:"until" nullable:"true"`
}

// DRIGap is a responsibility that not exactly one person has.
type DRIGap struct {
	Subject string     `json:"subject"`
	Title   string     `json:"title"`
	Kind    string     `json:"kind"`
	Found   []DRIEntry `json:"found" nullable:"false"`
}

func driEntry(d *product.DRI) DRIEntry {
	return DRIEntry{string(d.ID), d.Subject.String(), d.Title, d.Kind, string(d.Person), d.Called, d.Acting, d.Since, until(d.Span)}
}

func driEntries(all []product.DRI) []DRIEntry {
	out := []DRIEntry{}
	for i := range all {
		out = append(out, driEntry(&all[i]))
	}
	return out
}

func driGaps(all []product.Gap) []DRIGap {
	out := []DRIGap{}
	for _, g := range all {
		out = append(out, DRIGap{g.Subject.String(), g.Title, g.Kind, driEntries(g.Found)})
	}
	return out
}

// RegisterOutput is the register of DRIs.
type RegisterOutput struct {
	Body struct {
		Day   calendar.Day `json:"day"`
		Items []DRIEntry   `json:"items" nullable:"false"`
		Gaps  []DRIGap     `json:"gaps" nullable:"false" doc:"Nobody is responsible, or only somebody acting."`
		Twice []DRIGap     `json:"several" nullable:"false" doc:"Several are named, and the register does not say who it is."`
	}
}

// register reads who is responsible.
func (h *operations) register(ctx context.Context, in *AsOf) (*RegisterOutput, error) {
	d, err := in.day()
	if err != nil {
		return nil, err
	}
	r, err := h.product.Responsible(ctx, auth.From(ctx), d)
	if err != nil {
		return nil, err
	}
	out := &RegisterOutput{}
	out.Body.Day, out.Body.Items, out.Body.Gaps, out.Body.Twice = r.Day, driEntries(r.DRIs), driGaps(r.Gaps), driGaps(r.Twice)
	return out, nil
}

// AppointInput makes somebody responsible.
type AppointInput struct {
	Body struct {
		Subject string `json:"subject" minLength:"1" maxLength:"200"`
		Kind    string `json:"kind" minLength:"1" maxLength:"100" doc:"Of the policy pack: for what; the role for a use case."`
		Person  string `json:"person" minLength:"1" maxLength:"100" doc:"Id of the person."`
		Since   string `json:"since,omitempty" format:"date" doc:"Missing means today."`
		Until   string `json:"until,omitempty" format:"date" doc:"The first day on which they are not any more; missing means for good."`
	}
}

func (in *AppointInput) appointment() (a product.Appointment, err error) {
	a = product.Appointment{Kind: in.Body.Kind, Person: product.PersonID(in.Body.Person)}
	if a.Subject, err = subject("body.subject", in.Body.Subject); err != nil {
		return a, err
	}
	if a.Since, err = day("body.since", in.Body.Since); err != nil {
		return a, err
	}
	a.Until, err = day("body.until", in.Body.Until)
	return a, err
}

// appoint makes somebody responsible.
func (h *operations) appoint(ctx context.Context, in *AppointInput) (*Made, error) {
	a, err := in.appointment()
	if err != nil {
		return nil, err
	}
	id, err := h.product.Appoint(ctx, auth.From(ctx), a)
	return made(string(id), err)
}

// EndInput ends a responsibility.
type EndInput struct {
	ID   string `path:"id" maxLength:"100"`
	Body struct {
		Day string `json:"day,omitempty" format:"date" doc:"The first day on which they are not responsible any more; missing means today."`
	}
}

// endDRI ends a responsibility.
func (h *operations) endDRI(ctx context.Context, in *EndInput) (*Nothing, error) {
	d, err := day("body.day", in.Body.Day)
	if err != nil {
		return nil, err
	}
	return &Nothing{}, h.product.EndDRI(ctx, auth.From(ctx), product.DRIID(in.ID), d)
}

// HandoversInput says which handovers are wanted.
type HandoversInput struct {
	Subject string `query:"subject" maxLength:"200" doc:"Only those of a node or use case."`
	Open    bool   `query:"open" doc:"Only those with steps that are not done."`
}

// HandoverEntry is a responsibility that passes on.
type HandoverEntry struct {
	ID      string       `json:"id"`
	Subject string       `json:"subject"`
	Kind    string       `json:"kind"`
	From    string       `json:"from,omitempty"`
	To      string       `json:"to"`
	Day     calendar.Day `json:"day"`
	Steps   []struct {
		Step int           `json:"step"`
		Text string        `json:"text"`
		Done *calendar.Day `json:"done" nullable:"true"`
		Link string        `json:"link,omitempty"`
	} `json:"steps" nullable:"false"`
	Left int `json:"left" doc:"Steps that are not done."`
}

// HandoverList are handovers.
type HandoverList struct {
	Body struct {
		Items []HandoverEntry `json:"items" nullable:"false" doc:"The latest first."`
	}
}

// handovers lists handovers.
func (h *operations) handovers(ctx context.Context, in *HandoversInput) (*HandoverList, error) {
	var s product.Subject
	var err error
	if in.Subject != "" {
		if s, err = subject("query.subject", in.Subject); err != nil {
			return nil, err
		}
	}
	all, err := h.product.Handovers(ctx, auth.From(ctx), s, in.Open)
	if err != nil {
		return nil, err
	}
	out := &HandoverList{}
	out.Body.Items = []HandoverEntry{}
	for _, one := range all {
		e := HandoverEntry{ID: string(one.ID), Subject: one.Subject.String(), Kind: one.Kind, From: string(one.From), To: string(one.To), Day: one.Day, Left: one.Left}
		e.Steps = list(e.Steps)
		for _, st := range one.Steps {
			e.Steps = append(e.Steps, struct {
				Step int           `json:"step"`
				Text string        `json:"text"`
				Done *calendar.Day `json:"done" nullable:"true"`
				Link string        `json:"link,omitempty"`
			}{st.Position, st.Words, known(st.Done), st.Link})
		}
		out.Body.Items = append(out.Body.Items, e)
	}
	return out, nil
}

// known returns a day; nil for one that is not known.
func known(d calendar.Day) *calendar.Day {
	if d == "" {
		return nil
	}
	return &d
}

// handOver hands a responsibility over.
func (h *operations) handOver(ctx context.Context, in *AppointInput) (*Made, error) {
	a, err := in.appointment()
	if err != nil {
		return nil, err
	}
	id, err := h.product.HandOver(ctx, auth.From(ctx), a)
	return made(string(id), err)
}

// TickInput says whether a step is done.
type TickInput struct {
	ID   string `path:"id" maxLength:"100"`
	Step int    `path:"step" minimum:"0"`
	Body struct {
		Done bool   `json:"done"`
		Link string `json:"link,omitempty" maxLength:"2000" doc:"Where the result is."`
	}
}

// tick says whether a step is done.
func (h *operations) tick(ctx context.Context, in *TickInput) (*Nothing, error) {
	return &Nothing{}, h.product.Tick(ctx, auth.From(ctx), product.HandoverID(in.ID), in.Step, in.Body.Done, in.Body.Link)
}

// CoverageOutput says which nodes are covered.
type CoverageOutput struct {
	Body struct {
		Day   calendar.Day `json:"day"`
		Nodes int          `json:"nodes"`
		Right int          `json:"right" doc:"Nodes with exactly one product manager who answers for them."`
		None  []DRIGap     `json:"none" nullable:"false"`
		Many  []DRIGap     `json:"several" nullable:"false"`
	}
}

// coverage reads which nodes are covered.
func (h *operations) coverage(ctx context.Context, in *AsOf) (*CoverageOutput, error) {
	d, err := in.day()
	if err != nil {
		return nil, err
	}
	c, err := h.product.Coverage(ctx, auth.From(ctx), d)
	if err != nil {
		return nil, err
	}
	out := &CoverageOutput{}
	out.Body.Day, out.Body.Nodes, out.Body.Right, out.Body.None, out.Body.Many = c.Day, len(c.Rows), c.Right, driGaps(c.None), driGaps(c.Many)
	return out, nil
}

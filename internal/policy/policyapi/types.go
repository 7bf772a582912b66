package policyapi

import (
	"encoding/json"
	"time"

	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
)

// PolicyPlace is a part of a document.
type PolicyPlace struct {
	Document string `json:"document" doc:"The title of the document."`
	Date     string `json:"date,omitempty" doc:"The day or month of the document, where it is known."`
	Weak     bool   `json:"weak" doc:"Whether the document is weaker evidence than others."`
	Where    string `json:"where,omitempty" doc:"A line or a page of it."`
}

// PolicySource is where a value comes from.
type PolicySource struct {
	Text       string        `json:"text" doc:"As the pack writes it; of an override, why it is so."`
	Note       string        `json:"note,omitempty" doc:"What else is to be known, such as what another document says."`
	Pack       string        `json:"pack,omitempty" doc:"The pack that states the value; missing for an override."`
	Overridden bool          `json:"overridden"`
	Weak       bool          `json:"weak" doc:"Whether the source is nothing but weaker evidence, or a default of Cadre."`
	Places     []PolicyPlace `json:"places" nullable:"false"`
}

// PolicyValue is a value of the policy.
type PolicyValue struct {
	Path    string       `json:"path" doc:"Such as rooms.hiring.scorecards.due_business_days."`
	Room    string       `json:"room" doc:"The room that goes by it; pages are job-family pages."`
	Meaning string       `json:"meaning"`
	Kind    string       `json:"kind" doc:"number, decimal, text, yes or no, list, table and so on."`
	Choices []string     `json:"choices" nullable:"false" doc:"The words that it, or its items, may be; empty if there is no such limit."`
	Value   any          `json:"value"`
	Source  PolicySource `json:"source"`
}

// PolicyDecision chooses a pack or overrides a value.
type PolicyDecision struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind" enum:"pack,value"`
	Path      string     `json:"path,omitempty" doc:"Of the value that is overridden."`
	Value     string     `json:"value" doc:"The value as YAML in one line, or the name of the pack."`
	Reason    string     `json:"reason"`
	Since     time.Time  `json:"since"`
	DecidedBy string     `json:"decided_by,omitempty" doc:"The id of a principal, for those who may see it."`
	Until     *time.Time `json:"until,omitempty" doc:"Missing while it counts."`
	EndedBy   string     `json:"ended_by,omitempty"`
	EndReason string     `json:"end_reason,omitempty" doc:"Missing if another decision took its place."`
}

// LapsedDecision is a decision that this version of Cadre cannot follow.
type LapsedDecision struct {
	Decision PolicyDecision `json:"decision"`
	Why      string         `json:"why"`
}

// PolicyPack is a pack to choose.
type PolicyPack struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Extends string `json:"extends,omitempty"`
	Chosen  bool   `json:"chosen" doc:"Whether it is the one that counts."`
	Differs int    `json:"differs" doc:"By how many values it differs from the one that counts."`
}

// PolicyDifference is a value that two packs have apart.
type PolicyDifference struct {
	Path    string      `json:"path"`
	Meaning string      `json:"meaning"`
	Old     PolicyValue `json:"old"`
	New     PolicyValue `json:"new"`
}

func value(v policy.Value) PolicyValue {
	out := PolicyValue{Path: v.Path, Room: v.Room(), Meaning: v.Doc, Kind: v.Kind, Choices: v.Choices, Source: source(v.Source)}
	if out.Choices == nil {
		out.Choices = []string{}
	}
	_ = json.Unmarshal(v.JSON, &out.Value) // it was written as JSON
	return out
}

func values(list []policy.Value) []PolicyValue {
	out := make([]PolicyValue, len(list))
	for i, v := range list {
		out[i] = value(v)
	}
	return out
}

func source(s policy.Source) PolicySource {
	out := PolicySource{Text: s.Text, Note: s.Note, Overridden: s.Overridden, Weak: s.IsWeak(), Places: make([]PolicyPlace, len(s.Places))}
	if !s.Overridden {
		out.Pack = s.Pack
	}
	for i, p := range s.Places {
		out.Places[i] = PolicyPlace{p.Document.Title, p.Document.Date, p.Document.Weak, p.Where}
	}
	return out
}

func decision(d chosen.Decision) PolicyDecision {
	out := PolicyDecision{
		ID: d.ID, Kind: "value", Path: d.Path, Value: d.Value, Reason: d.Reason, Since: d.Since.UTC(),
		DecidedBy: string(d.By), EndedBy: string(d.EndedBy), EndReason: d.EndReason,
	}
	if d.IsChoice() {
		out.Kind = "pack"
	}
	if d.Until != nil {
		out.Until = new(d.Until.UTC())
	}
	return out
}

func decisions(list []chosen.Decision) []PolicyDecision {
	out := make([]PolicyDecision, len(list))
	for i, d := range list {
		out[i] = decision(d)
	}
	return out
}

// Package catalog is the first room: the job families of an organisation as
// they were published, for ever.
//
// A family is one page, over all its versions. Publishing takes a set of pages
// (a folder, a git revision, an archive), compiles them, and refuses them while
// an error-level finding is neither corrected nor waived with a reason. What
// passes becomes a release: each family that changed gets a new version, the
// others keep theirs, and one that is gone is retired, not deleted. The same
// content again changes nothing. Behind this border nobody sees Markdown.
//
// A version never changes: its page, its model and its ids are kept whole. What
// also depends on other pages (findings, duties in force, ladders) is true as of
// a release, and is kept with it.
//
// Other rooms hold a Pin: a level of a version of a family. Ids of levels,
// duties, requirements, indicators and steps stay the same over versions as
// long as package delta can tell what became of what, so that one id leads from
// a line of Markdown to a chart.
//
// Everybody who signed in may read. Functions that take a store.Tx are for
// other rooms, within their transaction; they check no permission.
package catalog

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

//go:embed policies.cedar
var policies []byte

// Room returns the policies of the room.
func Room() auth.Room { return auth.Room{Name: "catalog", Policies: policies} }

// The actions of the room.
const (
	ReadFamily     auth.Action = "catalog.family.read"
	ReadRelease    auth.Action = "catalog.release.read"
	PublishRelease auth.Action = "catalog.release.publish"
	WaiveFinding   auth.Action = "catalog.finding.waive"
)

// Scopes lists the scopes that a token for the room can have.
func Scopes() []string { return []string{"catalog:read", "catalog:write"} }

// A FamilyID names a job family in all its versions, such as
// "product-management-leadership". It stands in addresses.
type FamilyID string

// AuthEntity implements auth.Thing.
func (id FamilyID) AuthEntity() auth.Entity { return auth.Entity{Kind: "family", ID: string(id)} }

// A LevelID names a level within its family, in all versions, such as
// "group-manager-product".
type LevelID string

// A ReleaseNumber counts releases from 1.
type ReleaseNumber int64

// AuthEntity implements auth.Thing.
func (n ReleaseNumber) AuthEntity() auth.Entity {
	return auth.Entity{Kind: "release", ID: strconv.FormatInt(int64(n), 10)}
}

// A Pin is a level of one version of a family: what somebody was hired for, or
// is held to. What it stands for never changes.
type Pin struct {
	Family  FamilyID
	Version int
	Level   LevelID
}

// String returns the pin as ParsePin reads it: "pilots@3#senior-pilot".
func (p Pin) String() string { return fmt.Sprintf("%s@%d#%s", p.Family, p.Version, p.Level) }

// ParsePin reads a pin that String wrote. The error is Invalid.
func ParsePin(text string) (Pin, error) {
	name, level, ok := strings.Cut(text, "#")
	id, number, ok2 := strings.Cut(name, "@")
	version, err := strconv.Atoi(number)
	if !ok || !ok2 || err != nil || version < 1 || id == "" || level == "" {
		return Pin{}, fault.New(fault.Invalid, "%q is no pin: it is written family@version#level", text)
	}
	return Pin{FamilyID(id), version, LevelID(level)}, nil
}

// A Service keeps the catalog. Its methods take the actor and check what that
// one may do; each is one transaction.
type Service struct {
	db      *store.DB
	auth    *auth.Authority
	journal *audit.Journal
	clock   func() time.Time
	models  *modelCache
	shelf   *shelf
}

// New returns the service over a database.
func New(db *store.DB, a *auth.Authority, j *audit.Journal, clock func() time.Time) *Service {
	return &Service{db: db, auth: a, journal: j, clock: clock, models: newModelCache(mostModelBytes), shelf: newShelf()}
}

// Tables lists what the room keeps, for the backup and the documents.
func Tables() []string {
	return []string{
		"catalog_release", "catalog_family", "catalog_version", "catalog_page", "catalog_level",
		"catalog_context", "catalog_waiver", "catalog_delivery", "catalog_upload",
	}
}

// MayPublish reports whether an actor may publish, for what is shown or left
// out.
func (s *Service) MayPublish(by auth.Actor) bool {
	return s.auth.May(by, PublishRelease, ReleaseNumber(0))
}

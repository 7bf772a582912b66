package house

import (
	"path"
	"regexp"
	"strings"
	"testing"
)

// A package writes only tables that begin with the name of its room, so that
// what one table holds has one place that sees to it.
func TestEachRoomWritesItsOwnTables(t *testing.T) {
	written := regexp.MustCompile(`(?i)\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+([a-z_]+)`)
	found := 0
	for _, file := range filesEnding(t, "queries.sql") {
		room, _, _ := strings.Cut(strings.TrimPrefix(path.Dir(file), "internal/"), "/")
		for _, match := range written.FindAllStringSubmatch(read(t, file), -1) {
			table := match[1]
			if strings.EqualFold(table, "SET") { // ON CONFLICT … DO UPDATE SET
				continue
			}
			found++
			if !strings.HasPrefix(table, room+"_") {
				t.Errorf("%s writes %s, which is not a table of the room %s", file, table, room)
			}
		}
	}
	if found == 0 {
		t.Error("no query writes anything")
	}
}

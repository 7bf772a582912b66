package delta_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/delta"
)

func TestZZ(t *testing.T) {
	for _, id := range strings.Fields(os.Getenv("EDIT")) {
		dir := corpus(t) + "/edits/" + id
		if strings.Contains(id, "/") {
			dir = id
		}
		fmt.Println("####", id)
		for _, c := range delta.Compare(compiled("old.md", read(t, dir, "old.md")), compiled("new.md", read(t, dir, "new.md"))) {
			fmt.Printf("%s %s [%s] %d>%d %s\n   - %.200s\n   + %.200s\n", c.Category, c.Kind, c.Level, c.LineOld, c.LineNew, c.About, c.Old, c.New)
		}
	}
}

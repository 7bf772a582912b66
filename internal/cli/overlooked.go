package cli

import (
	"path"
	"path/filepath"
	"slices"

	"github.com/cadre-hq/cadre/internal/config"
	"github.com/cadre-hq/cadre/internal/source"
)

// noteOverlooked names configurations that lie in the folders of pages, but
// below where the one of this run was found, or beside it: they do not count,
// which nobody would guess from the findings.
func (p *project) noteOverlooked(files []*source.File) {
	if p.app.quiet || p.app.configFile != "" || p.app.withoutConfig {
		return
	}
	here := source.BaseAt("")
	root := here.Abs(p.Root)
	seen := map[string]bool{}
	var found []string
	for _, f := range files {
		for folder := path.Dir(f.Path); !seen[folder]; folder = path.Dir(folder) {
			seen[folder] = true
			if isAbove(here.Abs(folder), root) || folder == "." || folder == "/" || folder == ".." {
				break
			}
			if file := path.Join(folder, config.Name); exists(file) {
				found = append(found, file)
			}
		}
	}
	slices.Sort(found)
	for _, file := range found {
		p.app.note("%s does not count here; it does where %s is named by itself", file, path.Dir(file))
	}
}

// isAbove reports whether a folder is another one, or holds it; both count from
// the root of the file system.
func isAbove(folder, other string) bool {
	rel, err := filepath.Rel(folder, other)
	return err == nil && filepath.IsLocal(rel)
}

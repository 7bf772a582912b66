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
	seen := map[string]bool{}
	var found []string
	for _, f := range files {
		for folder := path.Dir(f.Path); !seen[folder]; folder = path.Dir(folder) {
			seen[folder] = true
			if p.isAbove(folder) {
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

// isAbove reports whether a folder is that of the configuration, or holds it.
func (p *project) isAbove(folder string) bool {
	if folder == "." || folder == "/" || folder == ".." {
		return true
	}
	root, err := filepath.Abs(p.Root)
	if err != nil {
		return true
	}
	abs, err := filepath.Abs(folder)
	if err != nil {
		return true
	}
	rel, err := filepath.Rel(abs, root)
	return err == nil && filepath.IsLocal(rel)
}

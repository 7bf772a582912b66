package config

import (
	"os"
	"path/filepath"

	"github.com/cadre-hq/cadre/internal/fault"
)

// Surroundings are what the way up from the pages has shown.
type surroundings struct {
	file       string // the configuration, or ""
	root       string // its folder, or where the search began
	repository string // root of the git repository, or ""
}

// find looks for cadre.yaml in the folder of start and in those above it, up to
// the root of the git repository or of the file system. A start that does not
// exist counts as the nearest folder that does. It fails with Invalid for a
// file that was meant, but has a name that is not read.
func find(start string) (surroundings, error) {
	folder, err := filepath.Abs(start)
	if err != nil {
		return surroundings{}, err
	}
	for !isFolder(folder) && folder != filepath.Dir(folder) {
		folder = filepath.Dir(folder)
	}
	s := surroundings{root: folder}
	for ; ; folder = filepath.Dir(folder) {
		if s.file == "" {
			if s.file, err = fileIn(folder); err != nil {
				return s, err
			}
			if s.file != "" {
				s.root = folder
			}
		}
		if exists(filepath.Join(folder, ".git")) {
			s.repository = folder
			return s, nil
		}
		if folder == filepath.Dir(folder) {
			return s, nil
		}
	}
}

// misnamed are names that somebody may take for Name.
var misnamed = []string{"cadre.yml", ".cadre.yaml", ".cadre.yml"}

// fileIn returns the path of the configuration in a folder, or "".
func fileIn(folder string) (string, error) {
	path := filepath.Join(folder, Name)
	if exists(path) {
		return path, nil
	}
	for _, name := range misnamed {
		if other := filepath.Join(folder, name); exists(other) {
			return "", fault.New(fault.Invalid, "%s is not read: name it %s", shown(other), Name)
		}
	}
	return "", nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

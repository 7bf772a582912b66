// Package examples carries Meridian, the invented organisation, so that a
// demonstration runs from the program alone.
package examples

import (
	"embed"
	"io/fs"
)

//go:embed meridian
var files embed.FS

// Meridian returns the folder of the organisation: its handbook, data and
// configuration.
func Meridian() fs.FS {
	folder, err := fs.Sub(files, "meridian")
	if err != nil {
		panic(err) // it is embedded
	}
	return folder
}

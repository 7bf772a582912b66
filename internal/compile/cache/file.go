package cache

import (
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// prefix begins the names of the files of this package.
const prefix = "pages-"

// magic begins the files; its number changes with the encoding.
const magic = "cadre pages 1\n"

// What is kept for all runs of a user at most. The oldest files go first.
const (
	maxFiles = 64
	maxBytes = 64 << 20
)

// A file is magic, a checksum of all that follows, and the entries: the key,
// the length of the data and the data of each.

// read returns the entries of a file; none if it is not whole.
func read(file string) map[key]string {
	info, err := os.Stat(file)
	if err != nil || info.Size() > maxBytes {
		return nil
	}
	raw, err := os.ReadFile(file)
	if err != nil || len(raw) < len(magic)+4 || string(raw[:len(magic)]) != magic {
		return nil
	}
	sum, body := binary.LittleEndian.Uint32(raw[len(magic):]), raw[len(magic)+4:]
	if crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)) != sum {
		return nil
	}
	kept := map[key]string{}
	for rest := string(body); rest != ""; {
		if len(rest) < len(key{})+4 {
			return nil
		}
		k := key([]byte(rest[:len(key{})]))
		n := int(binary.LittleEndian.Uint32([]byte(rest[len(k) : len(k)+4])))
		if rest = rest[len(k)+4:]; n > len(rest) {
			return nil
		}
		kept[k], rest = rest[:n], rest[n:]
	}
	return kept
}

// write replaces a file, whole or not at all, and makes room for it. Whatever
// goes wrong, the next run finds the old file or none.
func write(file string, entries []entry) {
	body := []byte(magic)
	body = append(body, 0, 0, 0, 0)
	for _, e := range entries {
		body = append(body, e.key[:]...)
		body = binary.LittleEndian.AppendUint32(body, uint32(len(e.data)))
		body = append(body, e.data...)
	}
	start := len(magic) + 4
	sum := crc32.Checksum(body[start:], crc32.MakeTable(crc32.Castagnoli))
	binary.LittleEndian.PutUint32(body[len(magic):], sum)
	if len(body) > maxBytes {
		return
	}
	folder := filepath.Dir(file)
	if os.MkdirAll(folder, 0o700) != nil {
		return
	}
	temporary, err := os.CreateTemp(folder, prefix+"*.new")
	if err != nil {
		return
	}
	_, err = temporary.Write(body)
	if closed := temporary.Close(); err != nil || closed != nil || os.Rename(temporary.Name(), file) != nil {
		_ = os.Remove(temporary.Name())
		return
	}
	prune(folder)
}

// prune removes the oldest files of a folder until the limits hold. Files that
// are not ours stay.
func prune(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	var ours []os.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && strings.HasPrefix(e.Name(), prefix) {
			ours = append(ours, info)
		}
	}
	slices.SortStableFunc(ours, func(a, b os.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	var size int64
	for i, info := range ours {
		if size += info.Size(); i >= maxFiles || size > maxBytes {
			_ = os.Remove(filepath.Join(folder, info.Name()))
		}
	}
}

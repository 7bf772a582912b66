package cache

import (
	"bufio"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// prefix begins the names of the files of this package.
const prefix = "pages-"

// magic begins the files; its number changes with the encoding.
const magic = "cadre pages 2\n"

// What is kept for all runs of a user at most. The oldest files go first.
const (
	maxFiles = 64
	maxBytes = 64 << 20
)

// A file is magic, a checksum of all that follows, and the entries: the key,
// the length of the data and the data of each.

// headSize is what stands before the entries: magic and the checksum.
const headSize = len(magic) + 4

// newSum returns a checksum to be made.
func newSum() hash.Hash32 { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) }

// read returns the entries of a file; none if it is not whole.
func read(file string) map[key]string {
	body, ok := content(file)
	if !ok {
		return nil
	}
	kept := map[key]string{}
	for rest := body; rest != ""; {
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

// content returns what stands behind the head of a file, as one text of which
// all results become parts. It reports whether the file is whole.
func content(file string) (string, bool) {
	f, err := os.Open(file)
	if err != nil {
		return "", false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() > maxBytes {
		return "", false
	}
	head := make([]byte, headSize)
	if _, err := io.ReadFull(f, head); err != nil || string(head[:len(magic)]) != magic {
		return "", false
	}
	var body strings.Builder
	body.Grow(int(info.Size()) - headSize)
	sum := newSum()
	_, err = io.Copy(io.MultiWriter(&body, sum), f)
	return body.String(), err == nil && sum.Sum32() == binary.LittleEndian.Uint32(head[len(magic):])
}

// write replaces a file, whole or not at all, and makes room for it. Whatever
// goes wrong, the next run finds the old file or none.
func write(file string, entries []entry) {
	size := headSize
	for _, e := range entries {
		size += len(e.key) + 4 + len(e.data)
	}
	folder := filepath.Dir(file)
	if size > maxBytes || os.MkdirAll(folder, 0o700) != nil {
		return
	}
	temporary, err := os.CreateTemp(folder, prefix+"*.new")
	if err != nil {
		return
	}
	err = writeEntries(temporary, entries)
	if closed := temporary.Close(); err != nil || closed != nil || os.Rename(temporary.Name(), file) != nil {
		_ = os.Remove(temporary.Name())
		return
	}
	prune(folder)
}

// writeEntries writes entries to an empty file, and before them what tells that
// they are whole.
func writeEntries(f *os.File, entries []entry) error {
	head := append([]byte(magic), 0, 0, 0, 0) // the sum is known in the end
	if _, err := f.Write(head); err != nil {
		return err
	}
	sum := newSum()
	w := bufio.NewWriterSize(io.MultiWriter(f, sum), 64<<10)
	for _, e := range entries { // errors of w stay until Flush
		_, _ = w.Write(e.key[:])
		_, _ = w.Write(binary.LittleEndian.AppendUint32(w.AvailableBuffer(), uint32(len(e.data))))
		_, _ = w.WriteString(e.data)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := f.WriteAt(binary.LittleEndian.AppendUint32(nil, sum.Sum32()), int64(len(magic)))
	return err
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

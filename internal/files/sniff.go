package files

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
)

// A Type is a media type that was told by content, never by name or by what a
// sender says. "" is something unknown.
type Type string

// The types that can be told.
const (
	PDF      Type = "application/pdf"
	Word     Type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	Excel    Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	Slides   Type = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	OpenText Type = "application/vnd.oasis.opendocument.text"
	OpenCalc Type = "application/vnd.oasis.opendocument.spreadsheet"
	Text     Type = "text/plain"
	CSV      Type = "text/csv"
	Markdown Type = "text/markdown"
	PNG      Type = "image/png"
	JPEG     Type = "image/jpeg"
	WebP     Type = "image/webp"
	GIF      Type = "image/gif"
	ZIP      Type = "application/zip"
)

// types is what is known of each type: how people call it, and its endings,
// the usual one first.
var types = map[Type]struct {
	words   string
	endings []string
}{
	PDF: {"a PDF", []string{".pdf"}}, Word: {"a Word document (.docx)", []string{".docx"}},
	Excel: {"an Excel workbook (.xlsx)", []string{".xlsx"}}, Slides: {"a PowerPoint presentation (.pptx)", []string{".pptx"}},
	OpenText: {"an OpenDocument text (.odt)", []string{".odt"}}, OpenCalc: {"an OpenDocument spreadsheet (.ods)", []string{".ods"}},
	Text: {"plain text", []string{".txt", ".text", ".log"}}, CSV: {"a CSV table", []string{".csv"}},
	Markdown: {"Markdown", []string{".md", ".markdown"}},
	PNG:      {"a PNG picture", []string{".png"}}, JPEG: {"a JPEG picture", []string{".jpg", ".jpeg"}},
	WebP: {"a WebP picture", []string{".webp"}}, GIF: {"a GIF picture", []string{".gif"}},
	ZIP: {"a ZIP archive", []string{".zip"}},
}

// Words returns the type as people call it.
func (t Type) Words() string {
	if known, ok := types[t]; ok {
		return known.words
	}
	return "a file of a kind that is not known"
}

// IsPicture reports whether browsers show the type as a picture.
func (t Type) IsPicture() bool { return slices.Contains([]Type{PNG, JPEG, WebP, GIF}, t) }

// Accept returns what the attribute accept of a file field says for some types.
func Accept(list []Type) string {
	var all []string
	for _, t := range list {
		all = append(all, string(t))
		all = append(all, types[t].endings...)
	}
	return strings.Join(all, ",")
}

func (t Type) has(ending string) bool { return slices.Contains(types[t].endings, ending) }

func (t Type) ending() string {
	if e := types[t].endings; len(e) > 0 {
		return e[0]
	}
	return ".bin"
}

func wordsOfTypes(list []Type) string {
	words := make([]string, len(list))
	for i, t := range list {
		words[i] = t.Words()
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
	}
	return strings.Join(words, "")
}

// sniff returns the type of a content. The name decides only between kinds of
// text.
func sniff(head []byte, content io.ReaderAt, size int64, isText bool, name string) Type {
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return PDF
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return sniffArchive(content, size)
	}
	switch t := http.DetectContentType(head); {
	case Type(t).IsPicture():
		return Type(t)
	case isText && strings.HasPrefix(t, "text/plain"):
		for _, kind := range []Type{CSV, Markdown} {
			if kind.has(strings.ToLower(path.Ext(name))) {
				return kind
			}
		}
		return Text
	}
	return ""
}

// Bounds of what is looked at in an archive, and of what one may claim to hold
// once it is unpacked.
const (
	maxEntries  = 10_000
	maxUnpacked = 1 << 30
	maxRatio    = 200
)

// sniffArchive looks into a ZIP archive, which is what office documents are.
// One with macros, or that claims to unpack into far more than it is, is
// unknown.
func sniffArchive(content io.ReaderAt, size int64) Type {
	z, err := zip.NewReader(content, size)
	if err != nil || len(z.File) > maxEntries {
		return ""
	}
	names := map[string]*zip.File{}
	var unpacked uint64
	for _, f := range z.File {
		names[f.Name] = f
		if unpacked += f.UncompressedSize64; unpacked > maxUnpacked || unpacked > uint64(size)*maxRatio {
			return ""
		}
		if strings.EqualFold(path.Base(f.Name), "vbaProject.bin") {
			return ""
		}
	}
	if names["[Content_Types].xml"] != nil {
		for part, t := range map[string]Type{"word/document.xml": Word, "xl/workbook.xml": Excel, "ppt/presentation.xml": Slides} {
			if names[part] != nil {
				return t
			}
		}
		return ""
	}
	if f := names["mimetype"]; f != nil {
		r, err := f.Open()
		if err != nil {
			return ""
		}
		defer func() { _ = r.Close() }()
		said, _ := io.ReadAll(io.LimitReader(r, 100))
		if t := Type(said); t == OpenText || t == OpenCalc {
			return t
		}
		return ""
	}
	return ZIP
}

package diag

import "strings"

// uri returns a path as a URI reference: a relative one for a relative path, a
// file URI for an absolute one, be it of Unix or of Windows.
func uri(path string) string {
	switch {
	case strings.HasPrefix(path, "//"): // \\server\share
		return "file:" + escapePath(path)
	case strings.HasPrefix(path, "/"):
		return "file://" + escapePath(path)
	case hasDrive(path):
		return "file:///" + path[:2] + escapePath(path[2:])
	}
	return escapePath(path)
}

// hasDrive reports whether a path begins with the letter of a drive.
func hasDrive(path string) bool {
	if len(path) < 3 || path[1] != ':' || path[2] != '/' {
		return false
	}
	letter := path[0] | 0x20
	return letter >= 'a' && letter <= 'z'
}

// escapePath percent-encodes each byte that may not stand in the path of a URI
// (RFC 3986, pchar), and the colon, which would end a scheme.
func escapePath(path string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(path) {
		c := path[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
			strings.IndexByte("-._~!$&'()*+,;=@/", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

package mail

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"fmt"
	html "html/template"
	"strings"
	"sync"
	text "text/template"
	"time"

	gomail "github.com/wneessen/go-mail"
)

//go:embed letter.txt.tmpl
var textSource string

//go:embed letter.html.tmpl
var htmlSource string

// templates are parsed when the first letter is written.
var templates = sync.OnceValues(func() (*text.Template, *html.Template) {
	return text.Must(text.New("letter").Funcs(text.FuncMap{"wrap": wrap}).Parse(textSource)),
		html.Must(html.New("letter").Parse(htmlSource))
})

// A Sender is whom letters are from.
type Sender struct {
	Address Address
	Site    string // name of the installation, below each letter
}

// render returns a message as it is sent.
func (s Sender) render(m Message, at time.Time) (*gomail.Msg, error) {
	content := struct {
		Message
		Site string
	}{m, s.Site}
	asText, asHTML := templates()
	var plain, marked bytes.Buffer
	if err := asText.Execute(&plain, content); err != nil {
		return nil, fmt.Errorf("write letter: %w", err)
	}
	if err := asHTML.Execute(&marked, content); err != nil {
		return nil, fmt.Errorf("write letter: %w", err)
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.From(s.Address.Email); err != nil {
		return nil, fmt.Errorf("the sender of letters: %w", err)
	}
	from := msg.GetFrom()[0]
	from.Name = s.Address.Name
	msg.FromMailAddress(from)
	if err := msg.To(m.To.Email); err != nil {
		return nil, fmt.Errorf("a letter has an address that is none")
	}
	to := msg.GetTo()[0]
	to.Name = m.To.Name
	msg.ToMailAddress(to)
	msg.Subject(m.Subject)
	msg.SetDateWithValue(at)
	_, domain, _ := strings.Cut(s.Address.Email, "@")
	msg.SetMessageIDWithValue(newMessageID() + "@" + domain)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no automatic answers, please
	msg.SetBodyString(gomail.TypeTextPlain, plain.String())
	msg.AddAlternativeString(gomail.TypeTextHTML, marked.String())
	return msg, nil
}

func newMessageID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// wrap breaks a paragraph into lines of up to 72 characters, between words.
func wrap(paragraph string) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Fields(paragraph) {
		n := len([]rune(word))
		switch {
		case i == 0:
		case width+1+n > 72:
			b.WriteByte('\n')
			width = 0
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += n
	}
	return b.String()
}

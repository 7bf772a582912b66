package lint

import "testing"

func TestServed(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"a/x/index.html.md", "a/x"},
		{"a/x/index.html.md.erb", "a/x"},
		{"a/x/_index.md", "a/x"},
		{"a/x.md", "a/x"},
		{"a/x.html.md.erb", "a/x"},
		{"x.markdown", "x"},
		{"index.md", ""},
		{"/x.md", "/x"},
		{"a/v1.2.md", "a/v1.2"},
		{"../a/x.md", "../a/x"},
	} {
		if got := served(c.file); got != c.want {
			t.Errorf("served(%q) = %q, want %q", c.file, got, c.want)
		}
	}
}

func TestDestination(t *testing.T) {
	s := Settings{OwnHosts: []string{"www.meridian.example"}}
	for _, c := range []struct {
		target       string
		kind         targetKind
		path, anchor string
	}{
		{"#levels", samePage, "", "levels"},
		{"", samePage, "", ""},
		{"/people/values/?a=b#top", sitePath, "/people/values/", "top"},
		{"(/people/)", sitePath, "/people/", ""},
		{"../values.md#a", relative, "../values.md", "a"},
		{"values", relative, "values", ""},
		{"https://www.meridian.example/people/#a", sitePath, "/people/", "a"},
		{"HTTPS://WWW.Meridian.example", sitePath, "/", ""},
		{"//meridian.example/people/", elsewhere, "/people/", ""},
		{"mailto:a@meridian.example", elsewhere, "mailto:a@meridian.example", ""},
		{`{{< ref "values#a" >}}`, pageRef, "values", "a"},
		{`{{% relref "#a" %}}`, samePage, "", "a"},
		{`{{< youtube x >}}`, elsewhere, "", ""},
		{"/people/<%= name %>/", elsewhere, "", ""},
	} {
		d := s.destination(c.target)
		if d.kind != c.kind || d.path != c.path || d.anchor != c.anchor {
			t.Errorf("destination(%q) = %v %q %q, want %v %q %q", c.target, d.kind, d.path, d.anchor, c.kind, c.path, c.anchor)
		}
	}
}

func TestHostIn(t *testing.T) {
	list := []string{"intern.meridian.example", ".docs.example", "*.sheets.example"}
	for host, want := range map[string]bool{
		"intern.meridian.example": true, "intern.meridian.example:8443": true, "meridian.example": false,
		"a.docs.example": true, "docs.example": false, "xdocs.example": false, "a.b.sheets.example": true,
	} {
		if got := hostIn(host, list); got != want {
			t.Errorf("hostIn(%q) = %v, want %v", host, got, want)
		}
	}
}

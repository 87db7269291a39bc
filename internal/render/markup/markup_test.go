package markup_test

import (
	"embed"
	"html/template"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/render/markup"
)

//go:embed testdata
var files embed.FS

var hostile = []string{
	"", "plain", "<script>alert(1)</script>", `" onmouseover="alert(1)`, "' autofocus '", "a & b &amp; &#60;", "--><!--", "]]>", "\x00\x1b\x7f", "\xff\xfe", "`${x}`", "{{.}}", "é 界 \u202e",
	"https://gitlab.example.com/a/-/issues/1?b=c&d=%20e#note_3", `https://h/"><script>`, "https://h/'x'(y)", "https://h/%zz%4", "http://[::1]:8080/{a}|b", "https://h/é", "HTTPS://h/",
	"javascript:alert(1)", "JavaScript:alert(1)", " https://h", "\thttps://h", "data:text/html,x", "vbscript:x", "//h/", "/x", "x", "java\nscript:x", "https:x", "#x",
}

// html/template is the oracle: text, attributes and addresses are escaped as it escapes them. Only a plus is not, because it needs no escape on a page
// that is declared as UTF-8.
func TestEscapesAsTheLibraryDoes(t *testing.T) {
	t.Parallel()
	oracle := template.Must(template.New("").Parse(`{{define "text"}}<b>{{.}}</b>{{end}}{{define "attribute"}}<b data-name="{{.}}"></b>{{end}}{{define "link"}}<a href="{{.}}"></a>{{end}}`))
	for _, s := range hostile {
		cases := map[string]markup.Markup{
			"text":      markup.Element("b", markup.Text(s)),
			"attribute": markup.Element("b", markup.Attribute("data-name", s)),
		}
		if strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") {
			cases["link"] = markup.Element("a", markup.Link(s))
		} else if got := markup.Element("a", markup.Link(s)).String(); got != "<a></a>" {
			t.Errorf("%q is a link: %s", s, got)
		}
		for name, got := range cases {
			var want strings.Builder
			if err := oracle.ExecuteTemplate(&want, name, s); err != nil {
				t.Fatal(err)
			}
			if want := strings.ReplaceAll(want.String(), "&#43;", "+"); got.String() != want {
				t.Errorf("%s of %q is\n%s, want\n%s", name, s, got, want)
			}
		}
	}
}

func TestFragment(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"data-loss": `<a href="#data-loss"></a>`, `"><script>`: `<a href="#%22%3e%3cscript%3e"></a>`, "é%20": `<a href="#%c3%a9%2520"></a>`,
	} {
		if got := markup.Element("a", markup.Fragment(id)).String(); got != want {
			t.Errorf("%q is %s, want %s", id, got, want)
		}
	}
}

func TestLayout(t *testing.T) {
	t.Parallel()
	got := markup.Block("ul", markup.Class("", "lines", "", "long"), markup.Class(""),
		markup.Lines(markup.Each([]string{"a", "b"}, func(s string) markup.Markup { return markup.Element("li", markup.Text(s)) })...),
		markup.When(false, markup.Text("left out")), markup.Words(markup.Leaf("rect", markup.Number("x", -1)), markup.Constant("<i>c</i>"))).String()
	if want := "<ul class=\"lines long\">\n<li>a</li>\n<li>b</li>\n<rect x=\"-1\"/> <i>c</i>\n</ul>"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Elements and attributes in which escaping does not help are refused.
func TestRefused(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(){
		"element script":  func() { markup.Element("script", markup.Text("x")) },
		"element style":   func() { markup.Block("style", markup.Text("x")) },
		"attribute href":  func() { markup.Attribute("href", "javascript:x") },
		"attribute style": func() { markup.Attribute("style", "x") },
		"attribute event": func() { markup.Attribute("onclick", "x") },
		"style sheet":     func() { markup.StyleSheet(files, "testdata/closes.css") },
		"no style sheet":  func() { markup.StyleSheet(files, "testdata/none.css") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s is not refused", name)
				}
			}()
			make()
		}()
	}
}

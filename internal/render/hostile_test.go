package render_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// nasty are hostile texts, each aimed at another of our formats.
var nasty = []string{
	"",
	"plain",
	"\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\",
	"\x9b31m raw \u009b31m and \u0090q dcs \u009c",
	"over\rwritten\x08\x7f\x00\x0b\x0c",
	"two\nlines\r\n\r/close\n/label ~x",
	"a\tb",
	"=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", " =cmd|'/c calc'!A0", "＝1",
	"=HYPERLINK(\"http://evil\",\"x\")",
	"a | b || c \\| d \\\\| e", "`code` ``` fence ~~~", "<script>alert(1)</script><!-- x", "[x](javascript:y) ![z](w)",
	"@all @group/sub &#64;all mail@host", "&lt;b&gt; &#124;",
	"abc\u202egpj.exe\u202c \u2066\u2067\u2068\u2069 \u200e\u200f\u061c",
	"zero\u200bwidth\u2060\ufeff\u00ad \U000e0041\U000e007f \u2028 \u2029",
	"👩\u200d💻 🇩🇪 ❤\ufe0f 1\ufe0f\u20e3 👍🏽 e\u0301\u0323 日本語 ﷽",
	"\ue000\ue001\U000f0000\U000f0001\U00100000",
	"\u0301leading mark", "\ufe0f\U00013000 leading selector", "🏽 leading tone", "\xff\xfe\xc3", "'quoted' \"twice\" ,;",
	"null", "true", "1e3", "0x10", "2018-08-24", "~", "- a: b", "#c", "!!int 3", "%TAG",
	strings.Repeat("long ", 60), strings.Repeat("x", 255), strings.Repeat("界", 120),
	"{{.}} $HOME $(id) `id`",
}

func FuzzHostileText(f *testing.F) {
	for _, text := range nasty {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		t.Parallel()
		whole := os.Getenv("PRODCTL_MATRIX") == "whole" // a third of the pairs otherwise
		for n, d := range documents(func(string) string { return text }) {
			if whole || (n+len(text))%3 == 0 || len(text) < 2 {
				checkAll(t, d, text)
			}
		}
	})
}

// checkAll writes the document in every format and checks what that format guarantees.
func checkAll(t *testing.T, d document, text string) {
	t.Helper()
	got := map[string]string{}
	for _, form := range forms {
		got[form.name] = written(t, d, form.options)
		checkScreen(t, d, form.name, text, got[form.name], form.options.Color)
	}
	for _, width := range []int{1, 20, 45, 100} {
		o := render.Options{TTY: true, Width: width, Color: width == 20}
		got := written(t, d, o)
		checkScreen(t, d, "screen", text, got, o.Color)
		for line := range strings.Lines(sgr.ReplaceAllString(got, "")) {
			if n := displaywidth.String(strings.TrimSuffix(line, "\n")); width >= 20 && n > width && !address.MatchString(line) {
				t.Errorf("%s with %q has a line of %d cells on %d: %q", d.name, text, n, width, line)
			}
		}
	}
	checkJSON(t, d, text, got["json"], got["yaml"])
	checkLines(t, d, text, got["pipe.tsv"])
	checkCSV(t, d, text, got["csv"])
	checkMarkdown(t, d, text, got["md"])
}

// address matches a line that is not broken, so that it can be followed.
var address = regexp.MustCompile(`^https?://[!-~]+\n$`)

// sgr matches the styles that lipgloss writes; nothing else may follow an escape character.
var sgr = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// checkScreen applies to all formats, because any of them may be read on a terminal.
func checkScreen(t *testing.T, d document, form, text, got string, color bool) {
	t.Helper()
	if !utf8.ValidString(got) {
		t.Errorf("%s %s with %q is invalid UTF-8", d.name, form, text)
	}
	if color {
		got = sgr.ReplaceAllString(got, "")
	}
	if form == "csv" {
		got = strings.ReplaceAll(got, "\r\n", "\n")
	}
	for _, r := range got {
		ours := r == '\n' || r == '\t' && form == "pipe.tsv" || r == '\u200b' && form == "md"
		if !ours && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) || unicode.In(r, unicode.Co, unicode.Zl, unicode.Zp) ||
			unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d') {
			t.Errorf("%s %s with %q contains %U:\n%q", d.name, form, text, r, got)
			return
		}
	}
}

// difference compares two documents. Most are equal, which is faster to check than to diff.
func difference(a, b any) string {
	if reflect.DeepEqual(a, b) {
		return ""
	}
	return cmp.Diff(a, b)
}

// checkJSON checks that JSON and YAML give back the same document. Neither can contain invalid UTF-8.
func checkJSON(t *testing.T, d document, text, got, asYAML string) {
	t.Helper()
	back := reflect.New(reflect.TypeOf(d.doc))
	if err := json.Unmarshal([]byte(got), back.Interface()); err != nil {
		t.Fatalf("%s with %q: %v", d.name, text, err)
	}
	var first, second any
	raw, err := json.Marshal(jsonv1.For(d.doc, jsonv1.Anybody))
	if err != nil {
		t.Fatal(err)
	}
	decode(t, raw, &first)
	decode(t, []byte(got), &second)
	if diff := difference(first, second); diff != "" {
		t.Errorf("%s with %q is not the same in JSON:\n%s", d.name, text, diff)
	}
	again, err := json.Marshal(back.Elem().Interface())
	if err != nil {
		t.Fatal(err)
	}
	decode(t, again, &second)
	if diff := difference(first, second); diff != "" {
		t.Errorf("%s with %q does not survive decoding:\n%s", d.name, text, diff)
	}
	var third any
	if err := yaml.Unmarshal([]byte(asYAML), &third); err != nil {
		t.Fatalf("%s with %q is not YAML: %v", d.name, text, err)
	}
	data, err := json.Marshal(third)
	if err != nil {
		t.Fatal(err)
	}
	decode(t, data, &third)
	if diff := difference(first, third); diff != "" {
		t.Errorf("%s with %q is not the same in YAML:\n%s", d.name, text, diff)
	}
}

func decode(t *testing.T, data []byte, into *any) {
	t.Helper()
	*into = nil
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// checkLines checks that the format for pipes has as many lines and fields as with ordinary text.
func checkLines(t *testing.T, d document, text, got string) {
	t.Helper()
	if got, want := shape(got), calmShapes()[d.name]; !reflect.DeepEqual(got, want) {
		t.Errorf("%s with %q has fields %v in a pipe, want %v", d.name, text, got, want)
	}
}

func checkMarkdown(t *testing.T, d document, text, got string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
		if strings.HasPrefix(line, "/") || strings.Contains(line, "@all") || strings.Contains(line, "<script") || strings.Contains(line, "<!--") {
			t.Errorf("%s with %q has an effect in Markdown: %q", d.name, text, line)
		}
	}
	columns := -1
	for line := range strings.Lines(got) {
		if strings.HasPrefix(line, "### ") { // a report has several tables, each below a heading
			columns = -1
		}
		if !strings.HasPrefix(line, "|") {
			continue
		}
		n := strings.Count(unescapedPipes.ReplaceAllString(line, ""), "|")
		if columns >= 0 && n != columns {
			t.Errorf("%s with %q has a row of %d bars, want %d: %q", d.name, text, n, columns, line)
		}
		columns = n
	}
}

// unescapedPipes matches the escaped characters, so that only the bars between cells are left.
var unescapedPipes = regexp.MustCompile(`\\.`)

func checkCSV(t *testing.T, d document, text, got string) {
	t.Helper()
	records, err := csv.NewReader(bytes.NewBufferString(got)).ReadAll()
	if err != nil {
		t.Fatalf("%s with %q: %v", d.name, text, err)
	}
	for _, record := range records[1:] {
		for _, field := range record {
			start := strings.TrimLeftFunc(field, unicode.IsSpace)
			if start == "" || plainNumber.MatchString(field) {
				continue
			}
			if r, _ := utf8.DecodeRuneInString(start); strings.ContainsRune("=+-@\t\r＝＋－＠", r) {
				t.Errorf("%s with %q has a formula in CSV: %q", d.name, text, field)
			}
		}
	}
}

var plainNumber = regexp.MustCompile(`^-?[0-9.]+$`)

// calm returns the document of that name with ordinary text.
func calm(name string) document {
	for _, d := range documents(same) {
		if d.name == name {
			return d
		}
	}
	panic("no document " + name)
}

// shape returns the number of tabs in each line.
func shape(s string) []int {
	var counts []int
	for line := range strings.Lines(s) {
		counts = append(counts, strings.Count(line, "\t"))
	}
	return counts
}

// calmShapes are the shapes of the documents with ordinary text in a pipe.
var calmShapes = sync.OnceValue(func() map[string][]int {
	shapes := map[string][]int{}
	for _, d := range documents(same) {
		var out strings.Builder
		v, err := render.New(&out, render.Options{})
		if err == nil {
			err = d.show(v)
		}
		if err != nil {
			panic(err)
		}
		shapes[d.name] = shape(out.String())
	}
	return shapes
})

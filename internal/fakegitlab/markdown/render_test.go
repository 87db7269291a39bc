package markdown

import "testing"

func TestHTML(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":      "",
		"**x**": `<p data-sourcepos="1:1-1:5"><strong data-sourcepos="1:1-1:5">x</strong></p>`,
		"a *b* `c` ~~d~~": `<p data-sourcepos="1:1-1:15">a <em data-sourcepos="1:3-1:5">b</em> <code data-sourcepos="1:7-1:9">c</code> ` +
			`<del data-sourcepos="1:11-1:15">d</del></p>`,
		"**a *b***":               `<p data-sourcepos="1:1-1:9"><strong data-sourcepos="1:1-1:9">a <em data-sourcepos="1:5-1:7">b</em></strong></p>`,
		"snake_case_word 2 * 3":   `<p data-sourcepos="1:1-1:21">snake_case_word 2 * 3</p>`,
		`\*x\* <b> & "q"`:         `<p data-sourcepos="1:1-1:15">*x* &lt;b&gt; &amp; "q"</p>`,
		"one\ntwo **x**\n\nthree": "<p data-sourcepos=\"1:1-2:9\">one\ntwo <strong data-sourcepos=\"2:5-2:9\">x</strong></p>\n<p data-sourcepos=\"4:1-4:5\">three</p>",
		"a  \nb":                  "<p data-sourcepos=\"1:1-2:1\">a<br data-sourcepos=\"1:2-1:3\">\nb</p>",
		"# Title #\ntext":         "<h1 data-sourcepos=\"1:1-1:9\">Title</h1>\n<p data-sourcepos=\"2:1-2:4\">text</p>",
		"```go\n**x** <\n```":     "<pre lang=\"go\" data-sourcepos=\"1:1-3:3\"><code>**x** &lt;\n</code></pre>",
		"- a\n- **b**": "<ul data-sourcepos=\"1:1-2:7\">\n<li data-sourcepos=\"1:1-1:3\">a</li>\n" +
			"<li data-sourcepos=\"2:1-2:7\"><strong data-sourcepos=\"2:3-2:7\">b</strong></li>\n</ul>",
		"3. a":                   "<ol start=\"3\" data-sourcepos=\"1:1-1:4\">\n<li data-sourcepos=\"1:1-1:4\">a</li>\n</ol>",
		"[a](http://x.example)":  `<p data-sourcepos="1:1-1:21"><a data-sourcepos="1:1-1:21" href="http://x.example">a</a></p>`,
		"see <http://x.example>": `<p data-sourcepos="1:1-1:22">see <a data-sourcepos="1:5-1:22" href="http://x.example">http://x.example</a></p>`,
		"---":                    `<hr data-sourcepos="1:1-1:3">`,
	} {
		if got := HTML(text); got != want {
			t.Errorf("%q: got\n%s\nwant\n%s", text, got, want)
		}
	}
}

// FuzzHTML checks that rendering ends and does not panic.
func FuzzHTML(f *testing.F) {
	for _, text := range []string{"**a *b* `c`**\n- x\n```\n", "[a](b \"c\")\\\n_d_", "# # #\n***\n~~~\n<a:b>"} {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text string) { HTML(text) })
}

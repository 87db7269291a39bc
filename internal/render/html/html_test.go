package html

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func same(s string) string { return s }

// pageOf returns a document's page, which must be the same every time.
func pageOf(t rapid.TB, d document) string {
	t.Helper()
	got := d.page(berlin)
	if got != d.page(berlin) {
		t.Fatalf("%s gives a different page the second time", d.name)
	}
	return got
}

func TestHTMLGolden(t *testing.T) {
	t.Parallel()
	for _, d := range documents(same) {
		if d.name == "incident_stats_year" || d.name == "site_week" {
			continue // long, and similar to another one
		}
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			testkit.Golden(t, "render/"+d.name+".html", pageOf(t, d))
		})
	}
}

// hostileTexts are attacks on web pages. Those that would run do something that the harness notices.
var hostileTexts = []string{
	"<script>parent.ran.push(location.pathname);fetch('http://leak.test/script')</script>",
	"<img src=http://leak.test/image onerror=parent.ran.push(location.pathname)>",
	"</title></style></script><svg onload=parent.ran.push(location.pathname)>", "</bdi></section></main><h1>Nothing is burning.</h1>",
	"\" onmouseover=\"parent.ran.push(1)\" style=\"position:fixed;width:9999px", "' autofocus onfocus=parent.ran.push(location.pathname) '",
	"javascript:parent.ran.push(location.pathname)", "<style>@import 'http://leak.test/style';*{width:9999px}</style>", "<base href=http://leak.test/>",
	"<meta http-equiv=refresh content=0;url=http://leak.test/refresh>", "<iframe srcdoc='<script>parent.ran.push(1)</script>'>", "<link rel=stylesheet href=http://leak.test/link>",
	"{{.}} {{template \"bits\" .}} ${7*7}", "&lt;b&gt; &#60;script&#62; &amp;amp;", "--><!-- ]]> <![CDATA[",
	"abc\u202egpj.exe\u202c \u2066\u2067\u2069 \u200e\u200f\u061c", "\x1b[31mred\x00\x7f\u009b", "\xff\xfe\xc3", "zero\u200bwidth\ufeff \u2028 \U000e0041",
	strings.Repeat("wort", 60), strings.Repeat("界", 120), strings.Repeat("long ", 60), "👩\u200d💻 🇩🇪 👍🏽 e\u0301\u0323", "\u0301" + strings.Repeat("\u0338x", 20), "עברית and العربية",
	"line\n\n\nline\n" + strings.Repeat("\tindented", 30), "a/very/long/path/" + strings.Repeat("with/parts/", 20), "https://leak.test/" + strings.Repeat("x", 200),
}

// rotated gives each place of a document another of the texts, starting at one of them.
func rotated(from int) func(string) string {
	return func(string) string {
		from++
		return hostileTexts[from%len(hostileTexts)]
	}
}

var (
	tag      = regexp.MustCompile(`<[^>]*>?`)
	tagName  = regexp.MustCompile(`^</?([a-z][a-z0-9]*)( |>)`)
	hrefs    = regexp.MustCompile(`href="([^"]*)"`)
	quoted   = regexp.MustCompile(`"[^"]*"`)
	reaches  = regexp.MustCompile(`^(https?://[^/]|#|data:,$|[a-z0-9-]+\.(html|ics)$)`)
	events   = regexp.MustCompile(` (on[a-z]+|style|src|srcset|action|formaction)=`)
	elements = strings.Fields("html head meta link title style body main nav header section article h1 h2 h3 p span strong b bdi time a ul li dl div dt dd blockquote " +
		"table caption thead tbody tr th td figure figcaption svg desc rect line path circle text")
)

// checkPage fails if a page has an element, an attribute, an address or a character that our pages never have.
func checkPage(t rapid.TB, page string) {
	t.Helper()
	if !utf8.ValidString(page) {
		t.Fatal("invalid UTF-8")
	}
	for _, r := range page {
		if unicode.Is(unicode.Cc, r) && r != '\n' || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp, unicode.Co) || r == '\u200b' || r == '\ufeff' {
			t.Fatalf("%U is in the page", r)
		}
	}
	_, content, _ := strings.Cut(page, "\n") // after the document type
	head, rest, _ := strings.Cut(content, "<style>")
	_, rest, _ = strings.Cut(rest, "</style>")
	for _, element := range tag.FindAllString(head+rest, -1) {
		name := tagName.FindStringSubmatch(element)
		if name == nil || !strings.Contains(" "+strings.Join(elements, " ")+" ", " "+name[1]+" ") {
			t.Fatalf("the page has %s", element)
		}
		if unquoted := quoted.ReplaceAllString(element, `""`); events.MatchString(unquoted) {
			t.Fatalf("the page has %s", element)
		}
	}
	for _, to := range hrefs.FindAllStringSubmatch(page, -1) {
		if !reaches.MatchString(to[1]) {
			t.Fatalf("the page leads to %s", to[1])
		}
	}
	for _, single := range []string{"<h1>", "<main>", "</main>", "Content-Security-Policy"} {
		if strings.Count(page, single) != 1 {
			t.Fatalf("%s occurs %d times", single, strings.Count(page, single))
		}
	}
}

func TestHostilePages(t *testing.T) {
	t.Parallel()
	for from := range hostileTexts {
		for _, d := range documents(rotated(from)) {
			checkPage(t, pageOf(t, d))
		}
	}
}

func FuzzPages(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, d := range documents(func(string) string { return text }) {
			checkPage(t, pageOf(t, d))
		}
	})
}

// Only web addresses become links.
func TestAddresses(t *testing.T) {
	t.Parallel()
	for to, follows := range map[string]bool{
		"https://gitlab.example.com/a/-/issues/1": true, "http://127.0.0.1:8080/x": true, "https://h/?a=1&b=2#note_3": true,
		"javascript:alert(1)": false, "JavaScript:alert(1)": false, "data:text/html,x": false, "vbscript:x": false, "//evil.test/": false, "/x": false, "": false,
		"https:///x": false, "https://h/\nx": false, "https://h/ x": false, " https://h": false, "https://h/\u202e": false, "ftp://h/": false, "https:h": false,
	} {
		if got := link("#1", to).Href != ""; got != follows {
			t.Errorf("%q becomes a link: %t", to, got)
		}
		doc := jsonv1.NewHandoff("2018-08-24T15:30:00Z", emea(same), amer(same), []jsonv1.HandoffSection{
			{ID: "incidents", Entries: jsonv1.List[jsonv1.HandoffEntry]{{Ref: "acme/production#7", WebURL: to}}}})
		page := pageOf(t, document{"addresses", func(in *time.Location) string { return Handoff(doc, in) }})
		checkPage(t, page)
		if got := strings.Contains(page, `rel="noreferrer noopener"><bdi>acme/production#7</bdi></a>`); got != follows || !strings.Contains(page, "acme/production#7") {
			t.Errorf("%q is a link on the page: %t", to, got)
		}
	}
}

// The page of a document with withheld issues shows nothing about them but that they are confidential.
func TestPagesRedactWithheldIssues(t *testing.T) {
	t.Parallel()
	handoff, weekly, stats := handoffOf(same), weeklyOf(same), statsOf(same)
	const secret = "Leaked"
	for i := range handoff.Sections {
		for j := range handoff.Sections[i].Entries {
			e := &handoff.Sections[i].Entries[j]
			e.Confidential, e.Title, e.NextStep, e.LeftOff, e.Missing = true, secret, secret, secret, jsonv1.List[string]{secret}
			e.LastUpdate, e.Services, e.Assignees = &jsonv1.Update{At: secret, By: secret, Text: secret}, jsonv1.List[string]{secret}, jsonv1.List[string]{secret}
		}
	}
	for _, list := range [][]jsonv1.WeeklyIncident{weekly.Incidents, stats.Incidents} {
		for i := range list {
			list[i].Confidential, list[i].Title, list[i].Services = true, secret, jsonv1.List[string]{secret}
		}
	}
	for i := range weekly.Changes {
		weekly.Changes[i].Confidential, weekly.Changes[i].Title, weekly.Changes[i].Executor = true, secret, secret
	}
	for i := range weekly.Oncall {
		weekly.Oncall[i].Confidential, weekly.Oncall[i].Title, weekly.Oncall[i].Priority = true, secret, secret
	}
	for name, page := range map[string][2]func(*time.Location) string{
		"handoff": {func(in *time.Location) string { return Handoff(handoff, in) }, func(in *time.Location) string { return Handoff(jsonv1.For(handoff, jsonv1.Anybody), in) }},
		"weekly":  {func(in *time.Location) string { return Weekly(weekly, in) }, func(in *time.Location) string { return Weekly(jsonv1.For(weekly, jsonv1.Anybody), in) }},
		"stats":   {func(in *time.Location) string { return IncidentStats(stats, in) }, func(in *time.Location) string { return IncidentStats(jsonv1.For(stats, jsonv1.Anybody), in) }},
	} {
		if !strings.Contains(pageOf(t, document{name, page[0]}), secret) {
			t.Errorf("%s: the revealed page is redacted", name)
		}
		if got := pageOf(t, document{name, page[1]}); strings.Contains(got, secret) || !strings.Contains(got, "confidential") {
			t.Errorf("%s: the page leaks what is withheld, or does not mention it", name)
		}
	}
}

func TestHandoffVerdict(t *testing.T) {
	t.Parallel()
	doc := func(burning, may int, unknown ...string) jsonv1.Handoff {
		return jsonv1.Handoff{Unknown: unknown, Sections: jsonv1.List[jsonv1.HandoffSection]{
			{ID: "incidents", Urgency: jsonv1.Burning}, {ID: "data_loss", Urgency: jsonv1.Burning, Entries: make([]jsonv1.HandoffEntry, burning)},
			{ID: "mitigated", Urgency: jsonv1.AtRisk, Entries: make([]jsonv1.HandoffEntry, may)}}}
	}
	for _, tt := range []struct {
		doc  jsonv1.Handoff
		want string
		lvl  level
	}{
		{doc(0, 0), "Nothing is burning.", levelGood},
		{doc(0, 1), "Nothing is burning, but 1 item is at risk.", levelWarn},
		{doc(0, 2), "Nothing is burning, but 2 items are at risk.", levelWarn},
		{doc(0, 2, "x"), "Nothing known is burning, but some data could not be read.", levelWarn},
		{doc(1, 0), "1 issue is burning.", levelBad},
		{doc(2, 1, "x"), "2 issues are burning.", levelBad},
	} {
		if got := handoffVerdict(tt.doc); got.Text != tt.want || got.Level != tt.lvl {
			t.Errorf("got %s: %s, want %s: %s", got.Level, got.Text, tt.lvl, tt.want)
		}
	}
	if got := handoffVerdict(doc(1, 0)); got.Counts[0] != (tally{Level: levelBad, Number: 1, What: "burning", Part: "data-loss"}) {
		t.Errorf("the number leads to %+v, want the first section with entries", got.Counts[0])
	}
}

// Instants are on the team's clock, with its abbreviation at that moment.
func TestPageClock(t *testing.T) {
	t.Parallel()
	in, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	w := when{in}
	for _, tt := range []struct{ from, to, want string }{
		{"2018-08-24T04:00:00Z", "2018-08-24T16:00:00Z", "2018-08-24 06:00 to 18:00 CEST"},
		{"2018-08-24T16:00:00Z", "2018-08-25T04:00:00Z", "2018-08-24 18:00 to 2018-08-25 06:00 CEST"},
		{"2018-10-28T00:30:00Z", "2018-10-28T01:30:00Z", "2018-10-28 02:30 CEST to 02:30 CET"},
		{"2018-08-24T04:00:00Z", "", "2018-08-24 06:00 CEST"}, {"soon", "", "soon"},
	} {
		var got []string
		for _, b := range w.period(tt.from, tt.to) {
			got = append(got, b.Text)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s/%s is %q, want %q", tt.from, tt.to, got, tt.want)
		}
	}
	if got, want := w.moment("2018-08-24T04:00:00Z").Time, "2018-08-24T04:00:00Z"; got != want {
		t.Errorf("a program reads %s, want %s", got, want)
	}
}

func TestStripsOfAShift(t *testing.T) {
	t.Parallel()
	doc := handoffOf(same)
	list, missing := stripsOf(doc, when{time.UTC}, 720, 690)
	var got []string
	for _, s := range list {
		got = append(got, fmt.Sprintf("%s %d-%d on:%t planned:%t %s", s.name, s.from, s.to, s.ongoing, s.planned, s.value))
	}
	want := []string{
		"acme/production#39 -415-690 on:true planned:false 08-23 21:05",
		"acme/production#40 S3 190-228 on:false planned:false 07:10 to 07:48",
		"acme/production#41 S2 472-690 on:true planned:false 11:52",
		"acme/production#42 C2 540-780 on:true planned:false 13:00 to 17:00",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(missing) != 1 || missing[0] != "acme/production#44" {
		t.Errorf("missing: %v", missing)
	}
}

var property = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6});`)

// colours returns the luminance of the colours in a part of the style sheet, by name.
func colours(css string) map[string]float64 {
	list := map[string]float64{}
	for _, m := range property.FindAllStringSubmatch(css, -1) {
		var luminance float64
		for i, weight := range []float64{.2126, .7152, .0722} {
			n, _ := strconv.ParseUint(m[2][2*i:2*i+2], 16, 8)
			c := float64(n) / 255
			if c <= .04045 {
				c /= 12.92
			} else {
				c = math.Pow((c+.055)/1.055, 2.4)
			}
			luminance += weight * c
		}
		list[m[1]] = luminance
	}
	return list
}

func styleSheet(t *testing.T) string {
	t.Helper()
	text, err := files.ReadFile("page.css")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// All text has enough contrast: in light, in dark, and on paper.
func TestContrast(t *testing.T) {
	t.Parallel()
	css := styleSheet(t)
	light, rest, _ := strings.Cut(css, "@media (prefers-color-scheme: dark)")
	dark, _, _ := strings.Cut(rest, "\n}\n")
	_, print, _ := strings.Cut(css, "@media print")
	for scheme, part := range map[string]string{"light": light, "dark": dark, "print": print} {
		c := colours(part)
		if len(c) != 13 {
			t.Fatalf("%s has %d colours, want 13", scheme, len(c))
		}
		for _, pair := range []string{"ink paper", "ink card", "soft paper", "soft card", "link paper", "link card", "bad bad-paper", "bad card", "warn warn-paper", "warn card", "warn paper",
			"good good-paper", "good card", "chart card", "ink bad-paper", "ink warn-paper", "ink good-paper"} {
			above, below, _ := strings.Cut(pair, " ")
			a, b := c[above], c[below]
			if ratio := (max(a, b) + .05) / (min(a, b) + .05); ratio < 4.5 {
				t.Errorf("%s: %s has a contrast of %.2f, want 4.5", scheme, pair, ratio)
			}
		}
	}
}

// The style sheet fetches nothing, and every colour in it is one that TestContrast checks.
func TestStyleIsSelfContained(t *testing.T) {
	t.Parallel()
	css := styleSheet(t)
	for _, forbidden := range []string{"url(", "@import", "@font-face", "http", "<", "image-set", "src:"} {
		if strings.Contains(css, forbidden) {
			t.Errorf("the style sheet has %s", forbidden)
		}
	}
	if left := property.ReplaceAllString(css, ""); regexp.MustCompile(`#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(`).MatchString(left) {
		t.Error("a colour is not one of the properties")
	}
}

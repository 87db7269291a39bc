package cli_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// nasty are texts that are malicious or look like it. None has a comma, so that they can be label names.
var nasty = []string{
	"/close", "x\n/close\n/label ~toil\n/unassign", "x\n\r/close\r\n\r\r/reopen", "/milestone %\"Next Milestone\"\n/confidential", "\u200b/close", " /close",
	"```\n/close\n```\n/close", "~~~\n/close", "> quote\n/close", "<!--\n/close\n-->", "<details>\n/close\n</details>",
	"@all @acme @mara please", "mara@all", "&#64;all", "[a](javascript:b) ![c](//evil/d.png) #1 !2 %3 ~toil &4 $5",
	"a | b || c \\| d", "| --- |\n| x |", "`code` **bold** _x_", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b>bold</b> &lt;i&gt;",
	"=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "=cmd|'/c calc'!A0", "＝1+1", "'=1", "\"quoted\"; \"twice\"",
	"\x1b[31mred\x1b[0m\x1b[2J\x1b]0;owned\x07", "\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "\u009b31m \u0090q\u009c \u0085", "over\rwritten \x08\x08 \x7f\x00",
	"abc\u202egpj.exe\u202c \u2066x\u2069", "zero\u200bwidth\u2060\ufeff \u00ad \u034f", "line\u2028and\u2029paragraph", "\ue000 \U000f0000 \U000e0041",
	"👩\u200d💻 ❤\ufe0f 日本語 e\u0301", "\u0301mark first",
	"None", "Any", "none", "any", "Upcoming", "Started", "null", "true", "~", "0", "1e3", "2018-08-24",
	"<!-- prodctl:key=issue/1 -->", "<!-- prodctl:roll due=2018-08-24 carry-over=next to=2018-09-21 open=9 -->\n| | issues |\nwords\n<!-- /prodctl:roll -->", "<!-- /prodctl:roll -->",
	"August Milestone 2 - ending 2018-08-24", "August Milestone 2 - ending 2018-08-24 ", "2018-08-24 Milestone?", "Current Milestone ", "current milestone",
	"--yes", "-o json", "$(id) `id` {{.}} %s %d %!", "../../etc/passwd", "a/b#1",
	strings.Repeat("x", 255), strings.Repeat("界", 85), strings.Repeat("long words ", 23),
}

// titled returns those texts as titles: none empty or too long for GitLab, without duplicates.
func titled() []string {
	var out []string
	for _, s := range nasty {
		if s = strings.TrimSpace(s); s != "Current Milestone" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// infest fills the tracker with these texts: open and closed issues of the Current Milestone and of the board,
// labels, milestones.
func infest(s *fakegitlab.Seed) {
	created := time.Date(2018, 8, 2, 9, 0, 0, 0, time.UTC)
	p := &s.Projects[0]
	columns := []string{"Planning", "Ready", "Waiting", "In Progress"}
	for n, text := range titled() {
		p.Labels = append(p.Labels, fakegitlab.SeedLabel{Name: text, Description: nasty[(n+7)%len(nasty)]})
		p.Milestones = append(p.Milestones, fakegitlab.SeedMilestone{Title: text, Description: nasty[(n+3)%len(nasty)], Closed: n%2 == 1})
		p.Issues = append(p.Issues, fakegitlab.SeedIssue{
			Title: text, Description: nasty[(n+5)%len(nasty)], Author: "dev", Labels: []string{columns[n%len(columns)], text},
			Milestone: "Current Milestone", Closed: n%5 == 4, CreatedAt: created.Add(time.Duration(n) * time.Minute),
			Notes: []fakegitlab.SeedNote{{Body: nasty[(n+11)%len(nasty)]}}, Confidential: n%11 == 3,
		})
	}
	p.Issues = append(p.Issues, fakegitlab.SeedIssue{Title: "No description", Author: "dev", Milestone: "Current Milestone", CreatedAt: created})
	for n := range p.Milestones[:3] {
		p.Milestones[n].Description += "\n\n" + strings.Join(nasty[n*7:n*7+7], "\n")
	}
	s.Groups[0].Labels = append(s.Groups[0].Labels, fakegitlab.SeedLabel{Name: "=group", Description: "\x1b[2J"})
	s.Groups[0].Milestones = append(s.Groups[0].Milestones, fakegitlab.SeedMilestone{Title: "\u202egroup", Description: "@all"})
}

// runOn runs prodctl with streams of those modes; answers is the user's input.
func (l *lab) runOn(modes term.Modes, answers string, args ...string) ran {
	var out, errors bytes.Buffer
	env := map[string]string{"PRODCTL_HOST": "https://gitlab.example.test", "GITLAB_TOKEN": "sandbox-" + l.user, "XDG_CONFIG_HOME": filepath.Join(l.dir, "xdg"), "HOME": l.dir, "PRODCTL_CONFIG": filepath.Join(l.dir, ".prodctl.yaml")}
	code := cli.Main(context.Background(), args, app.Machine{
		Terminal: func(bool) *term.Streams { return term.New(strings.NewReader(answers), &out, &errors, modes) },
		Getenv:   func(name string) string { return env[name] }, Dir: l.dir,
		Now: func() time.Time { return l.now }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Jitter: func() float64 { return 0 }, Transport: l.wire,
	})
	return ran{code, out.String(), errors.String()}
}

// screen is an output format and a terminal.
type screen struct {
	name  string
	modes term.Modes
	flags []string
}

func screens() []screen {
	xterm := term.Decide(term.Facts{OS: "linux", OutTTY: true, ErrTTY: true, Getenv: func(name string) string {
		return map[string]string{"TERM": "xterm"}[name]
	}})
	return []screen{
		{"terminal", xterm, nil},
		{"narrow terminal", term.Modes{OutTTY: true, Width: 40}, nil},
		{"pipe", term.Modes{}, []string{"--debug"}},
		{"json", term.Modes{}, []string{"-o", "json"}},
		{"yaml", term.Modes{}, []string{"-o", "yaml"}},
		{"csv", term.Modes{}, []string{"-o", "csv"}},
		{"md", term.Modes{}, []string{"-o", "md"}},
		{"jq", term.Modes{}, []string{"--jq", "[.. | strings]"}},
	}
}

// TestHostileTextIsShownSafely runs every command in every output format: nothing in the output affects a terminal,
// a spreadsheet, a browser or GitLab, and JSON still has the full text.
func TestHostileTextIsShownSafely(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line string
		says func(fakegitlab.Contents) []string // texts that JSON must have
	}{
		{"milestone list --all", milestoneTitles},
		{"milestone show", func(p fakegitlab.Contents) []string { return []string{p.Milestones[1].Description} }},
		{"milestone show next", func(p fakegitlab.Contents) []string { return []string{p.Milestones[2].Description} }},
		{"milestone velocity --no-events", nil},
		{"milestone plan", nil},
		{"milestone plan --current", nil},
		{"milestone plan --fill --dry-run", nil},
		{"milestone sweep --dry-run", nil},
		{"milestone roll --dry-run", openTitles},
		{"milestone roll --yes", openTitles},
		{"milestone ensure --dry-run", nil},
		{"label list --in infrastructure --counts", labelNames},
		{"label plan --in infrastructure --prune --force", func(p fakegitlab.Contents) []string { return labelNames(p)[:50] }},
		{"label apply --in infrastructure --prune --force --yes", nil},
		{"board show --ages all", openTitles},
		{"board show --milestone current --ages none", openTitles},
		{"issue list", openTitles},
		{"issue show 6", nil},
		{"issue ready 6", nil},
		{"goal list", nil},
		{"issue request Access", nil},
		{"issue priority 6 --urgency U1 --impact I1", func(p fakegitlab.Contents) []string { return []string{p.Issues[5].Title} }},
		{"queue merge --from infrastructure --into production --dry-run", openTitles},
		{"queue merge --from infrastructure --into production --yes", openTitles},
		{"board init --yes", nil},
		{"board move 6 completed", func(p fakegitlab.Contents) []string { return []string{p.Issues[5].Title} }},
		{"doctor", nil},
	} {
		t.Run(c.line, func(t *testing.T) {
			t.Parallel()
			for _, s := range screens() {
				l := newLab(t, setup{seed: infest})
				before := l.server.Snapshot().Project(infra)
				r := l.runOn(s.modes, "", append(strings.Fields(c.line), s.flags...)...)
				if r.code != 0 && !strings.HasPrefix(c.line, "doctor") {
					t.Fatalf("%s: exit %d\n%s", s.name, r.code, r.errors)
				}
				safe(t, s.name+" of "+c.line, s.name, s.modes, r)
				if s.name == "json" && c.says != nil {
					lossless(t, r.out, c.says(before))
				}
			}
		})
	}
}

func milestoneTitles(p fakegitlab.Contents) []string {
	var out []string
	for _, m := range p.Milestones {
		out = append(out, m.Title)
	}
	return out
}

func labelNames(p fakegitlab.Contents) []string {
	var out []string
	for _, l := range p.Labels {
		if l.Name != "carried-over" && l.Name != "toil" && l.Name != "Planning" && l.Name != "Ready" && l.Name != "Waiting" && l.Name != "In Progress" {
			out = append(out, l.Name)
		}
	}
	return out
}

// openTitles are the titles that may be shown: a plan does not show the titles of confidential issues.
func openTitles(p fakegitlab.Contents) []string {
	var out []string
	for _, i := range p.Issues {
		if i.State == "opened" && i.Milestone == "Current Milestone" && !i.Confidential && len(i.Labels) > 0 {
			out = append(out, i.Title)
		}
	}
	return out
}

// lossless requires each text among the strings of a JSON document.
func lossless(t *testing.T, out string, texts []string) {
	t.Helper()
	var doc any
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	gather(doc, have)
	if len(texts) == 0 {
		t.Error("there is nothing to look for")
	}
	for _, text := range texts {
		if !have[text] {
			t.Errorf("JSON lacks %q", text)
		}
	}
}

func gather(v any, into map[string]bool) {
	switch v := v.(type) {
	case string:
		into[v] = true
	case []any:
		for _, e := range v {
			gather(e, into)
		}
	case map[string]any:
		for _, e := range v {
			gather(e, into)
		}
	}
}

var styles = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// safe checks both streams of a run.
func safe(t *testing.T, what, form string, modes term.Modes, r ran) {
	t.Helper()
	out, errors := r.out, r.errors
	if modes.OutColor() {
		out = styles.ReplaceAllString(out, "")
	}
	if modes.ErrColor() {
		errors = styles.ReplaceAllString(errors, "")
	}
	inert(t, what+", standard error", errors, "")
	switch form {
	case "csv":
		inert(t, what, strings.ReplaceAll(out, "\r\n", "\n"), "")
		noFormulas(t, what, out)
	case "md":
		inert(t, what, out, "\u200b")
		noMarkup(t, what, out)
	case "pipe":
		inert(t, what, out, "\t")
	default:
		inert(t, what, out, "")
	}
	if (form == "json" || form == "jq") && out != "" && !json.Valid([]byte(out)) {
		t.Errorf("%s is not JSON: %q", what, out)
	}
}

// inert requires that text has no control or invisible characters, except line feeds and those allowed. Joiners
// between letters may stay.
func inert(t *testing.T, what, text, allowed string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s is not UTF-8", what)
	}
	for at, r := range text {
		if r == '\n' || r == '\u200c' || r == '\u200d' || strings.ContainsRune(allowed, r) {
			continue
		}
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Bidi_Control) || r == '\u034f' {
			t.Errorf("%s holds %U: %q", what, r, text[max(0, at-40):min(len(text), at+40)])
			return
		}
	}
}

func noFormulas(t *testing.T, what, out string) {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Errorf("%s is not CSV: %v", what, err)
	}
	for _, record := range records {
		for _, field := range record {
			start := strings.TrimLeftFunc(field, unicode.IsSpace)
			if first, _ := utf8.DecodeRuneInString(start); start != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", first) && !number.MatchString(start) {
				t.Errorf("%s has a formula: %q", what, field)
			}
		}
	}
}

var number = regexp.MustCompile(`^-?[0-9.]+$`)

// noMarkup requires Markdown without mentions, quick actions and HTML, in which every table keeps its columns.
func noMarkup(t *testing.T, what, out string) {
	t.Helper()
	bars := 0
	for line := range strings.Lines(out) {
		bare := escaped.ReplaceAllString(line, "")
		if active.MatchString(bare) {
			t.Errorf("%s does something: %q", what, line)
		}
		if strings.HasPrefix(line, "/") {
			t.Errorf("%s has a quick action: %q", what, line)
		}
		n := strings.Count(bare, "|")
		if strings.HasPrefix(line, "|") && bars > 0 && n != bars {
			t.Errorf("%s has a row of %d bars, want %d: %q", what, n, bars, line)
		}
		if bars = 0; strings.HasPrefix(line, "|") {
			bars = n
		}
	}
}

var (
	escaped = regexp.MustCompile(`\\.`)
	active  = regexp.MustCompile(`(^|[^A-Za-z0-9_])@(all|acme|mara)|<[a-z!/]|\]\(`)
)

// TestHostileInputIsShownSafely checks that input is safe in messages and in plans shown before confirmation.
func TestHostileInputIsShownSafely(t *testing.T) {
	t.Parallel()
	for _, text := range titled() {
		if strings.ContainsRune(text, 0) {
			continue // no process can get such an argument
		}
		l := newLab(t, setup{carried: 1, seed: infest})
		for _, args := range [][]string{
			{"milestone", "show", "--", text + "?"}, {"milestone", "roll", "--yes", "--from", text + "?"}, {"milestone", "roll", "--carry-over", text}, {"board", "move", "--", "1", text},
			{"board", "move", "--", text, "ready"}, {"board", "show", "--milestone", text + "?"}, {"label", "list", "--in", text}, {"milestone", "list", "-o", text + "?"},
			{"milestone", "list", "--now", text + "?"}, {"milestone", "list", "--jq", text + "]"}, {"milestone", "list", "--timeout", text + "?"}, {"--", text}, {"milestone", "--", text},
			{"apply", "--", text}, {"milestone", "list", "--config", text}, {"milestone", "list", "--host", text}, {"milestone", "ensure", "--" + text},
		} {
			for form, flag := range map[string]string{"pipe": "table", "json": "json"} {
				r := l.run(append([]string{"-o", flag}, args...)...)
				safe(t, fmt.Sprintf("%q", args), form, term.Modes{}, r)
			}
		}
	}
	l := newLab(t, setup{carried: 1, seed: infest})
	modes := term.Modes{InTTY: true, ErrTTY: true, ErrWidth: 60}
	for _, line := range []string{"milestone roll", "label apply --prune --force", "board init"} {
		r := l.runOn(modes, "n\n", strings.Fields(line)...)
		safe(t, "the question of "+line, "terminal", modes, r)
		if r.code != 5 || !strings.Contains(r.errors, "Apply this plan?") {
			t.Errorf("%s: exit %d\n%s", line, r.code, r.errors)
		}
	}
}

// TestHostileAnswers checks answers of an untrusted server that hold such texts.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	for _, text := range nasty {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		for name, answer := range map[string]http.Response{
			"message": {StatusCode: 403, Header: http.Header{"Content-Type": {"application/json"}}, Body: body(`{"message":` + string(quoted) + `}`)},
			"field":   {StatusCode: 400, Header: http.Header{"Content-Type": {"application/json"}}, Body: body(`{"message":{` + string(quoted) + `:[` + string(quoted) + `]}}`)},
			"page":    {StatusCode: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: body("<html><title>" + text + "</title>")},
			"text":    {StatusCode: 404, Header: http.Header{"Content-Type": {"text/plain"}, "X-Request-Id": {text}}, Body: body(text)},
			"moved":   {StatusCode: 301, Header: http.Header{"Location": {"https://gitlab.example.test/" + text}}, Body: body(text)},
		} {
			l := newLab(t, setup{})
			l.wire = roundTripper(func(*http.Request) (*http.Response, error) { return new(answer), nil })
			for _, form := range []string{"table", "json"} {
				r := l.run("milestone", "list", "--debug", "-o", form)
				if r.code == 0 {
					t.Errorf("%s %q: exit 0", name, text)
				}
				if form == "json" {
					form = "table" // the trace precedes the error
				}
				safe(t, fmt.Sprintf("the answer %s %q", name, text), form, term.Modes{}, r)
			}
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func body(s string) io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }

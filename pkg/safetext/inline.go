package safetext

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// neutral changes what is not shown outside of code so that it is shown in code too. It is for lines that may be either.
func neutral(line string) string { return markupPattern().ReplaceAllString(line, "$1"+mute+"$2") }

var markupPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`([<&])([A-Za-z/!?#])`) })

// escapeLines escapes the lines of a paragraph. Their number stays the same.
func escapeLines(lines []string) []string {
	if slices.ContainsFunc(lines[1:], delimiterPattern().MatchString) {
		return escapeTable(lines)
	}
	return strings.Split(escapeInline(strings.Join(lines, "\n")), "\n")
}

// delimiterPattern matches the line below the head of a table.
var delimiterPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:\|[ \t]*:?-+:?[ \t]*|:?-+:?[ \t]*\|[ \t]*:?-+:?[ \t]*|:?-+:?[ \t]*\|[ \t]*$)` +
		`(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$`)
})

// escapeTable escapes a paragraph with a table by its cells, since code does not go beyond a cell. If a row has cells that would not be
// shown, the table becomes text.
func escapeTable(lines []string) []string {
	var escaped []string
	for n, line := range lines {
		switch {
		case n == 0 || !delimiterPattern().MatchString(line):
			line = escapeRow(line)
		case slices.ContainsFunc(lines[n+1:], func(row string) bool { return cells(row) > cells(line) }):
			line = `\` + line
		}
		escaped = append(escaped, line)
	}
	return escaped
}

func escapeRow(row string) string {
	var b strings.Builder
	from := 0
	for _, m := range pipePattern().FindAllStringIndex(row, -1) {
		if row[m[0]] == '|' {
			b.WriteString(escapeInline(row[from:m[0]]) + "|")
			from = m[1]
		}
	}
	return b.String() + escapeInline(row[from:])
}

// pipePattern matches pipes, and what a backslash escapes.
var pipePattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\\.|\|`) })

// cells returns the number of cells of a row of a table.
func cells(row string) int {
	row = pipePattern().ReplaceAllStringFunc(strings.TrimSpace(row), func(s string) string { return s[:1] })
	row = strings.ReplaceAll(row, `\`, "x")
	return strings.Count(strings.TrimSuffix(strings.TrimPrefix(row, "|"), "|"), "|") + 1
}

// escapeInline escapes the text of a paragraph or a cell: what Markdown would hide outside of inline code.
func escapeInline(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		kept, escaped := escapeToken(s, i)
		if escaped != "" {
			b.WriteString(escaped)
			i += kept
			continue
		}
		kept = max(1, kept)
		b.WriteString(s[i : i+kept])
		i += kept
	}
	return b.String()
}

// escapeToken returns how many characters at a position belong together, and what is written for them; "" leaves them as they are.
func escapeToken(s string, at int) (int, string) {
	rest := s[at:]
	switch s[at] {
	case '\\':
		return escapeBackslash(s, at)
	case '`':
		run := len(rest) - len(strings.TrimLeft(rest, "`"))
		if n := codeSpan(rest, run); n > 0 {
			return n, shieldSpan(rest[:n])
		}
		return run, strings.Repeat("\\`", run)
	case '<':
		if m := linkPattern().FindString(rest); m != "" {
			return len(m), ""
		}
		if strings.HasPrefix(rest, "<!--") {
			return 1, "&lt;"
		}
		if tagPattern().MatchString(rest) {
			return 1, `\<`
		}
	case '&':
		if strings.HasPrefix(rest, "&lt;!--") {
			return len("&lt;!--"), ""
		}
		if entityPattern().MatchString(rest) {
			return 1, `\&`
		}
	case '$':
		if len(rest) > 1 && rest[1] != ' ' && rest[1] != '\n' && strings.Contains(rest[1:], "$") {
			return 1, `\$`
		}
	case '[':
		if m := wikiPattern().FindString(rest); m != "" && !strings.HasPrefix(rest[len(m):], "(") || emptyLinkPattern().MatchString(rest) ||
			(at == 0 || s[at-1] == '\n') && definitionPattern().MatchString(rest) {
			return 1, `\[`
		}
	case ']':
		if m := targetPattern().FindStringSubmatch(rest); m != nil && !strings.ContainsAny(m[1], "/#.:@?") {
			return 2, `]\(`
		}
	}
	return 1, ""
}

var (
	linkPattern   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^<(?i:https?)://[^\s<>]+>`) })
	tagPattern    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^<[A-Za-z/!?]`) })
	entityPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);`)
	})
	wikiPattern       = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\[\[[^\[\]\n]*\]\]`) })
	emptyLinkPattern  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\[\s*\]\(`) })
	targetPattern     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\]\(([^()]*)\)`) })
	definitionPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)^\[(?:[^\]\\]|\\.)+\]:`) })
	uncPattern        = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\\\\[A-Za-z0-9]`) })
	numberPattern     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?:^|\n)\d{1,9}$`) })
)

// codeSpan returns the length of the inline code that starts with a run of backticks; 0 if nothing ends it.
func codeSpan(s string, run int) int {
	for i := run; i < len(s); {
		if s[i] != '`' {
			i++
			continue
		}
		n := len(s[i:]) - len(strings.TrimLeft(s[i:], "`"))
		if i += n; n == run {
			return i
		}
	}
	return 0
}

// shieldSpan changes inline code so that nobody takes it for a hidden line of ours, and none of its lines for a quick action or a block of
// HTML.
func shieldSpan(code string) string {
	code = strings.ReplaceAll(code, "<!--", "<"+mute+"!--")
	code = blockPattern().ReplaceAllString(code, "\n<"+mute+"$1")
	return strings.ReplaceAll(code, "\n/", "\n"+mute+"/")
}

var blockPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\n<([A-Za-z/!?])`) })

// escapeBackslash doubles a backslash that would not be shown, unless somebody escaped a mark of Markdown with it.
func escapeBackslash(s string, at int) (int, string) {
	rest := s[at:]
	start := at == 0 || strings.ContainsRune(" \t\n(\"'", rune(s[at-1]))
	switch {
	case endsLine(rest[1:]) || strings.IndexByte(`."',?%^`, rest[1]) >= 0 && !numberPattern().MatchString(s[:at]):
		return 1, `\\`
	case start && uncPattern().MatchString(rest):
		return 2, `\\\\`
	case rest[1] < 0x80:
		return 2, ""
	}
	return 1, ""
}

func endsLine(rest string) bool {
	rest = strings.TrimLeft(rest, " \t")
	return rest == "" || rest[0] == '\n'
}

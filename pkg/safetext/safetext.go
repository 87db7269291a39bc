// Package safetext makes text that somebody else wrote harmless in what prodctl sends to GitLab: it can run no quick
// action, notify nobody, and break no table or code block around it.
//
// [Prose] is for text that stands in Markdown, [Quote] for text amid other text, [Title] for issue titles, [Cell] for
// tables, [Fence] for code blocks.
// [Same] compares what was sent with what GitLab stored. Terminals, CSV and HTML have rules of their own elsewhere;
// what the team itself writes for GitLab to act upon does not pass through here.
package safetext

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// mute is put after an @ that would notify somebody: a zero-width space, which works in every version of GitLab, while
// a backslash does so only since 13.9 and the entity never does.
const mute = "\u200b"

// Prose is text for a description or a comment in which no line is a quick action and no @ is a mention.
//
// GitLab takes a line that begins with a slash for a command, whatever Markdown says in older versions and in fewer places
// in newer ones, so every such line gets a backslash, which Markdown does not show; within code blocks it is seen.
// Carriage returns go first: GitLab deletes them before it looks. Other control characters go too.
// Applied to its own result it changes nothing.
func Prose(s string) string { return silence(breakSlashes(printable(s))) }

// Quote is Prose as a block quote: whatever it leaves open, such as a code block or an HTML comment, ends with it.
func Quote(s string) string {
	return "> " + strings.ReplaceAll(strings.TrimRight(Prose(s), "\n"), "\n", "\n> ")
}

// Title is Prose on one line, for issue titles, in which mentions notify as well.
func Title(s string) string { return silence(oneLine(s)) }

// Cell is text for one cell of a Markdown table, shown exactly as it is written: no formatting, no HTML, no line break.
func Cell(s string) string { return silence(escapeMarkdown().Replace(oneLine(s))) }

// escapeMarkdown takes away the meaning of all that could reach beyond the cell. A pipe is written as an entity: two
// renderers disagree on the pipe after an escaped backslash.
var escapeMarkdown = sync.OnceValue(func() *strings.Replacer {
	return strings.NewReplacer(
		`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`, `~`, `\~`,
		`&`, `&amp;`, `<`, `&lt;`, `>`, `&gt;`, `|`, `&#124;`,
	)
})

// Fence is a code block that s cannot end: its fence is longer than any row of backticks within.
// lang is the word after the fence; what does not belong into one is left out.
// Slashes at line begins are broken all the same, because older versions honour fences of three backticks only.
func Fence(s, lang string) string {
	s = strings.TrimRight(breakSlashes(printable(s)), "\n")
	fence := strings.Repeat("`", max(3, longestRun(s, '`')+1))
	lang = strings.Map(func(r rune) rune {
		if r == ' ' || r == '/' || r == '-' || r == '_' || r == '+' || r == '.' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' ||
			'0' <= r && r <= '9' {
			return r
		}
		return -1
	}, lang)
	return fence + strings.TrimSpace(lang) + "\n" + s + "\n" + fence
}

// Same reports whether GitLab stored the text that was sent: it deletes carriage returns and cuts white space at the
// ends. Any other difference means that a part was taken for a command, or was lost.
func Same(sent, got string) bool { return stored(sent) == stored(got) }

func stored(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r", "")) }

// printable deletes carriage returns and control characters other than line feed and tab, and mends invalid UTF-8,
// which GitLab refuses.
func printable(s string) string {
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

// oneLine is s with every run of white space as one blank.
func oneLine(s string) string { return strings.Join(strings.Fields(printable(s)), " ") }

// breakSlashes puts a backslash before a slash at the begin of a line. The first line with text counts as one even when it
// is indented: what is not seen at the begin of a text may be cut when it is stored, and then the slash stands first.
func breakSlashes(s string) string {
	lines := strings.Split(s, "\n")
	first := true
	for i, line := range lines {
		text := strings.TrimLeftFunc(line, unseen)
		if strings.HasPrefix(line, "/") || first && strings.HasPrefix(text, "/") {
			lines[i] = line[:len(line)-len(text)] + `\` + text
		}
		first = first && text == ""
	}
	return strings.Join(lines, "\n")
}

func unseen(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// at is what GitLab may read as an @: itself, or an entity, which is decoded before mentions are looked for.
// In blocks of HTML a number needs no semicolon.
var at = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`@|&#[0-9]+;?|&#[xX][0-9a-fA-F]+;?|&commat;`) })

// isAt reports whether a match of at is an @ and not another character's number.
func isAt(match string) bool {
	number, numeric := strings.CutPrefix(strings.TrimSuffix(strings.ToLower(match), ";"), "&#")
	if hex, ok := strings.CutPrefix(number, "x"); ok {
		return strings.TrimLeft(hex, "0") == "40"
	}
	return !numeric || strings.TrimLeft(number, "0") == "64"
}

// silence mutes every @ that could begin a mention: all but those after an ASCII letter or digit, as in an address.
// (An underscore before it is no safeguard: it may be the mark of emphasis, and then it is not text.)
func silence(s string) string {
	var b strings.Builder
	end := 0
	for _, m := range at().FindAllStringIndex(s, -1) {
		b.WriteString(s[end:m[1]])
		end = m[1]
		if isAt(s[m[0]:m[1]]) && !afterWord(s[:m[0]]) && !strings.HasPrefix(s[end:], mute) && nameFollows(s[end:]) {
			b.WriteString(mute)
		}
	}
	b.WriteString(s[end:])
	return b.String()
}

func afterWord(before string) bool {
	if before == "" {
		return false
	}
	c := before[len(before)-1]
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func nameFollows(after string) bool {
	r, _ := utf8.DecodeRuneInString(after)
	return after != "" && !unicode.IsSpace(r)
}

func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

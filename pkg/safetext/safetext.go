// Package safetext escapes text from other people in what prodctl sends to GitLab, so that it runs no quick action, notifies nobody, and
// breaks no table or code block around it.
//
// Use [Prose] for text in Markdown, [Passage] for text that other text follows, [Quote] for text amid other text, [Title] for issue
// titles, [Cell] for tables and [Fence] for code blocks. [Same] compares what was sent with what GitLab stored. Escaping for terminals,
// CSV and HTML does not belong here, nor does text that the team writes for GitLab to act on.
package safetext

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// mute goes after an @ that would notify somebody: a zero-width space, which works in every version of GitLab. A backslash works only
// since 13.9, and an entity never does.
const mute = "\u200b"

// Prose escapes text for a description or a comment, so that no line is a quick action and no @ is a mention.
//
// GitLab takes a line that starts with a slash for a quick action: older versions everywhere, newer ones in fewer places, and not as
// Markdown would suggest. So every such line gets a backslash, which Markdown hides, except in code blocks. Carriage returns are removed
// first, because GitLab deletes them before it looks; other control characters are removed too. Applying Prose to its own result changes
// nothing.
func Prose(s string) string { return silence(breakSlashes(printable(s))) }

// Quote returns Prose as a block quote. Whatever the text leaves open, such as a code block or an HTML comment, ends with the quote.
func Quote(s string) string {
	return "> " + strings.ReplaceAll(strings.TrimRight(Prose(s), "\n"), "\n", "\n> ")
}

// Title returns Prose on one line, for issue titles. Mentions in titles notify too.
func Title(s string) string { return silence(oneLine(s)) }

// Line is a [Passage] of one line. What would begin a code block is escaped, because that would not end with the line.
func Line(s string) string {
	line := Title(s)
	if short := Passage(line); !strings.Contains(short, "\n") {
		return short
	}
	return Cell(line)
}

// Cell escapes text for one cell of a Markdown table, so that it is shown exactly as it is: no formatting, no HTML, no line break.
func Cell(s string) string { return silence(escapeMarkdown().Replace(oneLine(s))) }

// Unlinked keeps GitLab from making a link of a web address, which looks the same.
func Unlinked(address string) string { return strings.Replace(address, "://", ":"+mute+"//", 1) }

// escapeMarkdown escapes everything that could reach beyond the cell. A pipe becomes an entity, because two renderers disagree on a pipe
// after an escaped backslash.
var escapeMarkdown = sync.OnceValue(func() *strings.Replacer {
	return strings.NewReplacer(
		`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`, `~`, `\~`,
		`&`, `&amp;`, `<`, `&lt;`, `>`, `&gt;`, `|`, `&#124;`,
	)
})

// Fence returns a code block that s cannot end: the fence is longer than any run of backticks in s. lang is the info string after the
// fence; characters that do not belong in one are removed. Slashes at line starts are escaped too, because older versions recognize only
// fences of three backticks.
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

// Same reports whether GitLab stored the text that was sent. GitLab deletes carriage returns and trims white space at both ends. Any
// other difference means that a part was taken for a quick action, or was lost.
func Same(sent, got string) bool { return stored(sent) == stored(got) }

// SameButActions is Same for a text with quick actions of the team's own template: these lines, and no others, may be missing.
func SameButActions(sent, got string, actions []string) bool {
	rest, actions := textLines(got), slices.Clone(actions)
	for _, line := range textLines(sent) {
		if len(rest) > 0 && rest[0] == line {
			rest = rest[1:]
			continue
		}
		at := slices.Index(actions, line)
		if at < 0 {
			return false
		}
		actions = slices.Delete(actions, at, at+1)
	}
	return len(rest) == 0
}

// IsAction reports whether GitLab may take a line for a quick action.
func IsAction(line string) bool {
	return len(line) > 1 && line[0] == '/' && ('a' <= line[1]|0x20 && line[1]|0x20 <= 'z')
}

// textLines returns the lines of a text that are not blank, without white space at their ends.
func textLines(s string) []string {
	var lines []string
	for line := range strings.Lines(stored(s)) {
		if line = strings.TrimRight(line, " \t\n"); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func stored(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r", "")) }

// printable removes carriage returns and control characters other than line feed and tab, and repairs invalid UTF-8, which GitLab
// refuses.
func printable(s string) string {
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

// oneLine replaces every run of white space by one blank.
func oneLine(s string) string { return strings.Join(strings.Fields(printable(s)), " ") }

// breakSlashes puts a backslash before a slash at the start of a line. For the first line with text that includes an indented slash:
// GitLab may trim what is invisible at the start of a text when it stores it, and then the slash comes first.
func breakSlashes(s string) string {
	lines := strings.Split(s, "\n")
	first := true
	for i, line := range lines {
		text := strings.TrimLeftFunc(line, invisible)
		if strings.HasPrefix(line, "/") || first && strings.HasPrefix(text, "/") {
			lines[i] = line[:len(line)-len(text)] + `\` + text
		}
		first = first && text == ""
	}
	return strings.Join(lines, "\n")
}

func invisible(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// at matches what GitLab may read as an @: the character, or an entity, because entities are decoded before mentions are looked for. In
// HTML blocks a numeric entity needs no semicolon.
var at = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`@|&#[0-9]+;?|&#[xX][0-9a-fA-F]+;?|&commat;`) })

// isAt reports whether a match of at is an @, and not the number of another character.
func isAt(match string) bool {
	number, numeric := strings.CutPrefix(strings.TrimSuffix(strings.ToLower(match), ";"), "&#")
	if hex, ok := strings.CutPrefix(number, "x"); ok {
		return strings.TrimLeft(hex, "0") == "40"
	}
	return !numeric || strings.TrimLeft(number, "0") == "64"
}

// silence mutes every @ that could start a mention: all except those after an ASCII letter or digit, as in an address. (An underscore
// before the @ does not protect it: it may be the mark of emphasis, and then it is not text.)
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

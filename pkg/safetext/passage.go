package safetext

import "strings"

// Passage returns [Prose] that does not affect the text after it: HTML comments, which would swallow that text, are escaped, and a code
// block that is left open is closed.
func Passage(s string) string {
	s = strings.ReplaceAll(Prose(s), "<!--", "&lt;!--") // after Prose, which removes invisible characters between these
	if fence := openFence(s); fence != "" {
		s = strings.TrimRight(s, "\n") + "\n" + fence
	}
	return s
}

// openFence returns the fence that closes the code block that a text leaves open, or "" if it leaves none open.
func openFence(s string) string {
	open := ""
	for line := range strings.Lines(s) {
		text := strings.TrimRight(strings.TrimLeft(line, " "), " \t\n")
		indent := len(line) - len(strings.TrimLeft(line, " "))
		fence := text[:fenceLength(text)]
		switch {
		case indent > 3 || fence == "":
		case open == "":
			if fence[0] == '~' || !strings.Contains(text[len(fence):], "`") { // otherwise it is inline code
				open = fence
			}
		case fence[0] == open[0] && len(fence) >= len(open) && text == fence:
			open = ""
		}
	}
	return open
}

// fenceLength returns how many backticks or tildes a line starts with, if there are at least three.
func fenceLength(text string) int {
	if text == "" || text[0] != '`' && text[0] != '~' {
		return 0
	}
	n := len(text) - len(strings.TrimLeft(text, text[:1]))
	if n < 3 {
		return 0
	}
	return n
}

package safetext

import "strings"

// Passage is [Prose] that other text follows: it hides nothing of that. A comment of HTML that would swallow what comes after it is not
// begun, and a code block that is left open ends with the passage.
func Passage(s string) string {
	s = strings.ReplaceAll(Prose(s), "<!--", "&lt;!--") // after Prose, which takes away what cannot be seen between these characters
	if fence := openFence(s); fence != "" {
		s = strings.TrimRight(s, "\n") + "\n" + fence
	}
	return s
}

// openFence is what ends the code block that a text leaves open; empty when it leaves none.
func openFence(s string) string {
	open := ""
	for line := range strings.Lines(s) {
		text := strings.TrimRight(strings.TrimLeft(line, " "), " \t\n")
		indent := len(line) - len(strings.TrimLeft(line, " "))
		fence := text[:fenceLength(text)]
		switch {
		case indent > 3 || fence == "":
		case open == "":
			if fence[0] == '~' || !strings.Contains(text[len(fence):], "`") { // else it is code within a line
				open = fence
			}
		case fence[0] == open[0] && len(fence) >= len(open) && text == fence:
			open = ""
		}
	}
	return open
}

// fenceLength is how many backticks or tildes a line begins with, when there are three at least.
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

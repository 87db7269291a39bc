package term

import (
	"regexp"
	"strings"
	"sync"

	"github.com/clipperhouse/displaywidth"
)

// Message fits errors, hints and notes into width cells, at blanks; 0 is unlimited. The next lines of a message are indented. A command is
// never broken, so that it can be pasted: if it does not fit it has a line of its own.
func Message(text string, width int) string {
	if width <= 0 {
		return text
	}
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		out = append(out, wrapMessage(line, width)...)
	}
	return strings.Join(out, "\n")
}

// command matches the beginning of a command at the end of a message.
var command = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?:^ *|: |, or )((?:prodctl|export|git) [^ ].*)$`) })

// escapes are the sequences that set colors.
var escapes = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("\x1b\\[[0-9;]*m") })

func cells(s string) int { return displaywidth.String(escapes().ReplaceAllString(s, "")) }

func wrapMessage(line string, width int) []string {
	if cells(line) <= width {
		return []string{line}
	}
	words := strings.Fields(line)
	if at := command().FindStringSubmatchIndex(line); at != nil {
		words = append(strings.Fields(line[:at[2]]), line[at[2]:])
	}
	first := strings.Repeat(" ", indentation(line))
	next := first + "    "
	lines := []string{first}
	for n, word := range words {
		last := &lines[len(lines)-1]
		switch {
		case n == 0:
			*last += word
		case cells(*last+" "+word) <= width:
			*last += " " + word
		default:
			lines = append(lines, next+word)
		}
	}
	return lines
}

package term

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// Wrap breaks a line at blanks if it is wider than width cells. The next lines have the indentation of the first, plus two if there is
// any. In a line of two columns, separated by several blanks, they start below the second column. A longer word gets a line of its own.
func Wrap(line string, width int) []string {
	if displaywidth.String(line) <= width {
		return []string{line}
	}
	indent := strings.Repeat(" ", len(line)-len(strings.TrimLeft(line, " ")))
	first, rest := indent, indent
	if indent != "" {
		rest += "  "
	}
	text := strings.TrimSpace(line)
	if left, right, columns := strings.Cut(text, "  "); columns && indent != "" {
		first = indent + left + "  "
		if gap := len(right) - len(strings.TrimLeft(right, " ")); len(first)+gap < width/2 {
			first += strings.Repeat(" ", gap)
			rest = strings.Repeat(" ", displaywidth.String(first))
		}
		text = strings.TrimLeft(right, " ")
	}
	words := strings.Fields(text)
	lines := []string{first + words[0]}
	for _, word := range words[1:] {
		last := &lines[len(lines)-1]
		if displaywidth.String(*last+" "+word) <= width {
			*last += " " + word
		} else {
			lines = append(lines, rest+word)
		}
	}
	return lines
}

// Reflow fits a text of several paragraphs into width cells. It joins the lines of a paragraph and breaks them again; indented lines,
// which are lists and examples, keep their line breaks, and a command of prodctl among them is never broken.
func Reflow(text string, width int) string {
	var out, paragraph []string
	flush := func() {
		if len(paragraph) > 0 {
			out = append(out, Wrap(strings.Join(paragraph, " "), width)...)
		}
		paragraph = nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.TrimSpace(line) == "":
			flush()
			out = append(out, "")
		case strings.HasPrefix(strings.TrimLeft(line, " "), "prodctl ") && line[0] == ' ':
			flush()
			out = append(out, line)
		case strings.HasPrefix(line, " "):
			flush()
			out = append(out, Wrap(line, width)...)
		default:
			paragraph = append(paragraph, line)
		}
	}
	flush()
	return strings.Join(out, "\n")
}

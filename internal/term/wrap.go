package term

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// Wrap breaks a line at blanks if it is wider than width cells. The next lines have the indentation of the first, plus two if there is
// any. In a line of two columns, separated by several blanks, they start below the second column; in a numbered line, below its text. A
// longer word gets a line of its own.
func Wrap(line string, width int) []string {
	if displaywidth.String(line) <= width {
		return []string{line}
	}
	indent := strings.Repeat(" ", indentation(line))
	first, rest := indent, indent
	if indent != "" {
		rest += "  "
	}
	text := strings.TrimSpace(line)
	if number, _, ok := strings.Cut(text, ". "); ok && indent != "" && strings.Trim(number, "0123456789") == "" {
		rest = indent + strings.Repeat(" ", len(number)+len(". "))
	}
	if left, right, columns := strings.Cut(text, "  "); columns && indent != "" {
		first = indent + left + "  "
		if gap := indentation(right); len(first)+gap < width/2 {
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

// Reflow fits a text of several paragraphs into width cells. It joins the lines of a paragraph and breaks them again. Indented lines,
// which are lists and examples, keep their line breaks, except where a line continues the one before it (see continues). A command
// among them is never broken.
func Reflow(text string, width int) string {
	var out []string
	var block string
	flush := func() {
		switch {
		case block == "":
		case indentation(block) >= deep:
			for _, line := range Wrap(strings.TrimLeft(block, " "), width-indentation(block)) {
				out = append(out, strings.Repeat(" ", indentation(block))+line)
			}
		default:
			out = append(out, Wrap(block, width)...)
		}
		block = ""
	}
	for line := range strings.SplitSeq(text, "\n") {
		switch trimmed := strings.TrimLeft(line, " "); {
		case trimmed == "":
			flush()
			out = append(out, "")
		case line != trimmed && (strings.HasPrefix(trimmed, "prodctl ") || strings.HasPrefix(trimmed, "export ")):
			flush()
			out = append(out, line)
		case block != "" && continues(block, line):
			block += " " + trimmed
		default:
			flush()
			block = line
		}
	}
	flush()
	return strings.Join(out, "\n")
}

// deep is the indentation from which lines are a paragraph, such as the description below a term.
const deep = 8

// continues reports whether a line continues the block before it: both are lines of a paragraph, the block ends with a comma, or the line
// starts below the second column of the block.
func continues(block, line string) bool {
	indent := indentation(line)
	if indent == indentation(block) {
		return indent == 0 || indent >= deep || strings.HasSuffix(block, ",")
	}
	left, right, columns := strings.Cut(strings.TrimLeft(block, " "), "  ")
	return columns && indent == indentation(block)+len(left)+len("  ")+indentation(right)
}

func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

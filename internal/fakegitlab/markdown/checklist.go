package markdown

import (
	"iter"
	"strings"
)

// TaskCount counts the check boxes of a description, and those that are ticked.
func TaskCount(description string) (count, done int) {
	for line := range boxLines(description) {
		rest, ok := cutBullet(strings.TrimLeft(line, "\t >"), ".)")
		if !ok {
			continue
		}
		if ticked, rest, ok := cutBox(rest); ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t') {
			count++
			if ticked {
				done++
			}
		}
	}
	return count, done
}

// CheckItem is a check box and the text after it.
type CheckItem struct {
	Text string
	Done bool
}

// CheckItems finds the check boxes of a description that have a text, inside quotes too.
func CheckItems(description string) []CheckItem {
	var all []CheckItem
	for line := range boxLines(description) {
		rest, ok := cutBullets(cutQuotes(line))
		if !ok {
			continue
		}
		ticked, rest, ok := cutBox(rest)
		text := strings.TrimLeft(rest, " \t")
		if ok && text != rest && text != "" && !strings.ContainsRune("\r\f", rune(text[0])) {
			all = append(all, CheckItem{Text: strings.TrimSpace(text), Done: ticked})
		}
	}
	return all
}

// boxLines yields the lines of a text that may have a check box.
func boxLines(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.SplitSeq(text, "\n") {
			if strings.Contains(line, "[") && !yield(line) {
				return
			}
		}
	}
}

// cutBullet removes a dash, star or plus, or a number followed by one of the marks.
func cutBullet(text, marks string) (rest string, ok bool) {
	if text == "" {
		return "", false
	}
	if strings.IndexByte("-*+", text[0]) >= 0 {
		return text[1:], true
	}
	number := strings.TrimLeft(text, "0123456789")
	if len(number) == len(text) || number == "" || strings.IndexByte(marks, number[0]) < 0 {
		return "", false
	}
	return number[1:], true
}

// cutQuotes removes the quote markers of a line, each with up to four spaces after it.
func cutQuotes(line string) string {
	for rest := strings.TrimLeft(line, " \t"); strings.HasPrefix(rest, ">"); {
		line = rest[1:]
		rest = strings.TrimLeft(line, " \t")
		if len(line)-len(rest) > 4 {
			break
		}
	}
	return line
}

// cutBullets removes one or more bullets of a line: a list may begin inside an item.
func cutBullets(line string) (rest string, ok bool) {
	for {
		next, more := cutBullet(strings.TrimLeft(line, " \t"), ".")
		if !more {
			return line, ok
		}
		line, ok = next, true
	}
}

// cutBox removes a check box and the spaces before it, at least one.
func cutBox(text string) (ticked bool, rest string, ok bool) {
	box := strings.TrimLeft(text, " \t")
	if len(box) == len(text) || len(box) < 3 || box[0] != '[' || box[2] != ']' || strings.IndexByte(" xX", box[1]) < 0 {
		return false, "", false
	}
	return box[1] != ' ', box[3:], true
}

package incident

import (
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// leftOutLine replaces lines of the timeline that had to make room. The comments have all of them.
const leftOutLine = "- Older lines are left out, because the description is full. `prodctl incident timeline` has them"

// Full reports whether a description is so long that events are left out of its timeline.
func Full(description string) bool {
	if len(description) <= issue.MaxDescription-1<<13 {
		return false
	}
	r := findRegion(description)
	return !r.found || slices.ContainsFunc(r.noteIDs, func(id int64) bool {
		return !strings.Contains(strings.Join(r.lines, ""), " <!-- "+strconv.FormatInt(id, 10)+":")
	})
}

// fitted shortens prodctl's own parts of a description that is longer than GitLab allows: first lines of the timeline, oldest first, then
// keys of the record without a value, then the rest of the timeline if nobody else wrote in it. What people wrote stays, so the result may
// still be too long.
func fitted(text string) string {
	for _, shorten := range []func(string) string{withoutOldLines, withoutBlankKeys, withoutTimeline} {
		if len(text) <= issue.MaxDescription {
			break
		}
		text = shorten(text)
	}
	return text
}

// withoutOldLines removes as many of our lines from the timeline as necessary, and the headings of dates that have no line left.
func withoutOldLines(text string) string {
	r := findRegion(text)
	if !r.found {
		return text
	}
	over := len(text) - issue.MaxDescription
	if !slices.ContainsFunc(r.lines, isLeftOutLine) {
		over += len(leftOutLine + r.eol)
	}
	list := r.sections()
	for n := range list {
		list[n].lines = slices.DeleteFunc(list[n].lines, func(line string) bool {
			if over <= 0 || !isOwnLine(line) {
				return false
			}
			over -= len(line)
			return true
		})
		if n > 0 && list[n].empty() {
			over -= len(strings.Join(list[n].lines, ""))
			list[n].lines = nil
		}
	}
	lines := []string{leftOutLine + r.eol}
	if over > 0 { // without the line about it there is more room
		lines = nil
	}
	for _, s := range list {
		lines = append(lines, slices.DeleteFunc(s.lines, isLeftOutLine)...)
	}
	r.lines = lines
	return r.before + r.String() + r.after
}

// empty reports whether a section has nothing but its heading.
func (s section) empty() bool {
	return !slices.ContainsFunc(s.lines, func(line string) bool {
		return strings.TrimSpace(line) != "" && !headingPattern().MatchString(line)
	})
}

func isLeftOutLine(line string) bool { return strings.TrimRight(line, "\r\n") == leftOutLine }

// isOwnLine reports whether prodctl wrote a line of the timeline, and nobody changed it since.
func isOwnLine(line string) bool {
	if _, changed, ok := parseOwn(line); ok {
		return !changed
	}
	_, text, _ := strings.Cut(strings.TrimPrefix(strings.TrimRight(line, "\r\n"), "- "), " ")
	_, timed := minuteOf(line)
	return timed && slices.Contains([]string{startedText, detectedText, declaredText}, text)
}

// withoutBlankKeys removes the keys of the record that have no value.
func withoutBlankKeys(text string) string {
	block, _ := record.Find(text, Kind)
	var edits []record.Edit
	for _, key := range RecordKeys() {
		if v, ok := block.Get(key); ok && v.Text == "" && len(v.List) == 0 {
			edits = append(edits, record.Delete(key))
		}
	}
	if len(edits) == 0 {
		return text
	}
	return block.Apply(edits...)
}

// withoutTimeline removes a timeline in which nobody else wrote. The record still says which comments are in it.
func withoutTimeline(text string) string {
	r := findRegion(text)
	if !r.found || slices.ContainsFunc(r.lines, func(line string) bool {
		return strings.TrimSpace(line) != "" && !isOwnLine(line) && !isLeftOutLine(line) && !headingPattern().MatchString(line)
	}) {
		return text
	}
	return strings.TrimRight(r.before, "\r\n") + r.eol + r.eol + strings.TrimLeft(r.after, "\r\n")
}

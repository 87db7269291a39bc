package incident

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// maxTimelineText is how many characters GitLab allows in an event of its timeline.
const maxTimelineText = 280

// timelineTags are GitLab's predefined tags by the beginning of a line of the timeline.
var timelineTags = []struct{ word, tag string }{
	{startedText, "Start time"}, {detectedText, "Impact detected"}, {declaredText, "Response initiated"},
	{"mitigated", "Impact mitigated"}, {"resolved", "End time"}, {"cause:", "Cause identified"},
}

// GitLabTimeline returns the events that GitLab's own timeline of an incident should have: the lines of the description's timeline that
// prodctl wrote and nobody changed, in their order. Internal comments are not among them.
func GitLabTimeline(description string) (list []issue.TimelineEvent) {
	for _, s := range findRegion(description).sections() {
		day, err := time.Parse(time.DateOnly, s.date)
		if err != nil {
			continue
		}
		for _, line := range s.lines {
			line = strings.TrimRight(line, "\r\n")
			minute, timed := minuteOf(line)
			if !timed || !isOwnLine(line) {
				continue
			}
			if m := ownPattern().FindStringSubmatch(line); m != nil {
				line = m[1]
			}
			text := cutMarkdown(strings.TrimSpace(timedPattern().ReplaceAllString(line, "")))
			e := issue.TimelineEvent{At: day.Add(time.Duration(minute) * time.Minute), Text: text, Tag: timelineTag(text)}
			if text != "" && text != eventlog.InternalText {
				list = append(list, e)
			}
		}
	}
	return list
}

// Describes reports whether an event of GitLab's timeline has the words of a recorded event, or one of the times that it gave the record.
func Describes(e eventlog.Event, t issue.TimelineEvent) bool {
	for key, text := range map[string]string{KeyStarted: startedText, KeyDetected: detectedText} {
		if at, err := time.Parse(time.RFC3339, e.Fields[key]); err == nil && t.Text == text && t.At.Equal(at.Truncate(time.Minute)) {
			return true
		}
	}
	return t.Text == cutMarkdown(strings.TrimSpace(lineText(e))) && t.At.Equal(e.At.Truncate(time.Minute))
}

// timelineTag is the tag of a line; empty for none.
func timelineTag(text string) string {
	for _, t := range timelineTags {
		if rest, ok := strings.CutPrefix(text, t.word); ok && (rest == "" || strings.ContainsRune(",: ", rune(rest[0]))) {
			return t.tag
		}
	}
	return ""
}

// cutMarkdown cuts a line to the length that GitLab allows, not within an escape.
func cutMarkdown(text string) string {
	if utf8.RuneCountInString(text) <= maxTimelineText {
		return text
	}
	return strings.TrimRight(string([]rune(text)[:maxTimelineText-1]), " \\") + "…"
}

// LackingTimeline returns those of the wanted events that GitLab's timeline does not have: of several alike, as many as are missing.
func LackingTimeline(wanted, has []issue.TimelineEvent) (list []issue.TimelineEvent) {
	has = slices.Clone(has)
	for _, e := range wanted {
		at := slices.IndexFunc(has, func(h issue.TimelineEvent) bool {
			return strings.TrimSpace(h.Text) == e.Text && h.At.Truncate(time.Minute).Equal(e.At)
		})
		if at < 0 {
			list = append(list, e)
		} else {
			has = slices.Delete(has, at, at+1)
		}
	}
	return list
}

package incident

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/record"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// The timeline of a description is between two hidden lines. The second one lists the comments that were applied to it, which may be more
// than it has lines: a line that a person deleted stays away. The form is part of the published format.
const (
	regionBegin = "<!-- prodctl:timeline -->"
	regionEnd   = "<!-- prodctl:timeline end"
)

var (
	endPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^<!-- prodctl:timeline end((?: \d{1,18})*) -->[ \t]*$`)
	})
	ownPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(.*?)[ \t]*<!-- (\d{1,18}):([0-9a-f]{4}) -->[ \t]*$`)
	})
	headingPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^#{1,6}[ \t]+(\d{4}-\d{2}-\d{2})\b`) })
	timedPattern   = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^ {0,3}[-*+][ \t]+[*_]{0,2}(?:\d{4}-\d{2}-\d{2}[ T])?([01]?\d|2[0-3]):([0-5]\d)\b`)
	})
)

// region is the timeline in a description. Lines keep their ends.
type region struct {
	found         bool
	before, after string // the description around it
	begin         string // the hidden line as written; empty: a new one
	lines         []string
	noteIDs       []int64 // the comments listed in the last line
	end           string  // the hidden line as written; empty: a new one
	eol           string
}

// eventLine is one line that prodctl writes.
type eventLine struct {
	id   int64 // number of its comment; 0: none, the line belongs to people
	at   time.Time
	text string
}

// findRegion finds the last region of a description that is not quoted: text supplied by others comes before it.
func findRegion(description string) region {
	r := region{before: description, eol: "\n"}
	if !strings.Contains(description, regionEnd) {
		return r // the usual case
	}
	lines := strings.SplitAfter(description, "\n")
	bare := strings.Split(safetext.WithoutClosedLiterals(description), "\n")
	begin, last := -1, -1
	for n := len(lines) - 1; n >= 0 && begin < 0; n-- {
		switch line := strings.TrimRight(bare[n], "\r"); {
		case endPattern().MatchString(line):
			last = n
		case last > 0 && strings.TrimRight(line, " \t") == regionBegin:
			begin = n
		}
	}
	if begin < 0 {
		return r
	}
	r.found = true
	r.before, r.after = strings.Join(lines[:begin], ""), strings.Join(lines[last+1:], "")
	r.begin, r.end, r.lines = lines[begin], lines[last], lines[begin+1:last]
	if strings.HasSuffix(r.begin, "\r\n") {
		r.eol = "\r\n"
	}
	for _, id := range strings.Fields(endPattern().FindStringSubmatch(strings.TrimRight(r.end, "\r\n"))[1]) {
		n, _ := strconv.ParseInt(id, 10, 64)
		r.noteIDs = append(r.noteIDs, n)
	}
	return r
}

// String is the region alone.
func (r region) String() string {
	begin, end := r.begin, r.end
	if begin == "" {
		begin = regionBegin + r.eol
	}
	if end == "" {
		end = endLine(r.noteIDs) + r.eol
	}
	return begin + strings.Join(r.lines, "") + end
}

func endLine(follows []int64) string {
	line := regionEnd
	for _, id := range follows {
		line += " " + strconv.FormatInt(id, 10)
	}
	return line + " -->"
}

// setNoteIDs sets the list of applied comments.
func (r *region) setNoteIDs(ids []int64) {
	if slices.Equal(ids, r.noteIDs) {
		return
	}
	r.noteIDs = ids
	if r.end != "" { // the last line of a description may end in nothing
		r.end = endLine(ids) + r.end[len(strings.TrimRight(r.end, "\r\n")):]
	}
}

// format returns the line as text. Its hidden end has a digest, which shows later whether a person changed the line.
func (l eventLine) format() string {
	line := "- " + l.at.UTC().Format("15:04") + " " + l.text
	if l.id == 0 {
		return line
	}
	return line + " <!-- " + strconv.FormatInt(l.id, 10) + ":" + digest(line) + " -->"
}

func digest(line string) string {
	sum := sha256.Sum256([]byte(line))
	return hex.EncodeToString(sum[:2])
}

// parseOwn parses a line that prodctl wrote; changed reports that a person edited it since.
func parseOwn(line string) (id int64, changed, ok bool) {
	m := ownPattern().FindStringSubmatch(strings.TrimRight(line, "\r\n"))
	if m == nil {
		return 0, false, false
	}
	id, err := strconv.ParseInt(m[2], 10, 64)
	return id, digest(m[1]) != m[3], err == nil
}

// merge brings the region in line with events: lines that nobody edited follow the text of their comment, and missing lines of fresh
// events are added in their place. Everything else stays.
func (r *region) merge(lines []eventLine, fresh func(id int64) bool) {
	exists := map[int64]bool{}
	for n, line := range r.lines {
		id, changed, ok := parseOwn(line)
		exists[id] = exists[id] || ok
		at := slices.IndexFunc(lines, func(l eventLine) bool { return l.id == id })
		if !ok || changed || at < 0 {
			continue
		}
		body := strings.TrimRight(line, "\r\n")
		if now := lines[at].format(); now != strings.TrimRight(body, " \t") {
			r.lines[n] = now + line[len(body):]
		}
	}
	for _, l := range lines {
		if fresh(l.id) && !exists[l.id] {
			r.add(l)
		}
	}
}

// section holds the lines under one date.
type section struct {
	date  string // empty: the lines before the first date
	lines []string
}

func (r region) sections() []section {
	list := []section{{}}
	for _, line := range r.lines {
		if m := headingPattern().FindStringSubmatch(line); m != nil {
			list = append(list, section{date: m[1]})
		}
		last := &list[len(list)-1]
		last.lines = append(last.lines, line)
	}
	return list
}

// add inserts a line under its date, by its time.
func (r *region) add(l eventLine) {
	list, date := r.sections(), l.at.UTC().Format(time.DateOnly)
	at := slices.IndexFunc(list, func(s section) bool { return s.date == date })
	if at < 0 {
		at = slices.IndexFunc(list, func(s section) bool { return s.date > date })
		if at < 0 {
			at = len(list)
		}
		r.endInBlank(&list[at-1])
		list = slices.Insert(list, at, section{date, []string{"### " + date + r.eol, r.eol, l.format() + r.eol, r.eol}})
	} else {
		list[at].add(l, r.eol)
	}
	r.lines = nil
	for _, s := range list {
		r.lines = append(r.lines, s.lines...)
	}
}

// endInBlank makes a section end in a blank line, so that the heading after it is one.
func (r *region) endInBlank(s *section) {
	if n := len(s.lines); n > 0 && strings.TrimSpace(s.lines[n-1]) != "" {
		s.lines = append(s.lines, r.eol)
	}
}

// item is a line with a time, and the lines below it up to the next one.
type item struct {
	minute int
	id     int64
	lines  []string
}

// add inserts a line by its time, after those of the same minute but before our lines of later comments.
// A line without a time, written by people, stays after the line before it.
func (s *section) add(l eventLine, eol string) {
	head, items, tail := s.items()
	stable.Sort(items, func(a, b item) int { return a.minute - b.minute })
	minute := l.at.UTC().Hour()*60 + l.at.UTC().Minute()
	at := slices.IndexFunc(items, func(i item) bool {
		return i.minute > minute || i.minute == minute && i.id > 0 && l.id > 0 && i.id > l.id
	})
	if at < 0 {
		at = len(items)
	}
	items = slices.Insert(items, at, item{minute, l.id, []string{l.format() + eol}})
	if len(head) == 1 && headingPattern().MatchString(head[0]) {
		head = append(head, eol)
	}
	s.lines = head
	for _, i := range items {
		s.lines = append(s.lines, i.lines...)
	}
	s.lines = append(s.lines, tail...)
}

// items returns the lines with a time; head is everything before the first, tail the blank lines at the end.
func (s section) items() (head []string, items []item, tail []string) {
	end := len(s.lines)
	for end > 0 && strings.TrimSpace(s.lines[end-1]) == "" {
		end--
	}
	head, tail = nil, s.lines[end:]
	for _, line := range s.lines[:end] {
		if minute, ok := minuteOf(line); ok {
			id, _, _ := parseOwn(line)
			items = append(items, item{minute, id, []string{line}})
		} else if n := len(items); n > 0 {
			items[n-1].lines = append(items[n-1].lines, line)
		} else {
			head = append(head, line)
		}
	}
	if len(items) == 0 && len(head) == 1 && len(tail) > 0 { // the blank line below the heading is not the end
		head, tail = append(head, tail[0]), tail[1:]
	}
	return head, items, tail
}

func minuteOf(line string) (int, bool) {
	m := timedPattern().FindStringSubmatch(line)
	if m == nil {
		return 0, false
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	return hour*60 + minute, true
}

// newRegion returns a new region for a description that has none: before the record, else at the end, but before the hidden key.
func newRegion(description string) region {
	r := region{found: true, eol: "\n"}
	if strings.Contains(description, "\r\n") {
		r.eol = "\r\n"
	}
	lines := strings.SplitAfter(description, "\n")
	at := recordLine(description)
	if at < 0 {
		at = len(lines)
		for at > 0 && (strings.TrimSpace(lines[at-1]) == "" || hiddenKey(lines[at-1])) {
			at--
		}
	}
	r.before, r.after = strings.Join(lines[:at], ""), strings.Join(lines[at:], "")
	if strings.TrimSpace(r.before) != "" {
		r.before = strings.TrimRight(r.before, "\r\n") + r.eol + r.eol
	}
	if rest := strings.TrimLeft(r.after, "\r\n"); rest != "" {
		r.after = r.eol + rest
	}
	return r
}

// hiddenKey reports whether a line has the key.
func hiddenKey(line string) bool {
	return strings.HasPrefix(line, "<!-- prodctl:key=") || strings.HasPrefix(line, "<!-- prodctl:id=")
}

var fencePattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^ {0,3}(?:```|~~~)") })

// recordLine is the first line of the record, counted from 0; -1 if there is none.
func recordLine(description string) int {
	b, _ := record.Find(description, Kind)
	line := -1
	for _, key := range b.Keys() {
		if v, _ := b.Get(key); line < 0 || v.Line < line {
			line = v.Line
		}
	}
	lines := strings.Split(description, "\n")
	for n := min(line, len(lines)) - 1; n >= 0; n-- {
		if fencePattern().MatchString(lines[n]) {
			return n
		}
	}
	return -1
}

// manualLines returns the lines that people wrote or edited, if they have a date and a time. id is the comment of an edited line of ours.
func (r region) manualLines() []eventLine {
	var list []eventLine
	for _, s := range r.sections() {
		day, err := time.Parse(time.DateOnly, s.date)
		if err != nil {
			continue
		}
		for _, line := range s.lines {
			minute, timed := minuteOf(line)
			id, changed, ours := parseOwn(line)
			if !timed || ours && !changed {
				continue
			}
			text := timedPattern().ReplaceAllString(strings.TrimRight(line, "\r\n"), "")
			if m := ownPattern().FindStringSubmatch(text); m != nil {
				text = m[1]
			}
			text = firstLine(strings.TrimLeft(text, " \t*_:"))
			if after, ok := strings.CutPrefix(text, "UTC"); ok {
				text = strings.TrimLeft(after, " :-")
			}
			list = append(list, eventLine{id, day.Add(time.Duration(minute) * time.Minute), text})
		}
	}
	return list
}

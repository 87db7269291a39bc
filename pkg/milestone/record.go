package milestone

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// CarryOver says what becomes of the open issues of a finished timebox.
type CarryOver string

// The four policies. Block refuses the roll and lists the issues.
const (
	CarryToCurrent CarryOver = "current"
	CarryToNext    CarryOver = "next"
	CarryKeep      CarryOver = "keep"
	CarryBlock     CarryOver = "block"
)

// ParseCarryOver reads a policy by its name.
func ParseCarryOver(s string) (CarryOver, error) {
	switch c := CarryOver(s); c {
	case CarryToCurrent, CarryToNext, CarryKeep, CarryBlock:
		return c, nil
	}
	return "", fmt.Errorf("%q is no carry-over policy: there are current, next, keep and block", s)
}

// Record is what a roll leaves in the description of the milestone it finishes, in the same request that renames it:
// enough for another run to know what was decided, whoever made it and whenever it is run.
type Record struct {
	Due           calendar.Date // of the finished timebox
	Carry         CarryOver     // as the roll was asked
	To            calendar.Date // last day of the timebox that gets the open issues; zero: they stay
	Open          int           // issues that were open when it was finished
	PreviousTitle string        // title before, when it was not the usual one
}

const (
	recordBegin = "<!-- prodctl:roll "
	recordHead  = `^` + recordBegin +
		`due=(\d{4}-\d{2}-\d{2}) carry-over=(current|next|keep|block)(?: to=(\d{4}-\d{2}-\d{2}))? open=(\d{1,9})(?: was=(\S+))? -->\r?$`
	recordEnd = "<!-- /prodctl:roll -->"
)

var (
	recordLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)` + recordHead) })
	// recordBlock is a record with its table and nothing else, as it was written.
	recordBlock = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)` + recordHead + `\n(?:\|.*\n)*` + recordEnd) })
)

// ReadRecord finds the roll record in the description of the milestone with that due date. One of another date was copied
// from elsewhere; of several the last one counts, since that is where a roll writes.
func ReadRecord(description string, due calendar.Date) (Record, bool) {
	r, _, ok := lastRecord(description, due)
	return r, ok
}

// lastRecord is the record with the place where it begins.
func lastRecord(description string, due calendar.Date) (r Record, at int, ok bool) {
	if !strings.Contains(description, recordBegin) {
		return r, at, ok // as nearly all are
	}
	begin := 0
	for line := range strings.Lines(description) {
		if strings.HasPrefix(line, recordBegin) {
			if one, good := parseRecord(recordLine().FindStringSubmatch(line)); good && one.Due == due {
				r, at, ok = one, begin, true
			}
		}
		begin += len(line)
	}
	return r, at, ok
}

func parseRecord(m []string) (Record, bool) {
	if m == nil {
		return Record{}, false
	}
	due, err := calendar.ParseDate(m[1])
	if err != nil {
		return Record{}, false
	}
	r := Record{Due: due, Carry: CarryOver(m[2])}
	if m[3] != "" {
		if r.To, err = calendar.ParseDate(m[3]); err != nil {
			return Record{}, false
		}
	}
	if r.Open, err = strconv.Atoi(m[4]); err != nil {
		return Record{}, false
	}
	if r.PreviousTitle, err = url.QueryUnescape(m[5]); err != nil {
		return Record{}, false
	}
	return r, true
}

// line is the hidden line that begins the block.
func (r Record) line() string {
	to, was := "", ""
	if !r.To.IsZero() {
		to = " to=" + r.To.String()
	}
	if r.PreviousTitle != "" {
		was = " was=" + url.QueryEscape(r.PreviousTitle)
	}
	return fmt.Sprintf("<!-- prodctl:roll due=%s carry-over=%s%s open=%d%s -->", r.Due, r.Carry, to, r.Open, was)
}

// WriteRecord returns the description with the record and its summary table as the last block. A block for the same timebox that
// stands there already is replaced where it stands, unless somebody has written into it. No other byte changes.
func WriteRecord(description string, r Record, summary string) string {
	block := r.line() + "\n" + summary + "\n" + recordEnd
	if _, at, ok := lastRecord(description, r.Due); ok {
		if old := recordBlock().FindStringIndex(description[at:]); old != nil && old[0] == 0 {
			return description[:at] + block + description[at+old[1]:]
		}
	}
	if strings.TrimSpace(description) == "" {
		return block
	}
	return strings.TrimRight(description, "\n") + "\n\n" + block
}

// Summary is the Markdown table of a finished timebox (SPEC: issues and weight done, carried,
// scheduled against unscheduled share, toil share). carriedTo names the timebox that open issues went to; empty: they stay.
func (m Measured) Summary(carriedTo string) string {
	var b strings.Builder
	b.WriteString("| | issues | weight |\n| --- | ---: | ---: |\n")
	row := func(name string, t Tally, share bool, more string) {
		issues, weight := strconv.Itoa(t.Issues), strconv.Itoa(t.Weight)
		if share {
			issues += fmt.Sprintf(" (%d %%)", Percent(t.Issues, m.All.Issues))
			weight += fmt.Sprintf(" (%d %%)", Percent(t.Weight, m.All.Weight))
		}
		fmt.Fprintf(&b, "| %s | %s%s | %s |\n", name, issues, more, weight)
	}
	again := ""
	if m.CarriedBefore > 0 {
		again = fmt.Sprintf(", %d of them again", m.CarriedBefore)
	}
	open := "left open"
	if carriedTo != "" {
		open = "carried over to " + carriedTo
	}
	row("done", m.Done, true, "")
	row(open, m.Open, true, again)
	row("scheduled", m.Scheduled, true, "")
	row("unscheduled", m.Unscheduled, true, "")
	row("toil", m.Toil, true, "")
	row("all", m.All, false, "")
	return strings.TrimSuffix(b.String(), "\n")
}

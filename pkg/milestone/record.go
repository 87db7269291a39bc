package milestone

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// CarryOver is the policy for the open issues of a finished timebox.
type CarryOver string

// The policies. Block refuses the roll and lists the issues.
const (
	CarryToCurrent CarryOver = "current"
	CarryToNext    CarryOver = "next"
	CarryKeep      CarryOver = "keep"
	CarryBlock     CarryOver = "block"
)

// ParseCarryOver parses the name of a policy.
func ParseCarryOver(s string) (CarryOver, error) {
	switch c := CarryOver(s); c {
	case CarryToCurrent, CarryToNext, CarryKeep, CarryBlock:
		return c, nil
	}
	return "", fmt.Errorf("invalid carry-over policy %q (use current, next, keep or block)", s)
}

// Record is a block that a roll writes into the description of the milestone it finishes, in the same request that renames it.
// It tells a later run, by anybody, what was decided.
type Record struct {
	Due           calendar.Date // of the finished timebox
	Carry         CarryOver     // the policy of the roll
	To            calendar.Date // last day of the timebox that gets the open issues; zero: they stay
	Open          int           // issues that were open when it was finished
	PreviousTitle string        // set only if it was not Current or Next Milestone
}

const (
	recordBegin = "<!-- prodctl:roll "
	recordHead  = `^` + recordBegin +
		`due=(\d{4}-\d{2}-\d{2}) carry-over=(current|next|keep|block)(?: to=(\d{4}-\d{2}-\d{2}))? open=(\d{1,9})(?: was=(\S+))? -->\r?$`
	recordEnd = "<!-- /prodctl:roll -->"
)

var (
	recordLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)` + recordHead) })
	// recordBlock matches a record with its table, as a roll writes it.
	recordBlock = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)` + recordHead + `\n(?:\|.*\n)*` + recordEnd) })
)

// ReadRecord finds the roll's record in the description of the milestone with that due date. A record with another date was copied
// from elsewhere. If there are several, the last one counts, because a roll writes at the end.
func ReadRecord(description string, due calendar.Date) (Record, bool) {
	r, _, ok := lastRecord(description, due)
	return r, ok
}

// lastRecord returns the record and its offset.
func lastRecord(description string, due calendar.Date) (r Record, at int, ok bool) {
	if !strings.Contains(description, recordBegin) {
		return r, at, ok // the usual case
	}
	offset := 0
	for line := range strings.Lines(safetext.WithoutClosedLiterals(description)) {
		if strings.HasPrefix(line, recordBegin) {
			if found, valid := parseRecord(recordLine().FindStringSubmatch(line)); valid && found.Due == due {
				r, at, ok = found, offset, true
			}
		}
		offset += len(line)
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

// line returns the hidden first line of the block.
func (r Record) line() string {
	to, previous := "", ""
	if !r.To.IsZero() {
		to = " to=" + r.To.String()
	}
	if r.PreviousTitle != "" {
		previous = " was=" + url.QueryEscape(r.PreviousTitle)
	}
	return fmt.Sprintf("<!-- prodctl:roll due=%s carry-over=%s%s open=%d%s -->", r.Due, r.Carry, to, r.Open, previous)
}

// WriteRecord returns the description with the record and its summary table as the last block. An existing block for the same timebox
// is replaced in place, unless somebody has edited it. No other byte changes.
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

// Summary returns the Markdown table of a finished timebox (issues and weight done, carried, scheduled and unscheduled share,
// toil share). carriedTo names the timebox that the open issues move to; empty: they stay.
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
	before := ""
	if m.CarriedBefore > 0 {
		before = fmt.Sprintf(", %d carried over before", m.CarriedBefore)
	}
	open := "left open"
	if carriedTo != "" {
		open = "carried over to " + carriedTo
	}
	row("done", m.Done, true, "")
	row(open, m.Open, true, before)
	row("scheduled", m.Scheduled, true, "")
	row("unscheduled", m.Unscheduled, true, "")
	row("toil", m.Toil, true, "")
	row("all", m.All, false, "")
	return strings.TrimSuffix(b.String(), "\n")
}

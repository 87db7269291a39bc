package report

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// The report is between two hidden lines of a description. All text around it belongs to people. These lines are part of the published
// format.
const (
	regionBegin = "<!-- prodctl:report -->"
	regionEnd   = "<!-- /prodctl:report -->"
	keyBegin    = "<!-- prodctl:key=" // the hidden line by which the issue is found; it stays last, but for the next one
	wordBegin   = "<!-- prodctl:id="
)

// region is the part of a description with the report.
type region struct {
	before, text, after string // before ends with the first hidden line and its line end, after starts with the second hidden line
	found               bool
}

// findRegion looks for the one region. Anything but one begin line followed by one end line is damage: nobody can know then which text is
// prodctl's, so the error says which line is wrong.
func findRegion(description string) (region, error) {
	if !strings.Contains(description, "prodctl:report") {
		return region{}, nil // the usual case
	}
	begin, end, at := -1, -1, 0
	var beginLine, textFrom int
	for n, line := range strings.SplitAfter(safetext.WithoutClosedLiterals(description), "\n") {
		switch strings.TrimRight(line, " \t\r\n") {
		case regionBegin:
			if begin >= 0 {
				return region{}, fmt.Errorf("a second report begins on line %d of the description (the first one begins on line %d)", n+1, beginLine)
			}
			begin, beginLine, textFrom = at, n+1, at+len(line)
		case regionEnd:
			if begin < 0 || end >= 0 {
				return region{}, fmt.Errorf("line %d of the description ends a report that has no beginning", n+1)
			}
			end = at
		}
		at += len(line)
	}
	switch {
	case begin < 0:
		return region{}, nil
	case end < 0:
		return region{}, fmt.Errorf("the report that begins on line %d of the description has no end (the line %s is missing)", beginLine,
			regionEnd)
	}
	return region{before: description[:textFrom], text: description[textFrom:end], after: description[end:], found: true}, nil
}

// released is the description with the text of the region as people's, because a person has changed it.
func (r region) released() string {
	before, _ := strings.CutSuffix(strings.TrimRight(r.before, "\r\n"), regionBegin)
	_, after, _ := strings.Cut(r.after, regionEnd)
	return before + strings.TrimRight(safetext.Unsealed(r.text), "\r\n") + after
}

// Embed puts the report into its region of a description, and creates the region after all other text if there is none. A report that a
// person has changed becomes text of theirs, above a new region. No byte outside the region changes. A damaged region is an error that
// names the line, and the description stays as it is.
func Embed(description, report string) (string, error) {
	r, err := findRegion(description)
	if err != nil {
		return description, err
	}
	eol := "\n"
	if strings.Contains(description, "\r\n") {
		eol = "\r\n"
	}
	seal := safetext.ReadSeal(r.text)
	switch {
	case r.found && seal.Says(report):
		return description, nil
	case r.found && !seal.Intact():
		return Embed(r.released(), report)
	}
	report = strings.ReplaceAll(safetext.Sealed(report), "\n", eol)
	if r.found {
		if !strings.HasSuffix(r.before, "\n") {
			r.before += eol
		}
		return r.before + report + eol + r.after, nil
	}
	before, after := splitAtKey(description)
	own := regionBegin + eol + report + eol + regionEnd
	if before != "" {
		own = strings.Repeat(eol, missingBlanks(before)) + own
	}
	if after != "" {
		own += eol + eol
	}
	return before + own + after, nil
}

// splitAtKey splits a description before the hidden lines with its key, if they are the last thing in it.
func splitAtKey(description string) (before, after string) {
	at := strings.LastIndex("\n"+description, "\n"+keyBegin)
	if at < 0 {
		return description, ""
	}
	_, below, _ := strings.Cut(description[at:], "\n")
	if below = strings.TrimSpace(below); below != "" && (!strings.HasPrefix(below, wordBegin) || strings.Contains(below, "\n")) {
		return description, ""
	}
	return description[:at], description[at:]
}

// missingBlanks returns how many line ends a text needs so that what follows is a block of its own.
func missingBlanks(text string) int {
	text = strings.ReplaceAll(text, "\r", "")
	return max(0, 2-(len(text)-len(strings.TrimRight(text, "\n"))))
}

// Reconciler keeps a report in an issue's description. A confidential issue gets Full, every other one gets Redacted, which shows nothing
// about confidential issues.
//
// Of several runs at once the last write wins, and they do not keep correcting each other: once a Reconciler has found its own report, or
// finds one that is neither its own nor the one that it replaced, it leaves the issue alone. It has state, so use a pointer, and one
// Reconciler for one issue in one run.
type Reconciler struct {
	Redacted, Full string
	previous       *string // the region when it was first read
	confirmed      bool    // its own report was found there
	attempts       int     // how often it asked for a write
}

// maxAttempts is how often a report is written that is not there afterwards. It is more than the number of requests that get lost in a
// row.
const maxAttempts = 5

// Text returns the report for an issue.
func (r *Reconciler) Text(confidential bool) string {
	if confidential {
		return r.Full
	}
	return r.Redacted
}

// Reconcile returns the change that the issue needs. Comments do not matter. A damaged region is an error.
func (r *Reconciler) Reconcile(i issue.Issue, _ []issue.Note) (issue.Change, error) {
	now, err := findRegion(i.Description)
	if err != nil {
		return issue.Change{}, fmt.Errorf("%s: %w", i.Ref, err)
	}
	if r.previous == nil {
		r.previous = &now.text
	}
	own := r.Text(i.Confidential)
	r.confirmed = r.confirmed || now.found && safetext.ReadSeal(now.text).Says(own)
	foreign := now.found && !safetext.Same(now.text, *r.previous)
	if r.confirmed || foreign || r.attempts == maxAttempts {
		return issue.Change{}, nil
	}
	text, err := Embed(i.Description, own)
	if err != nil || text == i.Description {
		return issue.Change{}, err
	}
	r.attempts++
	return issue.Change{Description: &text}, nil
}

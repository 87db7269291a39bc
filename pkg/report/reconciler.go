package report

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// The report stands between two hidden lines of a description. All around it belongs to people. The form is part of the published format.
const (
	regionBegin = "<!-- prodctl:report -->"
	regionEnd   = "<!-- /prodctl:report -->"
	keyBegin    = "<!-- prodctl:key=" // the hidden line by which the issue is found; it stays the last one
)

// region is where the report stands in a description.
type region struct {
	before, text, after string // before ends in the first hidden line with its end of line, after begins with the second one
	found               bool
}

// findRegion looks for the one region. Anything else than one begin and one end after it is damage, with the line it is on:
// what belongs to whom cannot be told then, and is not guessed.
func findRegion(description string) (region, error) {
	begin, end, at := -1, -1, 0
	var beginLine, textFrom int
	for n, line := range strings.SplitAfter(description, "\n") {
		switch strings.TrimRight(line, " \t\r\n") {
		case regionBegin:
			if begin >= 0 {
				return region{}, fmt.Errorf("line %d of the description begins a second report: the first one begins on line %d", n+1, beginLine)
			}
			begin, beginLine, textFrom = at, n+1, at+len(line)
		case regionEnd:
			if begin < 0 || end >= 0 {
				return region{}, fmt.Errorf("line %d of the description ends a report that begins nowhere", n+1)
			}
			end = at
		}
		at += len(line)
	}
	switch {
	case begin < 0:
		return region{}, nil
	case end < 0:
		return region{}, fmt.Errorf("the report that begins on line %d of the description has no end: the line %s is missing", beginLine,
			regionEnd)
	}
	return region{before: description[:textFrom], text: description[textFrom:end], after: description[end:], found: true}, nil
}

// Within is a description with the report in its region, which is made behind everything that people wrote where there is none.
// Not a byte changes outside of it. A region that is damaged is an error that says where, and nothing is changed.
func Within(description, report string) (string, error) {
	r, err := findRegion(description)
	if err != nil {
		return description, err
	}
	eol := "\n"
	if strings.Contains(description, "\r\n") {
		eol = "\r\n"
	}
	report = strings.ReplaceAll(strings.TrimSpace(strings.ReplaceAll(report, "\r", "")), "\n", eol)
	if r.found {
		if safetext.Same(r.text, report) {
			return description, nil
		}
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

// splitAtKey parts a description before the hidden line of its key, if that is the last thing in it.
func splitAtKey(description string) (before, after string) {
	at := strings.LastIndex("\n"+description, "\n"+keyBegin)
	if at < 0 || strings.Contains(strings.TrimSpace(description[at:]), "\n") {
		return description, ""
	}
	return description[:at], description[at:]
}

// missingBlanks is how many ends of lines a text needs for what follows to be a block of its own.
func missingBlanks(text string) int {
	text = strings.ReplaceAll(text, "\r", "")
	return max(0, 2-(len(text)-len(strings.TrimRight(text, "\n"))))
}

// Reconciler keeps a report in an issue's description. Whole is what a confidential issue is given;
// every other one gets Open, which tells nothing of what is confidential.
//
// Of several runs at once the last to write wins, and no two of them go on correcting each other:
// whoever has seen its report stand, or finds one that is neither its own nor the one that it replaced, leaves what is there.
// So it is used for one issue in one go, through a pointer.
type Reconciler struct {
	Open, Whole string
	replaced    *string // the region as it was when it was first looked at
	stood       bool    // its own report was seen there
	tries       int     // how often it was to be written
}

// mostTries is how often a report is written that is not there afterwards: more often than requests are lost one after the other.
const mostTries = 5

// Text is the report for an issue.
func (l *Reconciler) Text(confidential bool) string {
	if confidential {
		return l.Whole
	}
	return l.Open
}

// Reconcile is what is to be changed in the issue. Comments do not matter. A damaged region is an error.
func (l *Reconciler) Reconcile(i issue.Issue, _ []issue.Note) (issue.Change, error) {
	now, err := findRegion(i.Description)
	if err != nil {
		return issue.Change{}, fmt.Errorf("%s: %w", i.Ref, err)
	}
	if l.replaced == nil {
		l.replaced = &now.text
	}
	own := l.Text(i.Confidential)
	l.stood = l.stood || now.found && safetext.Same(now.text, own)
	others := now.found && !safetext.Same(now.text, *l.replaced)
	if l.stood || others || l.tries == mostTries {
		return issue.Change{}, nil
	}
	text, err := Within(i.Description, own)
	if err != nil || text == i.Description {
		return issue.Change{}, err
	}
	l.tries++
	return issue.Change{Description: &text}, nil
}

package report

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// part is where the report is in a description. All text around it belongs to people.
var part = safetext.Part{Name: "report", In: "description"}

const (
	keyBegin  = "<!-- prodctl:key=" // the hidden line by which the issue is found; it stays last, but for the next one
	wordBegin = "<!-- prodctl:id="
)

// Embed puts the report into its region of a description, and creates the region after all other text if there is none. A report that a
// person has changed becomes text of theirs, above a new region. No byte outside the region changes. A damaged region is an error that
// names the line, and the description stays as it is.
func Embed(description, report string) (string, error) {
	r, err := part.Find(description)
	switch {
	case err != nil || r.Says(report):
		return description, err
	case r.Found && !r.Intact():
		above, below := r.Released()
		return Embed(above+below, report)
	case r.Found:
		return r.With(report), nil
	}
	eol := safetext.LineEnd(description)
	before, after := splitAtKey(description)
	own := part.Wrapped(report, eol)
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
	now, err := part.Find(i.Description)
	if err != nil {
		return issue.Change{}, fmt.Errorf("%s: %w", i.Ref, err)
	}
	if r.previous == nil {
		r.previous = &now.Text
	}
	own := r.Text(i.Confidential)
	r.confirmed = r.confirmed || now.Says(own)
	foreign := now.Found && !safetext.Same(now.Text, *r.previous)
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

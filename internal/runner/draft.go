package runner

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Unplanned handles an error that came before there was a plan: it saves the draft of the issue.
func (o *Creation) Unplanned(draft func() (plan.Plan, error)) func(error) error {
	return func(err error) error {
		p, derr := draft()
		if derr != nil {
			return errors.Join(err, derr)
		}
		return saveDraft(o.Session, p, o.What, err)
	}
}

// saveDraft writes the issue that was not created to a file, together with the command that retries, so that no text is lost in an outage.
// When no file can be written it prints the draft.
func saveDraft(s *app.Session, p plan.Plan, what string, cause error) error {
	at := p.Index("open")
	if at < 0 || fault.KindOf(cause) == fault.Usage || s.ReadOnly {
		return cause
	}
	step := p.Steps[at].(plan.CreateIssue)
	key := step.IdempotencyKey.Name
	line := RetryWithKey(s, key)
	retry := Shareable(s, line, ShortWithKey(key), step.Draft.Confidential)
	draft := draftText(step, line)
	file, err := writeDraft(s, what, key, draft)
	switch {
	case err == nil:
		s.Notef("Draft saved to %s", file)
	case retry == line: // it may be printed
		s.Notef("Could not save the draft (%v). Here it is:", err)
		fmt.Fprintf(s.Err, "\n%s\n", sanitize.Text(draft))
	default:
		s.Notef("Could not save the draft: %v", err)
	}
	hint := draftHint(s, cause, retry, step.Draft.Confidential)
	if errors.Is(cause, fault.Unknown) {
		return fault.Wrap(fault.KindOf(cause), cause, hint, "the %s may or may not have been opened", what)
	}
	return fault.Wrap(fault.KindOf(cause), cause, hint, "%s not opened", what)
}

// draftHint is how to retry. When the search for an existing issue failed, nothing was sent, and --new opens the issue without the search.
func draftHint(s *app.Session, cause error, retry string, confidential bool) string {
	search, ok := errors.AsType[*idempotency.Error](cause)
	switch {
	case !ok:
		return RetryHint(fault.HintOf(cause), retry)
	case search.Sent || Passed(s, "--new"):
		return RetryHint(fault.HintOf(search.Err), retry)
	}
	hint := RetryHint(fault.HintOf(search.Err), retry)
	if strings.Contains(hint, "\n") { // what the first line asks for lets the search work
		return hint
	}
	return hint + "\nTo open it without a search for an existing one: " +
		Shareable(s, RetryAsNew(s), ShortAsNew, confidential)
}

// draftText is an issue as Markdown, ready to be pasted anywhere.
func draftText(s plan.CreateIssue, retry string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", s.Draft.Title)
	fmt.Fprintf(&b, "Labels: %s\n", strings.Join(s.Draft.Labels, ", "))
	if s.Draft.Confidential {
		b.WriteString("Confidential: yes\n")
	}
	fmt.Fprintf(&b, "\n%s\n\n", s.Draft.Description)
	fmt.Fprintf(&b, "To retry (safe to repeat): %s\n", retry)
	return b.String()
}

// writeDraft writes to the working directory, or else to the system's temporary folder, under a name that nobody can predict.
func writeDraft(s *app.Session, what, key, text string) (string, error) {
	name := "prodctl-" + what + "-" + fileWord(key)
	file := filepath.Join(s.Dir, name+".md")
	err := WritePrivate(file, []byte(text))
	if err == nil {
		return file, nil
	}
	f, terr := os.CreateTemp("", name+"-*.md")
	if terr != nil {
		return "", errors.Join(fault.Plain(err), fault.Plain(terr))
	}
	_, werr := f.WriteString(text)
	return f.Name(), errors.Join(werr, f.Close())
}

// fileWord is a key as a part of a file name.
func fileWord(key string) string {
	word := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, key)
	return word[:min(len(word), 60)]
}

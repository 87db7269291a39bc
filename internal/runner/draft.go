package runner

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Unplanned is what becomes of an error that came before there was a plan: the draft of what was to be created is kept.
func (o *Creation) Unplanned(draft func() (plan.Plan, error)) func(error) error {
	return func(err error) error {
		p, derr := draft()
		if derr != nil {
			return errors.Join(err, derr)
		}
		return keepDraft(o.Session, p, o.What, err)
	}
}

// keepDraft writes what was to be made into a file beside the command that repeats it, so that nothing typed in an outage is lost.
func keepDraft(s *app.Session, p plan.Plan, what string, cause error) error {
	at := p.Index("open")
	if at < 0 || fault.KindOf(cause) == fault.Usage {
		return cause
	}
	step := p.Steps[at].(plan.CreateIssue)
	key := step.IdempotencyKey.Name
	again := RetryWithKey(s, key, pinnedTime(s)...)
	draft := draftText(step, again)
	file, err := writeDraft(s, what, key, draft)
	repeat := Shareable(s, again, ShortWithKey(key), step.Draft.Confidential)
	shown := repeat == again
	switch {
	case err != nil && shown:
		s.Notef("what you typed could not be written to a file (%v), so here it is:", err)
	case err != nil:
		s.Notef("what you typed could not be written to a file: %v", err)
	case shown:
		s.Notef("what you typed is kept in %s:", file)
	default:
		s.Notef("what you typed is kept in %s, with the command that repeats it", file)
	}
	if shown {
		fmt.Fprintf(s.Err, "\n%s\n", sanitize.Text(draft))
	}
	hint := "to try again without making it twice: " + repeat
	switch own := fault.HintOf(cause); {
	case strings.Contains(own, "--new"):
		hint += "\nto open it without looking whether it is there: " + Shareable(s, RetryAsNew(s), ShortAsNew, step.Draft.Confidential)
	case own != "" && !strings.Contains(own, "--key") && !strings.Contains(own, "same command"):
		hint = own + "\n" + hint
	}
	return fault.Wrap(fault.KindOf(cause), cause, hint, "the %s is not open as far as is known", what)
}

// draftText is an issue as Markdown, ready to be pasted anywhere.
func draftText(s plan.CreateIssue, again string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", s.Draft.Title)
	fmt.Fprintf(&b, "Labels: %s\n", strings.Join(s.Draft.Labels, ", "))
	if s.Draft.Confidential {
		b.WriteString("Confidential: yes\n")
	}
	fmt.Fprintf(&b, "\n%s\n\n", s.Draft.Description)
	fmt.Fprintf(&b, "To open it in GitLab, also when part of it was done: %s\n", again)
	return b.String()
}

// writeDraft writes into the working directory, or where that is not possible into the system's folder for such files, where its name
// is one that nobody could foresee.
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

// fileWord makes a key part of a file's name.
func fileWord(key string) string {
	word := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, key)
	return word[:min(len(word), 60)]
}

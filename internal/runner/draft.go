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
	"gitlab.com/prodctl/prodctl/pkg/visible"
)

// KeepDraft writes what was to be made into a file beside the command that repeats it, so that nothing typed in an outage is lost.
func KeepDraft(e *app.App, p plan.Plan, what string, cause error) error {
	at := p.Index("open")
	if at < 0 || fault.KindOf(cause) == fault.Usage {
		return cause
	}
	step := p.Steps[at].(plan.CreateIssue)
	key := step.Once.Name
	again := RetryWithKey(e, key, pinnedTime(e)...)
	draft := draftText(step, again)
	file, err := writeDraft(e, what, key, draft)
	repeat := Shareable(e, again, ShortWithKey(key), step.Draft.Confidential)
	shown := repeat == again
	switch {
	case err != nil && shown:
		e.Notef("what you typed could not be written to a file (%v), so here it is:", err)
	case err != nil:
		e.Notef("what you typed could not be written to a file: %v", err)
	case shown:
		e.Notef("what you typed is kept in %s:", file)
	default:
		e.Notef("what you typed is kept in %s, with the command that repeats it", file)
	}
	if shown {
		fmt.Fprintf(e.Err, "\n%s\n", visible.Text(draft))
	}
	hint := "to try again without making it twice: " + repeat
	switch own := fault.HintOf(cause); {
	case strings.Contains(own, "--new"):
		hint += "\nto open it without looking whether it is there: " + Shareable(e, RetryAsNew(e), ShortAsNew, step.Draft.Confidential)
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
func writeDraft(e *app.App, what, key, text string) (string, error) {
	name := "prodctl-" + what + "-" + fileWord(key)
	file := filepath.Join(e.Dir, name+".md")
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

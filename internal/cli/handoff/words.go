package handoff

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/visible"
)

// handoffWords are where an issue is left off and what comes next: from flags, from a file, or from an editor.
func handoffWords(ctx context.Context, e *app.App, o markOptions) (words [2]string, err error) {
	switch {
	case o.LeftOff != "" || o.Next != "":
		words = [2]string{o.LeftOff, o.Next}
	case o.File != "":
		words, err = wordsFrom(e, o.File)
	case e.Interactive() && e.Edit != nil:
		return writtenWords(ctx, e, o)
	default:
		err = fault.New(fault.Usage, "for example: "+markExample(fault.Quote(o.Issue))+"\nor both in a file, under the heads \"Left off\" and \"Next steps\": prodctl handoff mark "+fault.Quote(o.Issue)+" -f FILE, where - is standard input",
			"nothing says where it is left off and what comes next")
	}
	if err != nil {
		return words, err
	}
	for n, missing := range []string{"where it is left off: --left-off", "what comes next: --next"} {
		if handoff.Blank(words[n]) {
			return words, fault.New(fault.Usage, "for example: "+markExample(fault.Quote(o.Issue)), "nothing says %s is empty", missing)
		}
	}
	return words, nil
}

// wordsFrom reads both from a file.
func wordsFrom(e *app.App, file string) (words [2]string, err error) {
	const most = 1 << 20
	var in io.Reader = e.In
	if file != "-" {
		f, err := os.Open(e.Path(file))
		if err != nil {
			return words, fault.Wrap(fault.Usage, fault.Plain(err), "name a file with the heads \"Left off\" and \"Next steps\", or - for standard input", "read the words")
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, most))
	if err != nil {
		return words, fault.Wrap(fault.Usage, fault.Plain(err), "", "read the words")
	}
	words[0], words[1], err = handoff.ParseWords(string(data))
	if err != nil {
		err = fault.Wrap(fault.Usage, err, "write it like this:\n## Left off\nHalf of the uploads are restored\n\n## Next steps\nRestore the rest from the backup of 04:00", "%s", file)
	}
	return words, err
}

// writtenWords are what the person writes in an editor, in a file that only they can read. The issue is looked at first, so that nobody writes about one that is not there.
func writtenWords(ctx context.Context, e *app.App, o markOptions) (words [2]string, err error) {
	template, err := markTemplate(ctx, e, o)
	if err != nil {
		return words, err
	}
	dir, err := os.MkdirTemp("", "prodctl-")
	if err != nil {
		return words, fault.Wrap(fault.Failed, fault.Plain(err), "say it with flags: "+markExample(fault.Quote(o.Issue)), "make a file to write in")
	}
	keep := false
	defer func() {
		if !keep {
			_ = os.RemoveAll(dir)
		}
	}()
	file := filepath.Join(dir, "handoff.md")
	if err := runner.WritePrivate(file, []byte(template)); err != nil {
		return words, fault.Wrap(fault.Failed, fault.Plain(err), "", "make a file to write in")
	}
	if err := e.Edit(file); err != nil {
		return words, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return words, fault.Wrap(fault.Failed, fault.Plain(err), "", "read what was written")
	}
	again := "prodctl handoff mark " + fault.Quote(o.Issue) + " -f " + fault.Quote(file)
	if ctx.Err() != nil {
		if keep = string(data) != template && strings.TrimSpace(string(data)) != ""; keep {
			return words, fault.New(fault.Interrupted, "what you wrote is kept: "+again, "interrupted; nothing was done")
		}
		return words, ctx.Err()
	}
	words[0], words[1], err = handoff.ParseWords(string(data))
	empty := err == nil && handoff.Blank(words[0]) && handoff.Blank(words[1])
	if err == nil && (handoff.Blank(words[0]) || handoff.Blank(words[1])) {
		err = errors.New("a part is empty")
	}
	switch {
	case empty, string(data) == template, strings.TrimSpace(string(data)) == "":
		return words, fault.New(fault.Refused, "", "nothing was written, so nothing was done")
	case err != nil:
		keep = true
		return words, fault.Wrap(fault.Refused, err, "both are needed. What you wrote is kept: "+again, "nothing was done")
	}
	return words, nil
}

// markTemplate is the file as it is before anything is written, with what was said before.
func markTemplate(ctx context.Context, e *app.App, o markOptions) (template string, err error) {
	err = e.Bounded(ctx, func(ctx context.Context) error {
		cfg, err := e.Config()
		if err != nil {
			return err
		}
		ref, err := input.HandoffRef(cfg, o.Issue, markExample("121"))
		if err != nil {
			return err
		}
		client, err := e.Client(ctx)
		if err != nil {
			return err
		}
		progress := e.Progress("reading %s", ref)
		defer progress.Stop()
		i, err := client.Issue(ctx, ref)
		if err != nil {
			return err
		}
		if !i.Open() {
			return fault.New(fault.Refused, "if it is not over, open it again in the browser: "+i.WebURL, "%s is closed: there is nothing to hand on", ref)
		}
		notes, err := client.Journal(ctx, ref)
		mark, _ := handoff.Standing(notes)
		template = visible.Text(handoff.Template(ref.String()+" "+i.Title, mark))
		return err
	})
	return template, err
}

package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// fix is one check that found something, with the command that doctor names for it.
type fix struct {
	check   string
	text    string   // the command, or what doctor prints
	words   []string // the command line without prodctl; nil: doctor does not run it
	reason  string   // why not
	outcome string   // one of the words below
	failure error
}

// The outcomes of a fix.
const (
	fixDone       = "done"
	fixFailed     = "failed"
	fixSkipped    = "skipped"
	fixNotStarted = "not started"
)

// keysCheck is the check whose fix is doctor's own.
const keysCheck = "keys"

// runFix runs the commands that doctor names, one after another. Each one plans and asks for itself.
func runFix(ctx context.Context, a *app.App, o doctorOptions) error {
	if string(o.Command) == keysCheck {
		return fixIDWords(ctx, a)
	}
	if a.Global.Plan != "" {
		return fault.New(fault.Usage, "Save the plan of each command, such as: prodctl label apply --plan-file FILE",
			"doctor --fix does not support --plan-file: it has several plans")
	}
	found, err := diagnose(ctx, a)
	if err != nil {
		return err
	}
	fixes := fixesOf(found.Checks, string(o.Command))
	if o.Command != "" && !slices.ContainsFunc(found.Checks, func(c jsonv1.Check) bool { return c.ID == string(o.Command) }) {
		return fault.New(fault.Usage, "To see all checks: prodctl doctor", "doctor has no check %q", o.Command)
	}
	err = confirmable(a, fixes)
	for n := range fixes {
		if err != nil || ctx.Err() != nil {
			break
		}
		err = fixes[n].run(ctx, a)
	}
	reportFixes(a, fixes, found.Err != nil)
	return fixed(ctx, fixes, found.Err, err)
}

// fixesOf are the checks with something to fix, in the order in which doctor lists them. A command that several checks name is listed once.
func fixesOf(checks []jsonv1.Check, only string) (fixes []fix) {
	for _, c := range checks {
		if c.Fix == "" || c.Status == jsonv1.CheckOK || c.Status == jsonv1.CheckSkip || only != "" && c.ID != only {
			continue
		}
		f := fix{check: c.ID, text: c.Fix, outcome: fixNotStarted}
		if f.words, f.reason = runnable(c.Fix); f.words != nil {
			f.text = "prodctl " + strings.Join(f.words, " ")
		}
		if !slices.ContainsFunc(fixes, func(other fix) bool { return other.text == f.text }) {
			fixes = append(fixes, f)
		}
	}
	return fixes
}

// runnable is the command line of a fix without prodctl, or why doctor does not run it. Fixes may quote GitLab, so only known commands run.
func runnable(text string) (words []string, reason string) {
	_, line, named := strings.Cut(": "+text, ": prodctl ")
	if !named {
		return nil, "not a command of prodctl"
	}
	for _, known := range fixCommands() {
		if line == known.path || strings.HasPrefix(line, known.path+" ") {
			if known.reason == "" && strings.ContainsAny(line, "'\"\n") {
				return nil, "it needs a shell"
			}
			if known.reason == "" {
				return strings.Fields(line), ""
			}
			return nil, known.reason
		}
	}
	return nil, "it does not fix by itself"
}

type fixCommand struct{ path, reason string }

// fixCommands are the commands that doctor names. One with a reason cannot run from here.
func fixCommands() []fixCommand {
	return []fixCommand{
		{"label apply", ""}, {"milestone ensure", ""}, {"milestone roll", ""}, {"board init", ""}, {"doctor --fix " + keysCheck, ""},
		{"oncall check", ""}, {"config set", ""}, {"config migrate", ""},
		{"init --force", "it replaces your file"}, {"init", ""},
		{"auth login", "it needs a token"},
		{"config trust", "read the file first"},
		{"config validate", "it needs an editor"},
		{"config edit", "it needs an editor"},
	}
}

// confirmable fails without a terminal and --yes if there is a command to run.
func confirmable(a *app.App, fixes []fix) error {
	if a.Global.Yes || a.Global.DryRun || a.Interactive() || !slices.ContainsFunc(fixes, fix.runs) {
		return nil
	}
	return fault.New(fault.Refused, "Add --yes to run them without a prompt", "no command was run: no terminal to ask on")
}

// runs reports whether doctor runs the command of the fix.
func (f fix) runs() bool { return f.words != nil }

// run runs the command of a fix. It returns an error if the next one must not start.
func (f *fix) run(ctx context.Context, a *app.App) error {
	if f.words == nil {
		f.outcome = fixSkipped
		return nil
	}
	if !a.Global.Quiet {
		a.Notef("%s: %s", f.check, f.text)
	}
	if f.asksNothing() && !a.Global.Yes && !a.Global.DryRun {
		yes, err := a.Confirm(ctx, "Run it?")
		if err != nil {
			return err
		}
		if !yes {
			f.outcome, f.reason = fixSkipped, "not confirmed"
			return nil
		}
	}
	sub := &app.App{Machine: a.Machine, Streams: a.Streams, Args: append(slices.Clone(f.words), globalWords(a)...), Asked: true,
		Noted: a.Noted}
	sub.Watch = nil // ctx is canceled by an interrupt
	root := newRoot(sub, requested(sub.Args))
	root.SetArgs(sub.Args)
	err := deliver(sub, root.ExecuteContext(ctx))
	switch kind := fault.AfterWrites(err, sub.Written()); {
	case err == nil:
		f.outcome = fixDone
	case errors.Is(err, term.NoAnswer), ctx.Err() != nil && !sub.Written():
		return err
	case kind == fault.Refused && !a.Global.Yes:
		f.outcome, f.reason = fixSkipped, err.Error()
	default:
		f.outcome, f.reason, f.failure = fixFailed, err.Error(), fault.Wrap(kind, err, "", "")
		if a.Table() {
			exitCode(sub, err)
		}
		if kind == fault.Interrupted || fault.KindOf(err) == fault.Unreachable || ctx.Err() != nil {
			return err
		}
	}
	return nil
}

// asksNothing reports whether the command of a fix has no plan to confirm.
func (f *fix) asksNothing() bool {
	return f.words[0] == "oncall" || strings.HasPrefix(f.text, "prodctl config set ")
}

// globalWords are the global flags of this run that its commands need too.
func globalWords(a *app.App) (words []string) {
	for _, name := range []string{"config", "host", "now", "timeout", "output", "jq", "yes", "dry-run", "quiet", "debug", "no-color",
		"no-pager"} {
		switch f := a.Flags.Lookup(name); {
		case f == nil || !f.Changed:
		case f.Value.String() == "true":
			words = append(words, "--"+name)
		default:
			words = append(words, "--"+name+"="+f.Value.String())
		}
	}
	return words
}

// reportFixes lists the fixes with their outcomes. After a check failed, others were skipped that may have fixes too.
func reportFixes(a *app.App, fixes []fix, failed bool) {
	if a.Global.Quiet {
		return
	}
	done := false
	for _, f := range fixes {
		switch {
		case f.outcome == fixDone && a.Global.DryRun:
		case f.outcome == fixSkipped:
			a.Notef("%s: skipped (%s): %s", f.check, f.reason, f.text)
		default:
			done = done || f.outcome == fixDone
			a.Notef("%s: %s: %s", f.check, f.outcome, f.text)
		}
	}
	switch {
	case len(fixes) == 0:
		a.Notef("Nothing to fix")
	case done && failed:
		a.Notef("Continue with: prodctl doctor --fix")
	case done:
		a.Notef("Check again: prodctl doctor")
	}
}

// fixed is the error of the run: what stopped it, what failed, or the checks that failed and that no command fixes.
func fixed(ctx context.Context, fixes []fix, failed, stop error) error {
	count := map[string]int{}
	var first error
	for _, f := range fixes {
		count[f.outcome]++
		if first == nil {
			first = f.failure
		}
	}
	done, all := count[fixDone], workflow.Count(len(fixes), "fix", "fixes")
	const again = "To retry (safe to repeat): prodctl doctor --fix"
	switch {
	case ctx.Err() != nil || fault.KindOf(stop) == fault.Interrupted:
		return fault.New(fault.Interrupted, again, "interrupted: %d of %s done", done, all)
	case stop != nil && first == nil:
		return stop
	case first != nil && done > 0:
		return fault.Wrap(fault.Partial, first, again, "%d of %s done", done, all)
	case first != nil:
		return fault.Wrap(fault.KindOf(first), first, again, "%d of %s done", done, all)
	case failed != nil && count[fixSkipped] > 0:
		return failed
	case done == 0 && len(fixes) > 0 && slices.ContainsFunc(fixes, fix.runs):
		return fault.New(fault.Refused, "", "nothing was changed")
	}
	return nil
}

// fixIDWords adds the id word to the issues that lack it.
func fixIDWords(ctx context.Context, a *app.App) error {
	s, err := a.Session()
	if err != nil {
		return err
	}
	return s.Bounded(ctx, func(ctx context.Context) error {
		if err := errors.Join(s.Config.RequireTrackers(manifest.Production), s.Connect(ctx)); err != nil {
			return err
		}
		return runner.Run(ctx, s, idWords(s, workflow.IDWordsInputs{Project: s.Config.Production().Path}))
	})
}

func idWords(s *app.Session, in workflow.IDWordsInputs) workflow.IDWords {
	return workflow.IDWords{Read: s.Client, Inputs: in, Origin: s.Origin()}
}

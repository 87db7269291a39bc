package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/template"
	"gitlab.com/prodctl/prodctl/pkg/visible"
)

type incidentOpenOptions struct {
	Title        string
	Text         string
	Severity     string
	Services     []string
	Impact       string
	DataLoss     bool
	Started      string
	Detected     string
	Links        []string
	Assign       []string
	Confidential bool
	Web          bool
	keyOptions
}

func newIncidentOpenCmd(env *Env, run func(context.Context, *Env, incidentOpenOptions) error) *cobra.Command {
	var o incidentOpenOptions
	cmd := &cobra.Command{
		Use:   "open <title>",
		Short: "Open an incident: the title is enough",
		Long: `Open makes the incident at once and asks nothing. Its address is the last line, printed as soon as the issue exists; links and people
follow, and what of that fails is said with the command that mends it.

The same title on the same day (UTC) is the same incident: when the network fails, type the same again. --new opens another one of that
title without looking. Who is on call owns it, where the configuration has a rotation and --assign says nothing else; --assign none leaves
it to nobody. A title gets the date of its start before it. What is not known yet is left out and shown as a gap; every time
can be said in the past: 10m (ago), 10:02 (UTC), or 2018-08-24T10:02:00Z.

When GitLab cannot be reached, the text and the command that repeats it are written to a file here and printed.

Exit codes: 0 opened or there already, 1 failed, 3 opened but something after it failed, 4 no right, 6 wrong usage, 7 GitLab out of
reach, 130 interrupted.`,
		Example: `  prodctl incident open "Registry returns 500s"
  prodctl incident open "Registry returns 500s" -s S2 --service registry --started 10m
  prodctl incident open "Customer data shown to others" -s S1 --confidential --link infrastructure#4`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Title = args[0]
			return run(cmd.Context(), env, o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.Severity, "severity", "s", "", "`severity`: S1, S2, S3 or S4; in doubt the higher")
	f.StringSliceVar(&o.Services, "service", nil, "`services` that are affected, parted by commas")
	f.StringVarP(&o.Text, "message", "m", "", "what is known, in a `sentence`")
	f.StringVar(&o.Impact, "impact", "", "`share` of users affected, from 0 to 1")
	f.BoolVar(&o.DataLoss, "data-loss", false, "somebody believes that data was lost")
	f.StringVar(&o.Started, "started", "", "`when` it began: 10m, 10:02 or RFC 3339")
	f.StringVar(&o.Detected, "detected", "", "`when` it was noticed, likewise")
	f.StringSliceVar(&o.Links, "link", nil, "`issues` that belong to it, such as infrastructure#12")
	f.StringSliceVar(&o.Assign, "assign", nil, "`people` who own it, by their user names; none: nobody (default who is on call)")
	f.BoolVar(&o.Confidential, "confidential", false, "only the team may see it")
	f.BoolVar(&o.Web, "web", false, "open it in the browser")
	addKeyFlags(cmd, &o.keyOptions)
	addConfidentialFlag(cmd)
	return cmd
}

// addKeyFlags are those of commands that make something.
func addKeyFlags(cmd *cobra.Command, o *keyOptions) {
	cmd.Flags().StringVar(&o.Key, "key", "", "`name` by which a repeated run finds what it made")
	cmd.Flags().BoolVar(&o.New, "new", false, "make another one, even if the same words made one before")
	cmd.MarkFlagsMutuallyExclusive("key", "new")
}

// includeConfidential is the flag of commands whose results may be about confidential issues. The view goes by it (SPEC W7).
const includeConfidential = "include-confidential"

func addConfidentialFlag(cmd *cobra.Command) {
	cmd.Flags().Bool(includeConfidential, false, "also outside a terminal, tell what confidential issues are about")
}

func runIncidentOpen(ctx context.Context, env *Env, o incidentOpenOptions) error {
	return env.bounded(ctx, func(ctx context.Context) error {
		in, err := env.openInputs(o)
		if err != nil {
			return err
		}
		planner, err := incidentOpen(ctx, env, in)
		if err != nil {
			return err
		}
		m := &making{env: env, what: "incident", key: in.Once.Name, web: o.Web, step: "open", found: planner.Found, about: func(i issue.Issue) string {
			inc := incident.Of(i, planner.Labels)
			if said := standing(i, string(inc.State), "prodctl incident reopen"); said != "" {
				return said
			}
			if inc.Severity == incident.UnknownSeverity {
				return fmt.Sprintf("the severity is not known yet: prodctl incident update %d -s S2 sets it", i.Ref.IID)
			}
			return ""
		}, unsaid: func(i issue.Issue) error { return env.unsaid(planner, i) }}
		return env.executeTo(ctx, planner, ending{observer: m, planned: m.planned, show: m.show, unmade: func(err error) error {
			draft, derr := planner.Draft(in.Once)
			if derr != nil {
				return errors.Join(err, derr)
			}
			return env.keepDraft(draft, m.what, err)
		}})
	})
}

// openInputs reads what was typed.
func (e *Env) openInputs(o incidentOpenOptions) (workflow.OpenInputs, error) {
	cfg, err := e.Config()
	if err != nil {
		return workflow.OpenInputs{}, err
	}
	if err := errors.Join(cfg.RequireTrackers(manifest.Production), needText(o.Title, `prodctl incident open "Registry returns 500s"`), knownServices(cfg, o.Services)); err != nil {
		return workflow.OpenInputs{}, err
	}
	now, err := e.Clock()
	if err != nil {
		return workflow.OpenInputs{}, err
	}
	in := workflow.OpenInputs{Project: cfg.Production().Path, Title: o.Title, Text: o.Text, Services: o.Services, DataLoss: o.DataLoss,
		Declared: now.UTC().Truncate(time.Second), Confidential: o.Confidential}
	in.Assign, in.Duty = cfg.Owners(userNames(o.Assign), now)
	if in.Severity, err = severity(o.Severity); err != nil {
		return in, err
	}
	if in.Started, err = e.when("--started", o.Started); err != nil {
		return in, err
	}
	if in.Detected, err = e.when("--detected", o.Detected); err != nil {
		return in, err
	}
	if !in.Started.IsZero() && !in.Detected.IsZero() && in.Detected.Before(in.Started) {
		return in, fault.New(fault.Usage, "say when it began with --started, and when it was noticed with --detected", "it was noticed before it began")
	}
	if in.Impact, err = impact(o.Impact); err != nil {
		return in, err
	}
	if in.Links, err = linked(cfg, o.Links); err != nil {
		return in, err
	}
	keys, err := e.keys(o.keyOptions)
	if err != nil {
		return in, err
	}
	keys.New = keys.New || cfg.Incidents.SameTitle == manifest.New
	in.Numbered = keys.Given == "" && keys.Job.Pipeline == ""
	in.Once, err = keys.Once("incident", cfg.IncidentLabels().Incident, "incident open", in.Project, strings.ToLower(strings.Join(strings.Fields(o.Title), " ")))
	return in, err
}

// incidentOpen is the command for these inputs, typed now or kept in a plan file.
func incidentOpen(ctx context.Context, e *Env, in workflow.OpenInputs) (*workflow.IncidentOpen, error) {
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return nil, err
	}
	body, err := cfg.Template(cfg.Incidents.Template, template.Incident(), template.IncidentVariables(), "record")
	if err != nil {
		return nil, err
	}
	today, err := e.Today()
	return &workflow.IncidentOpen{Read: client, Inputs: in, Labels: cfg.IncidentLabels(), Template: body, Host: cfg.Host, Words: e.args, Today: today}, err
}

// making shows an issue as soon as it is made, so that its address is known whatever comes after.
type making struct {
	env   *Env
	what  string // incident, change, action
	key   string
	step  string // the step that makes the issue
	web   bool
	found func() (issue.Issue, bool) // what was there before, where the plan looks for it; may be nil

	about  func(issue.Issue) string // what there is to say of the issue; may be nil
	unsaid func(issue.Issue) error  // tells what was typed and one that was there already does not say; may be nil

	noDraft bool // what was to be made is not kept in a file: a pipeline makes it again

	mu      sync.Mutex
	made    issue.Issue
	adopted bool // it was there already
	shown   error
}

// Started is told of steps that begin.
func (o *making) Started(plan.Step) {}

// Finished shows the issue.
func (o *making) Finished(r plan.Result) {
	if r.Step.Key() != o.step || r.Issue.Ref.IID == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if step, ok := r.Step.(plan.CreateIssue); ok {
		o.key = step.Once.Name
	}
	outcome := jsonv1.FoundCreated
	if r.Outcome == plan.Unchanged {
		outcome = jsonv1.FoundAdopted
	}
	o.tell(r.Issue, outcome)
}

// tell shows the issue, once.
func (o *making) tell(i issue.Issue, outcome jsonv1.Found) {
	if o.made.Ref.IID == 0 {
		o.made, o.adopted = i, outcome == jsonv1.FoundAdopted
		doc := openedDoc(o.what, i, o.key, outcome)
		if o.about != nil {
			if said := o.about(i); said != "" {
				doc.Notes = append(doc.Notes, said)
			}
		}
		o.shown = o.env.view.Opened(doc)
	}
}

// openedDoc is the published form of an issue that was opened.
func openedDoc(what string, i issue.Issue, key string, outcome jsonv1.Found) jsonv1.Opened {
	doc := jsonv1.NewOpened(what, i.Ref.String(), i.Title, outcome)
	doc.Key, doc.Confidential, doc.WebURL = key, i.Confidential, i.WebURL
	return doc
}

// planned shows an issue that was there already before anything else is done to it.
func (o *making) planned() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.found == nil {
		return
	}
	if i, there := o.found(); there {
		o.tell(i, jsonv1.FoundAdopted)
	}
}

// standing says where something stands that was there already, unless it has just begun.
func standing(i issue.Issue, state, again string) string {
	switch state {
	case "active", "scheduled", "unknown":
		return ""
	case "resolved", "reviewed":
		return fmt.Sprintf("%s is %s: if it is back, %s %d", i.Ref, state, again, i.Ref.IID)
	}
	return fmt.Sprintf("%s is %s", i.Ref, state)
}

// show says what failed after the issue was made; where it was not made, what was typed is kept in a file.
func (o *making) show(p plan.Plan, rounds []workflow.Round, err error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.found != nil && o.made.Ref.IID == 0 {
		if i, there := o.found(); there {
			o.tell(i, jsonv1.FoundAdopted)
		}
	}
	if o.made.Ref.IID == 0 {
		if err == nil {
			return nil
		}
		if o.noDraft {
			return err
		}
		return o.env.keepDraft(p, o.what, err)
	}
	if o.web {
		if werr := o.env.Browse(o.made.WebURL); werr != nil {
			o.env.Notef("the browser could not be opened: %v", werr)
		}
	}
	for _, who := range unknownOnCall(rounds) {
		o.env.Notef("%s is given to nobody: @%s is on call, but GitLab knows no such user or does not let them see the project", o.made.Ref, who)
	}
	for _, who := range unassigned(rounds) {
		o.env.Notef("%s is not given to @%s: GitLab kept fewer people than were named, as editions do that allow one", o.made.Ref, who)
	}
	if err != nil {
		err = fault.Wrap(fault.KindOf(err), err, "to do what is left: "+o.env.repeat(o.env.againWith(o.key), withKey(o.key), o.made.Confidential), "%s is there, but not all that was to follow", o.made.Ref)
	} else if notes := noted(rounds); len(notes) > 0 && !o.env.global.Quiet {
		for _, n := range notes {
			o.env.Notef("%s", n)
		}
	}
	if o.adopted && o.unsaid != nil {
		err = cmp.Or(err, o.unsaid(o.made))
	}
	return errors.Join(err, o.shown)
}

// unassigned are those whom GitLab has left out, without a word, of the people that an issue was given to.
func unassigned(rounds []workflow.Round) (names []string) {
	for _, round := range rounds {
		for _, r := range round.Report.Results {
			step, ok := r.Step.(plan.AssignIssue)
			if !ok || r.Err != nil || r.Issue.ID == 0 {
				continue
			}
			for _, name := range step.Users {
				if !slices.ContainsFunc(r.Issue.Assignees, func(kept string) bool { return strings.EqualFold(kept, name) }) {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// unknownOnCall are people who are on call and to whom GitLab does not give the issue.
func unknownOnCall(rounds []workflow.Round) (names []string) {
	for _, round := range rounds {
		for _, r := range round.Report.Results {
			if step, ok := r.Step.(plan.AssignIssue); ok && step.Duty && r.Err == nil && r.Issue.ID == 0 && r.Outcome == plan.Unchanged {
				names = append(names, step.Users...)
			}
		}
	}
	return names
}

// keepDraft writes what was to be made into a file beside the command that repeats it, so that nothing typed in an outage is lost.
func (e *Env) keepDraft(p plan.Plan, what string, cause error) error {
	at := p.Index("open")
	if at < 0 || fault.KindOf(cause) == fault.Usage {
		return cause
	}
	step := p.Steps[at].(plan.CreateIssue)
	key := step.Once.Name
	again := e.againWith(key, e.atThisTime()...)
	draft := draftText(step, again)
	file, err := e.writeDraft(what, key, draft)
	repeat := e.repeat(again, withKey(key), step.Draft.Confidential)
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
		hint += "\nto open it without looking whether it is there: " + e.repeat(e.withNew(), shortNew, step.Draft.Confidential)
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
func (e *Env) writeDraft(what, key, text string) (string, error) {
	name := "prodctl-" + what + "-" + fileWord(key)
	file := filepath.Join(e.Dir, name+".md")
	err := writePrivate(file, []byte(text))
	if err == nil {
		return file, nil
	}
	f, terr := os.CreateTemp("", name+"-*.md")
	if terr != nil {
		return "", errors.Join(plain(err), plain(terr))
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

package handoff

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// postHandoff writes the report into the on-call log.
func postHandoff(ctx context.Context, e *app.App, in flow.PostInputs) error {
	planner, err := PostPlanner(ctx, e, in)
	if err != nil {
		return err
	}
	return runner.RunWith(ctx, e, planner, runner.Hooks{Show: func(p plan.Plan, rounds []workflow.Round, err error) error {
		return runner.Posted(e, "the hand-off", runner.RetryWithout(e, []string{"--shift"}, "--shift", in.Shift), p, rounds, err, func(s plan.Step) bool {
			_, made := s.(plan.CreateIssue) // one that was there before is told by a note of the plan
			return made
		})
	}})
}

// postable refuses a shift that has nothing to hand over yet: its comment could not be found again, as nothing is looked for that is older than what it is about. Issues
// are given to those who come now only.
func postable(s oncall.Schedule, shift oncall.Shift, at time.Time, reassign bool) error {
	switch next := s.Next(shift); {
	case shift.From.After(at):
		return fault.New(fault.Usage, "prodctl handoff --post, or --shift current", "--shift %s has not begun", shift.ID())
	case reassign && !at.Before(next.To):
		return fault.New(fault.Usage, "leave --reassign out, or --shift", "those who came after %s are off duty: the open on-call issues are not theirs any more", shift.ID())
	}
	return nil
}

// PostPlanner is the command for these inputs, typed now or kept in a plan file.
func PostPlanner(ctx context.Context, e *app.App, in flow.PostInputs) (*flow.Post, error) {
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	shift, err := cfg.Oncall.ParseShift(in.Shift, in.At)
	if err != nil {
		return nil, fault.Wrap(fault.Refused, err, "make the plan again", "the shift of the plan")
	}
	report, err := handoffReport(ctx, e, shift, in.At, false)
	if err != nil {
		return nil, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return nil, err
	}
	today, err := e.Today()
	if err != nil {
		return nil, err
	}
	incoming := cfg.Oncall.People(report.Facts.Next)
	planner := &flow.Post{
		Report: report, Read: client, Inputs: in, Label: cfg.Labels.Names.Of(label.OncallReport), Confidential: cfg.Handoff.Confidential, Incoming: incoming,
		Text: func(r handoff.Report, reveal bool) (string, error) {
			doc := document.Handoff(r, cfg)
			doc.Notes = append(doc.Notes, oddMoment(report.Facts, in.At)...)
			return handoffText(doc, incoming, reveal)
		},
		Host: cfg.Host, Words: e.Args, Today: today,
	}
	planner.Project, planner.Log, planner.Issue, err = cfg.HandoffLog(shift)
	return planner, err
}

// commentRoom is how long the text may be: GitLab takes a million characters, and the hidden key needs some.
const commentRoom = 990_000

// handoffText is the comment: whom it is for, and the report, in which nobody else is pinged. Of a report that no comment can hold the ends of its sections are left out.
func handoffText(doc jsonv1.Handoff, incoming []string, reveal bool) (string, error) {
	for _, most := range []int{0, 1000, 300, 100, 30, 1} {
		var out bytes.Buffer
		view, err := render.New(&out, render.Options{Format: render.Markdown, Reveal: reveal})
		if err != nil {
			return "", err
		}
		if err := view.Handoff(shortened(doc, most)); err != nil {
			return "", err
		}
		if text := strings.TrimSpace(mention(incoming) + out.String()); utf8.RuneCountInString(text) <= commentRoom {
			return text, nil
		}
	}
	return "", fault.New(fault.Failed, "prodctl handoff -o md > report.md", "the report is too long for a comment")
}

// shortened is the report with so many entries a section at most; 0: with all.
func shortened(doc jsonv1.Handoff, most int) jsonv1.Handoff {
	if most == 0 {
		return doc
	}
	sections := make(jsonv1.List[jsonv1.HandoffSection], len(doc.Sections))
	for n, s := range doc.Sections {
		if len(s.Entries) > most {
			s.Entries = s.Entries[:most]
			doc.Notes = append(doc.Notes[:len(doc.Notes):len(doc.Notes)], s.Title+": there are more than this comment can hold; prodctl handoff shows all")
		}
		sections[n] = s
	}
	doc.Sections = sections
	return doc
}

// userName is what GitLab allows as one; "all" would ping everybody, and so would "all.", because a dot at the end is no part of a mention.
var userName = regexp.MustCompile(`^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?$`)

// mention is the line that pings those who come.
func mention(incoming []string) string {
	var names []string
	for _, name := range incoming {
		if userName.MatchString(name) && !strings.EqualFold(name, "all") {
			names = append(names, "@"+name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, " ") + "\n\n"
}

package issue

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/issue"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

type requestOptions struct {
	Title        input.Text
	Why          string
	Due          input.Day
	Team         string
	Requester    input.User
	Urgent       bool
	Access       bool
	Oncall       bool
	Confidential bool
	Web          bool
	runner.KeyFlags
}

func newRequestCmd(a *app.App, run command.Run[requestOptions]) *cobra.Command {
	var o requestOptions
	cmd := &cobra.Command{
		Use:   "request <title>",
		Short: "Ask the team for work",
		Long: `Create an issue in the first column of the board that says who asks, for which team, why and by when, and mention the manager
whose week it is (requests.managers). --urgent puts it into the Current Milestone as unscheduled work, and --oncall assigns it to
whoever is on call. Without a title, on a terminal, prodctl asks for it and for what else matters.

The same title for the same team and requester on the same day (UTC) is the same request: it is safe to run the command again. What
people changed in it since stays.`,
		Example: `  # Another team waits for it
  prodctl issue request "Read access to the search logs" --team search --due 2018-09-01 --access

  # It cannot wait for the next timebox
  prodctl issue request "Rotate the leaked mail password" --urgent --why "Found in a public log" --confidential`,
	}
	f := cmd.Flags()
	f.StringVar(&o.Why, "why", "", "`text` of the description: why it is needed")
	f.Var(&o.Due, "due", "`date` to which the requester has committed")
	f.StringVar(&o.Team, "team", "", "`name` of the other team that waits for it")
	f.Var(&o.Requester, "requester", "`user` who asks (default: you)")
	f.BoolVar(&o.Urgent, "urgent", false, "put it into the Current Milestone as unscheduled")
	f.BoolVar(&o.Access, "access", false, "label it as an access request")
	f.BoolVar(&o.Oncall, "oncall", false, "label it for the person on call, and assign it")
	f.BoolVar(&o.Confidential, "confidential", false, "make the issue confidential")
	f.BoolVar(&o.Web, "web", false, "open the issue in the browser")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "title", Value: &o.Title, Rest: true}.Asks(requestDialog())))
}

func runRequest(ctx context.Context, s *app.Session, o requestOptions) error {
	in := flow.RequestInputs{In: s.Config.Infrastructure().Path, Title: string(o.Title), Why: o.Why, Due: o.Due.Date,
		Team: strings.TrimSpace(o.Team), Requester: string(o.Requester), Urgent: o.Urgent, Access: o.Access, Oncall: o.Oncall,
		Confidential: o.Confidential, At: s.Time}
	if o.Oncall {
		in.Duty = s.Config.Oncall.OnCall(s.Time).Person
	}
	if err := errors.Join(s.Config.RequireTrackers(manifest.Infrastructure), in.Check(o.Keys(s), s.Today)); err != nil {
		return err
	}
	planner, err := RequestPlanner(s, in)
	if err != nil {
		return err
	}
	c := &runner.Creation{Session: s, What: "request", Key: in.IdempotencyKey.Name, Web: o.Web, Step: "open", Existing: planner.Found,
		About: aboutRequest, Unmentioned: func(i issue.Issue) error { return ignored(s, planner, i) }}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Observer: c, Planned: c.Planned, Show: c.Show})
}

// RequestPlanner returns the planner for these inputs, which come from the command line or from a plan file.
func RequestPlanner(s *app.Session, in flow.RequestInputs) (*flow.Request, error) {
	names := s.Config.Labels.Names
	labels := flow.RequestLabels{UnblocksOthers: names.Of(label.UnblocksOthers), Access: names.Of(label.AccessRequest),
		Unscheduled: names.Of(label.Unscheduled), Oncall: names.Of(label.Oncall)}
	if columns := s.Config.BoardLayout().Columns; len(columns) > 0 {
		labels.Column = columns[0].Label
	}
	return &flow.Request{Read: s.Client, Moves: runner.Moves(s), Labels: labels, Managers: s.Config.Requests.Managers,
		Milestones: s.Config.MilestoneTarget(), Current: s.Config.Milestones.Names.Current, Inputs: in, Origin: s.Origin()}, nil
}

// aboutRequest is the note on a request that was created or found.
func aboutRequest(i issue.Issue) string {
	if i.Open() {
		return ""
	}
	return i.Ref.String() + " is closed. To ask for it again, add --new"
}

// ignored reports the inputs that were not added to a request that already existed. It is an error if that request should have been
// confidential and is not.
func ignored(s *app.Session, planner *flow.Request, i issue.Issue) error {
	if planner.Exposed(i) {
		return fault.New(fault.Partial, "To open a confidential one: "+runner.Shareable(s, runner.RetryAsNew(s), runner.ShortAsNew, true),
			"%s already exists and is not confidential: none of your input was added", i.Ref)
	}
	if flags := planner.Ignored(i); len(flags) > 0 {
		s.Notef("Not all of your input is in %s (%s). To add it: %s", i.Ref, strings.Join(flags, ", "), i.WebURL)
	}
	return nil
}

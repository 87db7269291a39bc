package queue

import (
	"cmp"
	"context"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/queue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/queue"
)

type mergeOptions struct {
	From, Into input.Tracker
	Origin     string
	Map        []string
}

func newMergeCmd(a *app.App, run command.Run[mergeOptions]) *cobra.Command {
	o := mergeOptions{Into: input.Tracker{Raw: manifest.Infrastructure}}
	cmd := &cobra.Command{
		Use:   "merge",
		Short: "Move the open issues of a tracker into another",
		Long: `Move each open issue of one tracker into another, once, with its comments, links and labels. Labels that the other tracker lacks
are created there first, or mapped to others (--map, queue.labels), and a label such as database says where an issue came
from. At the end an issue in the old tracker says what moved where. Closed issues stay.

It is safe to stop it and to run it again: it goes on with what is still open. GitLab drops milestones that are not active in the
other tracker; --dry-run counts what is lost. Confidential issues stay if more people can read them there, unless
--include-confidential is given.`,
		Example: `  # What would move, and what would be lost?
  prodctl queue merge --from database --dry-run

  # Under other labels
  prodctl queue merge --from database --map "db on-call=on-call" --map wip= --yes`,
	}
	f := cmd.Flags()
	f.Var(&o.From, "from", "`tracker` to merge: its name in the configuration, or a project")
	f.Var(&o.Into, "into", "`tracker` that the issues move to")
	f.StringVar(&o.Origin, "origin", "", "`label` that says where an issue came from (default: the name of the tracker)")
	f.StringArrayVar(&o.Map, "map", nil, "`old=new` label; old= leaves the label behind (can be repeated)")
	command.AddConfidentialFlag(cmd)
	f.Lookup(app.IncludeConfidential).Usage = "also move issues to where more people can read them; show confidential ones in full"
	return command.Writes(command.Define(a, cmd, &o, run))
}

func runMerge(ctx context.Context, s *app.Session, o mergeOptions) error {
	if o.From.Project == "" {
		return fault.New(fault.Usage, "Name the tracker: prodctl queue merge --from database", "--from is required")
	}
	mapping, err := queue.ParseMapping(o.Map)
	if err != nil {
		return fault.Wrap(fault.Usage, err, `Use --map "old=new"`, "--map")
	}
	name := o.From.Name
	if name == "" {
		name = o.From.Project[strings.LastIndex(o.From.Project, "/")+1:]
	}
	in := flow.MergeInputs{From: o.From.Project, Into: o.Into.Project, Map: mapping, Reveal: s.Reveals(),
		Origin: cmp.Or(strings.TrimSpace(o.Origin), s.Config.Labels.Names.Of(name))}
	planner, err := MergePlanner(s, in)
	if err != nil {
		return err
	}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Show: func(p plan.Plan, rounds []workflow.Round, err error) error {
		return runner.Posted(s, "Table", runner.Retry(s), p, rounds, err, func(step plan.Step) bool {
			_, table := step.(plan.UpsertIssue)
			return table
		})
	}})
}

// MergePlanner returns the planner for these inputs, which come from the command line or from a plan file.
func MergePlanner(s *app.Session, in flow.MergeInputs) (*flow.Merge, error) {
	p := &flow.Merge{Read: s.Client, Inputs: in, Mapping: s.Config.Queue.Labels, Origin: s.Origin()}
	if declared, ok := s.Config.Labels.Set().Find(in.Origin); ok {
		p.Label = label.Label{Color: declared.Color, Description: declared.Description}
	}
	return p, in.Check()
}

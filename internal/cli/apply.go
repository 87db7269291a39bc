package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/board"
	"gitlab.com/prodctl/prodctl/internal/cli/change"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/cli/goal"
	"gitlab.com/prodctl/prodctl/internal/cli/handoff"
	"gitlab.com/prodctl/prodctl/internal/cli/incident"
	"gitlab.com/prodctl/prodctl/internal/cli/issue"
	"gitlab.com/prodctl/prodctl/internal/cli/label"
	"gitlab.com/prodctl/prodctl/internal/cli/milestone"
	"gitlab.com/prodctl/prodctl/internal/cli/queue"
	"gitlab.com/prodctl/prodctl/internal/cli/rad"
	"gitlab.com/prodctl/prodctl/internal/cli/report"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
)

type applyOptions struct {
	File   input.File
	Except []string
	Digest string
}

func newApplyCmd(a *app.App, run command.Run[applyOptions]) *cobra.Command {
	var o applyOptions
	cmd := &cobra.Command{
		Use:   "apply <plan-file>",
		Short: "Apply a plan saved with --plan-file",
		Long: `Apply the steps of a saved plan, and nothing else. The file "-" is standard input. If GitLab has changed since the plan was
saved, nothing is applied and the exit code is 5. A plan that was applied in part resumes where it stopped.

--except leaves out issues, or steps by their key; steps can also be deleted from the file. Exit code 6 also means that another
step needs one of them, or that they belong to a roll or to a plan that deletes or renames. --digest is the SHA-256 of the
whole file, as sha256sum prints it: another file is refused, and nothing can be left out.`,
		Example: `  # Save a plan for review, then apply it
  prodctl milestone roll --plan-file roll.json
  prodctl apply roll.json --yes

  # Without one of the issues
  prodctl milestone plan --fill --plan-file fill.json
  prodctl apply fill.json --except 80 --yes`,
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.Except, "except", nil, "leave out `issues`, such as 12 or infrastructure#12, or keys of steps")
	f.StringVar(&o.Digest, "digest", "", "apply the file only if this is its `SHA-256`")
	cmd.MarkFlagsMutuallyExclusive("except", "digest")
	return command.Shows(command.Define(a, cmd, &o, run, command.Arg{Name: "plan-file", Value: &o.File}), "dry-run", "yes")
}

func runApply(ctx context.Context, s *app.Session, o applyOptions) error {
	if s.Global.Plan != "" {
		return fault.New(fault.Usage, "Save the plan again with the command that made it", "apply does not support --plan-file")
	}
	if err := o.checkDigest(); err != nil {
		return err
	}
	saved, err := plan.Decode(o.File.Data)
	if err != nil {
		return fault.Wrap(fault.Usage, err, fault.HintOf(err), "%s", o.File.Source())
	}
	if err := workflow.OtherHost(saved, s.Config.Host); err != nil {
		return err
	}
	replan, known := planners(s)[saved.Command]
	if !known {
		return fault.New(fault.Usage, "Save the plan again with --plan-file",
			"%s: unknown command %q in the plan", o.File.Source(), saved.Command)
	}
	planner, err := replan(saved)
	if err != nil {
		return err
	}
	return runner.ApplySaved(ctx, s, planner, saved, o.except())
}

// except returns the issues and steps to leave out. Commas separate them, and are in no key.
func (o applyOptions) except() (names []string) {
	for _, name := range strings.Split(strings.Join(o.Except, ","), ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// checkDigest refuses a file with another digest than that of the plan that was read.
func (o applyOptions) checkDigest() error {
	digest := strings.ToLower(strings.TrimSpace(o.Digest))
	sum := sha256.Sum256(o.File.Data)
	switch _, err := hex.DecodeString(digest); {
	case digest == "" || digest == hex.EncodeToString(sum[:]):
		return nil
	case err != nil || len(digest) != 2*len(sum):
		return fault.New(fault.Usage, "To get it: sha256sum FILE", "--digest: %q is not a SHA-256 (64 hexadecimal digits)", o.Digest)
	}
	return fault.New(fault.Refused, "Read the plan again before you apply it", "%s is not the plan with this digest", o.File.Source())
}

// restore rebuilds the planner of a command from a saved plan.
type restore = func(saved plan.Plan) (workflow.Planner, error)

// planners returns the commands whose plans can be saved.
func planners(s *app.Session) map[string]restore {
	incidentEvent, changeEvent := fromInputs(s, incident.EventPlanner), fromInputs(s, change.EventPlanner)
	return map[string]restore{
		"milestone roll":        fromPlan(s, milestone.RollPlanner),
		"milestone ensure":      fromPlan(s, milestone.EnsurePlanner),
		"milestone plan --fill": fromInputs(s, milestone.FillPlanner),
		"milestone sweep":       fromInputs(s, milestone.SweepPlanner),
		"label apply":           fromInputs(s, label.ApplyPlanner),
		"lint --fix":            fromPlan(s, LintPlanner),
		"board init":            func(plan.Plan) (workflow.Planner, error) { return board.InitPlanner(s) },
		"board move":            fromInputs(s, board.MovePlanner),
		"goal slice":            fromInputs(s, goal.SlicePlanner),
		"issue request":         fromInputs(s, issue.RequestPlanner),
		"issue priority":        fromInputs(s, issue.PriorityPlanner),
		"handoff --post":        fromInputs(s, handoff.PostPlanner),
		"handoff accept":        fromInputs(s, handoff.AcceptPlanner),
		"handoff mark":          fromInputs(s, handoff.MarkPlanner),
		"handoff take":          fromInputs(s, handoff.TakePlanner),
		"incident open":         fromInputs(s, incident.OpenPlanner),
		flow.AlertCommand:       fromInputs(s, incident.AlertPlanner),
		"incident adopt":        fromInputs(s, incident.AdoptPlanner),
		"incident update":       incidentEvent,
		"incident mitigate":     incidentEvent,
		"incident resolve":      incidentEvent,
		"incident reopen":       incidentEvent,
		"incident review":       func(saved plan.Plan) (workflow.Planner, error) { return review(s, saved) },
		"incident action":       fromInputs(s, incident.ActionPlanner),
		flow.RemindCommand:      fromInputs(s, incident.RemindPlanner),
		"change open":           fromInputs(s, change.OpenPlanner),
		"change approve":        changeEvent,
		"change start":          changeEvent,
		"change finish":         changeEvent,
		"change abort":          changeEvent,
		"change record":         fromInputs(s, change.RecordPlanner),
		"queue merge":           fromInputs(s, queue.MergePlanner),
		"rad open":              fromInputs(s, rad.OpenPlanner),
		"rad record":            fromInputs(s, rad.RecordPlanner),
		"report weekly":         fromInputs(s, report.WeeklyPlanner),
		"doctor --fix": fromInputs(s, func(s *app.Session, in workflow.IDWordsInputs) (workflow.IDWords, error) {
			return idWords(s, in), nil
		}),
	}
}

// fromPlan rebuilds a planner from the whole plan.
func fromPlan[P workflow.Planner](s *app.Session, planner func(*app.Session, plan.Plan) (P, error)) restore {
	return func(saved plan.Plan) (workflow.Planner, error) { return planner(s, saved) }
}

// fromInputs rebuilds a planner from the inputs that are saved in its plan.
func fromInputs[In any, P workflow.Planner](s *app.Session, planner func(*app.Session, In) (P, error)) restore {
	return func(saved plan.Plan) (workflow.Planner, error) {
		in, err := plan.InputsOf[In](saved)
		if err != nil {
			return nil, err
		}
		return planner(s, in)
	}
}

// review rebuilds one of the two planners of `incident review`: the one that adds the form, or the one that records that the
// review was held.
func review(s *app.Session, saved plan.Plan) (workflow.Planner, error) {
	if in, err := plan.InputsOf[flow.EventInputs](saved); err == nil && in.Verb != "" {
		return incident.EventPlanner(s, in)
	}
	return fromInputs(s, incident.ReviewPlanner)(saved)
}

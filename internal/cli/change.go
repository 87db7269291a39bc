package cli

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/change"
)

func newChangeCmd(env *Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "change",
		Aliases: []string{"changes"},
		Short:   "Changes: plan, approve, carry out, gate and record them",
		Long: `A change is an issue of the production queue: what is done in production, when, at what risk, and how to go back. Its criticality says
what it needs: C1 (downtime or high risk) two approvals, one of them a manager's; C2 a manager's or peer lead's; C3 a peer's; C4
(routine, automated) none. The section changes of the configuration names the people.

Pipelines ask with gate whether they may go on, and tell with record what they did.`,
		Example: `  prodctl change open -f change.yaml
  prodctl change approve 7
  prodctl change start 7
  prodctl change gate --criticality C2`,
	}
	cmd.AddCommand(
		newChangeOpenCmd(env, runChangeOpen),
		newChangeApproveCmd(env, runChangeApprove),
		newChangeStartCmd(env, runChangeStart),
		newChangeFinishCmd(env, runChangeEnd),
		newChangeAbortCmd(env, runChangeEnd),
		newChangeListCmd(env, runChangeList),
		newChangeShowCmd(env, runChangeShow),
		newChangeGateCmd(env, runChangeGate),
		newChangeRecordCmd(env, runChangeRecord),
	)
	return cmd
}

// criticality reads a criticality; empty is unknown.
func criticality(typed string) (change.Criticality, error) {
	if typed == "" {
		return change.UnknownCriticality, nil
	}
	c, err := change.ParseCriticality(typed)
	if err != nil {
		return c, fault.Wrap(fault.Usage, err, "say --criticality C1, C2, C3 or C4; in doubt the lower number", "")
	}
	return c, nil
}

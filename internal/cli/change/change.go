// Package change implements `prodctl change`: open, approve, start, finish and abort changes, record what pipelines did, and gate them.
//
// There is one file per verb, with its flags, its help and a run function that calls one workflow and one view. Start with [New].
// Rules and requests to GitLab are not here: they are in pkg/change and internal/workflow/change.
package change

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New returns the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "change",
		Aliases: []string{"changes"},
		Short:   "Plan, approve, run and record changes",
		Long: `A change is an issue in the production queue: what is done, when, at what risk, and how to roll it back. Its criticality
decides which approvals it needs: C1 two, one of them from a manager; C2 one from a manager or lead; C3 one from a peer;
C4 none. The configuration section "changes" lists the approvers.

Pipelines run gate before they deploy and record afterwards.`,
		Example: `  # Plan a change
  prodctl change open -f change.yaml

  # Approve and start it
  prodctl change approve 7
  prodctl change start 7

  # Check in a pipeline whether it may deploy
  prodctl change gate --criticality C2`,
	}
	cmd.AddCommand(
		newOpenCmd(a, runOpen),
		newApproveCmd(a, runEvent),
		newStartCmd(a, runEvent),
		newFinishCmd(a, runEvent),
		newAbortCmd(a, runEvent),
		newListCmd(a, runList),
		newShowCmd(a, runShow),
		newGateCmd(a, runGate),
		newRecordCmd(a, runRecord),
	)
	return cmd
}

// override replaces a value with that of a flag, if the flag has one.
func override[T comparable](to *T, flag T) {
	var zero T
	if flag != zero {
		*to = flag
	}
}

// Package change is `prodctl change`: open, approve, start, finish and abort changes, record those of automation, and the gate for
// pipelines.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package change

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
)

// New is the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "change",
		Aliases: []string{"changes"},
		Short:   "Changes: plan, approve, carry out, gate and record them",
		Long: `A change is an issue of the production queue: what is done in production, when, at what risk, and how to go back. Its
criticality says what it needs: C1 (downtime or high risk) two approvals, one of them a manager's; C2 a manager's or
peer lead's; C3 a peer's; C4 (routine, automated) none. The section changes of the configuration names the people.

Pipelines ask with gate whether they may go on, and tell with record what they did.`,
		Example: `  prodctl change open -f change.yaml
  prodctl change approve 7
  prodctl change start 7
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

// changes are the team's rules of changes, with the client to read them by.
func changes(s *app.Session) (flow.Changes, error) {
	cfg := s.Config
	return flow.Changes{Read: s.Client, Project: cfg.Production().Path, Labels: cfg.ChangeLabels(), Incidents: cfg.IncidentLabels(),
		Rules: cfg.Changes.Approvals, Approvers: cfg.Changes.Approvers, Locks: cfg.Locks}, cfg.RequireTrackers(manifest.Production)
}

// over puts what a flag says over another value, if it says anything.
func over[T comparable](to *T, typed T) {
	var nothing T
	if typed != nothing {
		*to = typed
	}
}

package incident

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type listOptions struct {
	All        bool
	States     input.IncidentStates
	Severities input.Severities
	Services   input.ServiceNames
	Since      input.Since
	ReviewDue  bool
}

func newListCmd(a *app.App, run command.Run[listOptions]) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List ongoing incidents",
		Long: `List active and mitigated incidents, worst first, by label and record: a closed issue can still be an ongoing incident. The column
Gaps counts what is missing from the record. Of the first 20 active incidents it has the last comment
of a person.

Outside a terminal, confidential incidents appear by reference only.`,
		Example: `  # Ongoing incidents
  prodctl incident list

  # Ongoing S1 and S2
  prodctl incident list -s S1,S2

  # Resolved incidents that wait for their review
  prodctl incident list --review-due

  # All incidents opened in the last 30 days, as JSON
  prodctl incident list --all --since 30d -o json`,
	}
	f := cmd.Flags()
	f.BoolVar(&o.All, "all", false, "include resolved and reviewed incidents")
	f.Var(&o.States, "state", "only these `states`: active, mitigated, resolved, reviewed, unknown")
	f.VarP(&o.Severities, "severity", "s", "only these `severities`: S1 to S4, unknown")
	f.Var(&o.Services, "service", "only these `services`")
	f.Var(&o.Since, "since", "only those opened since this `date`: 2018-08-01, or 30d (ago)")
	f.BoolVar(&o.ReviewDue, "review-due", false, "only resolved incidents whose review is, or may be, due")
	command.AddLimitFlag(cmd, "first `n` incidents")
	command.AddConfidentialFlag(cmd)
	for _, name := range []string{"all", "state", "severity", "service", "since"} {
		cmd.MarkFlagsMutuallyExclusive("review-due", name)
	}
	return command.Watchable(a, command.Define(a, cmd, &o, run), nil)
}

// openCommand opens an incident; with a key that exists it finds it.
const openCommand = "prodctl incident open"

func runList(ctx context.Context, s *app.Session, o listOptions) error {
	if err := s.Config.RequireTrackers(manifest.Production); err != nil {
		return err
	}
	filter := workflow.IncidentFilter{All: o.All, States: input.Values(o.States), Classes: input.Values(o.Severities),
		Services: input.Strings(o.Services), Since: o.Since.Time.Time}
	progress := s.Progress("Reading incidents")
	list, words, err := readList(ctx, s, o, filter)
	if err != nil {
		progress.Stop()
		return err
	}
	shown := list
	if n := s.Limit(); n > 0 { // comments cost a request each
		shown = list[:min(n, len(list))]
	}
	remarks, gaps := flow.LastRemarks(ctx, s.Client, shown)
	progress.Stop()
	if err := ctx.Err(); err != nil {
		return err
	}
	var rows []jsonv1.Incident
	var issues []issue.Issue
	for _, i := range list {
		row := document.Incident(i, s.Config.Incidents.ReviewAfter, s.Time)
		if r, ok := remarks[i.Issue.ID]; ok {
			row.LastComment = document.Remark(r)
		}
		rows, issues = append(rows, row), append(issues, i.Issue)
	}
	doc := jsonv1.NewIncidents(words, rows)
	doc.Notes = append(gaps, document.Duplicates(workflow.Duplicates(issues), openCommand)...)
	return s.View.Incidents(doc)
}

// readList reads the incidents, and describes the selection.
func readList(ctx context.Context, s *app.Session, o listOptions, f workflow.IncidentFilter) ([]incident.Incident, []string, error) {
	project, labels := s.Config.Production().Path, s.Config.IncidentLabels()
	if o.ReviewDue {
		list, err := workflow.UnreviewedIncidents(ctx, s.Client, project, labels, s.Time, s.Config.Incidents.ReviewAfter)
		return list, []string{"review due"}, err
	}
	list, err := workflow.Incidents(ctx, s.Client, project, labels, f)
	return list, f.Words("severity", "ongoing"), err
}

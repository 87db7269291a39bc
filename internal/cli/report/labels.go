package report

import (
	"context"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/internal/workflow/milestone"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

type labelsOptions struct {
	Last     input.Count
	ExitCode bool
}

func newLabelsCmd(a *app.App, run command.Run[labelsOptions]) *cobra.Command {
	o := labelsOptions{Last: input.AtLeast(1, 6)}
	cmd := &cobra.Command{
		Use:   "labels",
		Short: "Show how much work carries the labels that gather data",
		Long: `Count the issues of the last finished timeboxes and of the running one by the five labels that gather data (toil, unscheduled,
unblocks others, access request, requires production access) and by those of report.labels: number, share, weight, trend, the
age of open ones, the time to close, and who asked.

Toil with similar titles is grouped: work that comes back may be worth automating. Titles are similar if they share at least
half of their words.

Exit code 8, only with --exit-code, means that there is more toil than report.toil_aim in the configuration.`,
		Example: `  # The last six timeboxes
  prodctl report labels

  # The last twelve, as a page
  prodctl report labels -n 12 -o html

  # In a schedule: fail if there is more toil than the team accepts
  prodctl report labels --exit-code`,
	}
	cmd.Flags().VarP(&o.Last, "last", "n", "count the last `n` finished timeboxes")
	cmd.Flags().BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if there is more toil than report.toil_aim")
	command.HasFormats(cmd, render.HTML)
	return command.Define(a, cmd, &o, run)
}

func runLabels(ctx context.Context, s *app.Session, o labelsOptions) error {
	if err := s.Config.RequireMilestones(); err != nil {
		return err
	}
	t := milestone.Timeboxes{Read: s.Client, In: s.Config.MilestoneTarget(), Rules: s.Config.MilestoneRules(), Parallel: s.Config.Parallel}
	var boxes []report.Box
	var open map[string][]issue.Issue
	progress := s.Progress("Reading the last %s", workflow.Count(o.Last.Value, "timebox", "timeboxes"))
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { boxes, err = t.Boxes(gctx, o.Last.Value); return err })
	g.Go(func() (err error) { open, err = t.OpenWith(gctx, s.Config.MeasuredLabels()); return err })
	err := g.Wait()
	progress.Stop()
	if err != nil {
		return err
	}
	doc := document.LabelReport(t.In, boxes, open, s.Config, s.Time)
	if err := s.View.LabelReport(doc); err != nil || !o.ExitCode || doc.Toil == nil || !doc.Toil.Above {
		return err
	}
	return &fault.Error{Kind: fault.Pending} // the report shows it
}

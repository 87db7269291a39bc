package budget

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/budget"
	rules "gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/metric"
)

// secondOpinion are the flags that compare the queue with a metric.
type secondOpinion struct {
	Verify input.Monitor
	Query  string
	Bad    input.Condition
	Step   input.Step
}

func newSecondOpinion() secondOpinion {
	return secondOpinion{Bad: input.Condition{Condition: metric.AboveZero()}, Step: input.Step{Duration: time.Minute}}
}

func (o *secondOpinion) addFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Var(&o.Verify, "verify", "compare with a metric of `prometheus=url`; it gets no GitLab token")
	f.StringVar(&o.Query, "query", "", "`query` in PromQL for one series that shows when production was down")
	f.Var(&o.Bad, "bad", "`condition` for values that mean down, such as \"> 0.001\" or \"< 1\"")
	f.Var(&o.Step, "step", "`duration` between two samples")
	cmd.MarkFlagsRequiredTogether("verify", "query")
}

// check refuses an empty query, which a variable without a value gives.
func (o secondOpinion) check() error {
	if o.Verify.Address != "" && strings.TrimSpace(o.Query) == "" {
		return fault.New(fault.Usage, `Pass a query for one series, such as --query "min(probe_success)"`, "--query is empty")
	}
	return nil
}

// maxSamples is how many samples of a metric are read: two years by the minute.
const maxSamples = 1 << 20

// grid is the times at which the metric is read: the part of the window that is over.
func (o secondOpinion) grid(w rules.Window) (from, to time.Time, g metric.Grid, err error) {
	from, to = w.From, w.To
	if w.Now.Before(to) {
		to = w.Now
	}
	g = metric.GridFor(from, to, o.Step.Duration)
	if g.Len() > maxSamples {
		err = fault.New(fault.Usage, "Use a longer --step", "%d samples are too many (limit %d)", g.Len(), maxSamples)
	}
	return from, to, g, err
}

// compare returns the minutes in the queue beside those in the metric. If the metric cannot be read, the document says so, and failed is
// the error: the budget itself does not depend on it.
func (o secondOpinion) compare(ctx context.Context, s *app.Session, account rules.Account) (doc *jsonv1.SecondOpinion, failed, err error) {
	server, err := s.Prometheus(o.Verify.Address)
	if err != nil {
		return nil, nil, err
	}
	from, to, g, err := o.grid(account.Window)
	if err != nil {
		return nil, nil, err
	}
	progress := s.Progress("Reading the metric from %s", server.Address())
	answer, err := server.Range(ctx, o.Query, g)
	progress.Stop()
	about := document.Metric{Address: server.Address(), Query: o.Query, Bad: o.Bad.Condition, Step: o.Step.Duration}
	var spans []metric.Span
	if err == nil {
		if spans, err = metric.Read(from, to, g, answer, o.Bad.Condition); err != nil {
			err = fault.Wrap(fault.Unreachable, err, "Check that the address is that of a Prometheus server", "answer of %s", server.Address())
		}
	}
	if err != nil {
		return document.NoOpinion(about, err), err, nil
	}
	return document.SecondOpinion(about, account, spans, answer.Notes), nil, nil
}

// accountOf returns the budget that is compared: the first one that is shown.
func accountOf(read flow.Result, service, team string) rules.Account {
	switch {
	case service != "":
		return read.Of(read.Rules, service)
	case team != "":
		return read.OfTeam(team)
	}
	return read.Overall
}

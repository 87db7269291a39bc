package report

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/input"
)

// addPeriodFlags are those of reports about the days of a period.
func addPeriodFlags(cmd *cobra.Command, p *input.Period) {
	f := cmd.Flags()
	f.Var(p.Flag(input.PeriodFrom), input.PeriodFrom, "the first `day`, such as 2018-08-18")
	f.Var(p.Flag(input.PeriodTo), input.PeriodTo, "the last `day`, which is included")
	f.Var(p.Flag(input.PeriodWeek), input.PeriodWeek, "an ISO `week`: current, last or 2018-W34")
	f.Var(p.Flag(input.PeriodTimebox), input.PeriodTimebox, "the days of a `timebox`: previous or current")
	f.Var(p.Flag(input.PeriodLast), input.PeriodLast, "as many `days` up to today: 28d")
	for _, other := range []string{input.PeriodWeek, input.PeriodTimebox, input.PeriodLast} {
		cmd.MarkFlagsMutuallyExclusive(input.PeriodFrom, other)
		cmd.MarkFlagsMutuallyExclusive(input.PeriodTo, other)
	}
	cmd.MarkFlagsMutuallyExclusive(input.PeriodWeek, input.PeriodTimebox, input.PeriodLast)
}

package report

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/input"
)

// addPeriodFlags adds the flags that choose the days of a report.
func addPeriodFlags(cmd *cobra.Command, p *input.Period) {
	f := cmd.Flags()
	f.Var(p.Flag(input.PeriodFrom), input.PeriodFrom, "first `day`, such as 2018-08-18")
	f.Var(p.Flag(input.PeriodTo), input.PeriodTo, "last `day`, inclusive")
	f.Var(p.Flag(input.PeriodWeek), input.PeriodWeek, "`week`: current, last or an ISO week such as 2018-W34")
	f.Var(p.Flag(input.PeriodTimebox), input.PeriodTimebox, "`timebox`: previous or current")
	f.Var(p.Flag(input.PeriodLast), input.PeriodLast, "`duration` of a period up to today, such as 28d")
	for _, other := range []string{input.PeriodWeek, input.PeriodTimebox, input.PeriodLast} {
		cmd.MarkFlagsMutuallyExclusive(input.PeriodFrom, other)
		cmd.MarkFlagsMutuallyExclusive(input.PeriodTo, other)
	}
	cmd.MarkFlagsMutuallyExclusive(input.PeriodWeek, input.PeriodTimebox, input.PeriodLast)
}

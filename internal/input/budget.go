package input

import (
	"context"
	"fmt"
	"math/big"

	"gitlab.com/prodctl/prodctl/pkg/budget"
)

// BudgetWindow is the window of an error budget: a number of days, month or quarter.
type BudgetWindow struct{ Period budget.Period }

// Set parses the window.
func (w *BudgetWindow) Set(raw string) (err error) {
	w.Period, err = budget.ParsePeriod(raw)
	return invalid(err, "28d", "month", "quarter")
}

// String is the window.
func (w *BudgetWindow) String() string { return string(w.Period) }

// Type is window.
func (w *BudgetWindow) Type() string { return "window" }

// Candidates are the usual windows.
func (w *BudgetWindow) Candidates(context.Context, Source, string) ([]Candidate, error) {
	return fixed([]string{"28d", string(budget.Month), string(budget.Quarter)}), nil
}

// Objective is an availability objective in percent, as an exact decimal. Percent is nil if none is given.
type Objective struct{ Percent *big.Rat }

// Set parses the objective.
func (o *Objective) Set(raw string) error {
	slo, err := budget.ParseSLO(raw)
	if err == nil && slo.Cmp(big.NewRat(100, 1)) == 0 {
		err = fmt.Errorf("invalid objective %q: 100 leaves no budget (use a percentage such as 99.95)", raw)
	}
	if err != nil {
		return invalid(err, "99.95")
	}
	o.Percent = slo
	return nil
}

// String is the decimal.
func (o *Objective) String() string {
	if o.Percent == nil {
		return ""
	}
	return budget.Decimal(o.Percent)
}

// Type is objective.
func (o *Objective) Type() string { return "objective" }

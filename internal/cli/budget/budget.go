// Package budget is the command `prodctl budget`: how much of the error budgets is spent.
//
// Start with [New]. Rules and requests are not here: they are in pkg/budget and internal/workflow/budget.
package budget

import (
	"context"
	"errors"
	"math/big"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/openslo"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/budget"
	rules "gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/suggest"
)

type options struct {
	Window   input.BudgetWindow
	SLO      input.Objective
	Service  input.ServiceName
	Team     string
	OpenSLO  input.File
	Explain  bool
	ExitCode bool

	secondOpinion
}

// New returns the command.
func New(a *app.App) *cobra.Command { return newCmd(a, runBudget) }

func newCmd(a *app.App, run command.Run[options]) *cobra.Command {
	o := options{secondOpinion: newSecondOpinion()}
	cmd := &cobra.Command{
		Use:     "budget",
		Aliases: []string{"budgets"},
		Short:   "Show how much of the error budgets is spent",
		Long: `Show the minutes that production, each service and each team may be down in a window, what incidents have spent of them, and
when the rest will be spent at the present rate. -o html writes a page with the burn-down.

The times of an incident come from its record, else from lines of its text, else from label events; --explain prints which.
Incidents of unknown duration are listed and never count as zero. Downtime that was approved with a change is counted apart.
--verify compares the minutes with a metric and lists what is in one and not in the other; a gap in the metric is unknown.

Exit code 8, only with --exit-code, means that a budget is spent, that the metric differs by more than a step, or, with
budget.unknown: block, that a duration is unknown.`,
		Example: `  # All budgets in the configured window
  prodctl budget

  # The evidence of every minute of one service
  prodctl budget --service registry --explain

  # This month by another objective
  prodctl budget --window month --slo 99.9

  # Fail a scheduled job if a budget is spent
  prodctl budget --exit-code

  # Compare with a metric that is 1 while production is up
  prodctl budget --verify prometheus=https://prometheus.example.com --query "min(probe_success)" --bad "< 1"

  # The burn-down as a page
  prodctl budget -o html`,
	}
	f := cmd.Flags()
	f.Var(&o.Window, "window", "`window`: a number of days such as 28d, month or quarter (default: budget.window)")
	f.Var(&o.SLO, "slo", "`objective` in percent, such as 99.95, for every budget (default: those of the file)")
	f.Var(&o.Service, "service", "only the budget of this `service`")
	f.StringVar(&o.Team, "team", "", "only the budget of this `team`")
	f.Var(&o.OpenSLO, "openslo", "read the objectives of services from an OpenSLO `file` (- for standard input)")
	f.BoolVar(&o.Explain, "explain", false, "show the evidence of every minute")
	f.BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if a budget is spent")
	o.addFlags(cmd)
	cmd.MarkFlagsMutuallyExclusive("service", "team")
	cmd.MarkFlagsMutuallyExclusive("slo", "openslo")
	command.AddConfidentialFlag(cmd)
	command.HasFormats(cmd, render.HTML)
	return command.Define(a, cmd, &o, run)
}

func runBudget(ctx context.Context, s *app.Session, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	budgets, err := budgetsOf(s, o)
	if err != nil {
		return err
	}
	progress := s.Progress("Reading incidents")
	read, err := budgets.Read(ctx, s.Time)
	progress.Stop()
	if err != nil {
		return err
	}
	service := strings.TrimSpace(o.Service.String())
	note, err := checkService(s, read, service)
	if err != nil {
		return err
	}
	doc := document.Budget(read, s.Config.Timezone, service, strings.TrimSpace(o.Team))
	if doc.Explain = o.Explain; note != "" {
		doc.Notes = append(doc.Notes, note)
	}
	var failed error
	if o.Verify.Address != "" {
		if doc.SecondOpinion, failed, err = o.compare(ctx, s, accountOf(read, doc.Service, doc.Team)); err != nil {
			return err
		}
	}
	if err := errors.Join(s.View.Budget(doc), failed); err != nil {
		return err
	}
	if o.ExitCode && doc.SecondOpinion != nil && doc.SecondOpinion.Differs {
		return &fault.Error{Kind: fault.Pending}
	}
	if o.ExitCode && found(doc.Accounts, s.Config.Budget.Unknown == manifest.UnknownBlock) {
		return &fault.Error{Kind: fault.Pending} // the document shows which
	}
	return nil
}

// budgetsOf returns the budgets, with what the flags replace.
func budgetsOf(s *app.Session, o options) (flow.Budgets, error) {
	budgets, err := runner.Budgets(s)
	if err != nil {
		return budgets, err
	}
	r := &budgets.Rules
	if o.Window.Period != "" {
		r.Period = o.Window.Period
	}
	if o.SLO.Percent != nil {
		r.SLO = o.SLO.Percent
		r.Services = withObjective(r.Services, o.SLO.Percent)
	}
	if o.OpenSLO.Name != "" {
		list, err := openslo.Read(o.OpenSLO.Source(), o.OpenSLO.Data)
		if err != nil {
			return budgets, err
		}
		r.Services = withObjectives(r.Services, list)
	}
	if team := strings.TrimSpace(o.Team); team != "" && !r.HasTeam(team) {
		return budgets, fault.New(fault.Usage, "Add it to a service in budget.services, or leave out --team",
			"team %q not found in budget.services", team)
	}
	return budgets, nil
}

// checkService returns a note about a service that neither the configuration nor an incident of the window has: its budget looks
// untouched. If the configuration lists the services, such a name is refused.
func checkService(s *app.Session, read flow.Result, name string) (note string, err error) {
	listed := s.Config.Incidents.Services
	known := slices.Clone(listed)
	for _, service := range read.Rules.Services {
		known = append(known, service.Name)
	}
	for _, a := range read.Services {
		known = append(known, a.Name)
	}
	if name == "" || slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) }) {
		return "", nil
	}
	if len(listed) == 0 {
		return "Service " + name + " is not in budget.services, and no incident of the window has it", nil
	}
	hint := "Add it to incidents.services, or show all budgets: prodctl budget"
	if near := suggest.Nearest(name, known); near != "" {
		hint = "Did you mean " + near + "? To show all budgets: prodctl budget"
	}
	return "", fault.New(fault.Usage, hint, "service %q not found in incidents.services, and no incident of the window has it", name)
}

// withObjectives sets the objectives of services, and adds those that are not configured.
func withObjectives(list, read []rules.Service) []rules.Service {
	list = slices.Clone(list)
	for _, s := range read {
		n := slices.IndexFunc(list, func(c rules.Service) bool { return strings.EqualFold(c.Name, s.Name) })
		if n < 0 {
			list = append(list, s)
		} else {
			list[n].SLO = s.SLO
		}
	}
	return list
}

func withObjective(list []rules.Service, slo *big.Rat) []rules.Service {
	var out []rules.Service
	for _, s := range list {
		s.SLO = slo
		out = append(out, s)
	}
	return out
}

// found reports whether a budget is spent, or has an unknown duration that counts as a finding.
func found(accounts []jsonv1.BudgetAccount, unknown bool) bool {
	return slices.ContainsFunc(accounts, func(a jsonv1.BudgetAccount) bool { return a.IsSpent || unknown && len(a.Unknown) > 0 })
}

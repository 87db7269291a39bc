package oncall

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

type checkOptions struct {
	ExitCode bool
}

func newCheckCmd(env *app.App, run func(context.Context, *app.App, checkOptions) error) *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Look for gaps, overlaps and contradictions in the schedule",
		Long: `Check tells whether every instant belongs to exactly one region, also on days on which clocks are put forward or back in one of their
zones, and whether overrides and swaps contradict each other. It names each fault with the first time that it is about and the key of the
configuration. Every other command refuses a schedule with such a fault.

Notes tell what is no fault and may still be a mistake: a region without a rotation, people of overrides who are in no rotation.

Exit codes: 0 also with faults, 1 failed, 6 wrong usage or a configuration that cannot be read, 8 faults with --exit-code, 130 interrupted.`,
		Example: `  prodctl oncall check
  prodctl oncall check --exit-code -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	cmd.Flags().BoolVar(&o.ExitCode, "exit-code", false, "end with 8 when there are faults")
	return cmd
}

func runCheck(_ context.Context, env *app.App, o checkOptions) error {
	cfg, err := env.Config()
	if err != nil && !onlySchedule(err) {
		return err
	}
	doc := oncallCheckDoc(cfg)
	if err := env.View.OncallCheck(doc); err != nil {
		return err
	}
	if o.ExitCode && !doc.Good {
		return &fault.Error{Kind: fault.Pending} // the faults are the result; there is nothing to add
	}
	return nil
}

// onlySchedule reports whether all that is wrong with the configuration is what this command is there to tell.
func onlySchedule(err error) bool {
	if faults, ok := errors.AsType[manifest.Faults](err); ok && err.Error() == faults.Error() {
		return !slices.ContainsFunc(faults, func(f manifest.Fault) bool { return f.Part != manifest.PartOncall })
	}
	return false
}

// oncallCheckDoc is the published form of what is wrong, and of what may be.
func oncallCheckDoc(cfg config.Config) jsonv1.OncallCheck {
	var faults []jsonv1.ScheduleFault
	for _, f := range cfg.Oncall.Check() {
		place := "oncall." + f.List
		if f.Index >= 0 {
			place = fmt.Sprintf("%s[%d]", place, f.Index)
		}
		if f.Field != "" {
			place += "." + f.Field
		}
		if at := cfg.Source(place); at.Kind == config.FromFile {
			place += " (" + at.String() + ")"
		}
		faults = append(faults, jsonv1.ScheduleFault{Kind: f.Kind, Text: f.Text, From: document.Instant(f.From), To: document.Instant(f.To), Place: place})
	}
	var regions []string
	for _, r := range cfg.Oncall.Regions {
		regions = append(regions, r.Name)
	}
	doc := jsonv1.NewOncallCheck(document.Instant(oncall.CheckedFrom), document.Instant(oncall.CheckedTo), regions, faults)
	doc.Notes = slices.Concat(noRotations(cfg), strangers(cfg.Oncall), idle(cfg.Oncall))
	return doc
}

// strangers are notes on people who are put on call without being in any rotation: perhaps their names are misspelt.
func strangers(s oncall.Schedule) []string {
	regular := oncall.Schedule{Regions: s.Regions}.Members()
	var names []string
	for _, m := range s.Members()[len(regular):] {
		names = append(names, "@"+m)
	}
	if len(names) == 0 || len(regular) == 0 {
		return nil
	}
	verb := "is"
	if len(names) > 1 {
		verb = "are"
	}
	return []string{fmt.Sprintf("%s %s on call by an override or a swap, and in no rotation: are names misspelt?", strings.Join(names, ", "), verb)}
}

// idle are notes on overrides that never hold, because they are instead of somebody whose turn it never is in that region.
func idle(s oncall.Schedule) []string {
	var list []string
	for _, o := range s.Overrides {
		own := oncall.Schedule{Swaps: s.Swaps}
		for _, r := range s.Regions {
			if r.Name == o.Region && r.Rotation != nil {
				own.Regions = append(own.Regions, r)
			}
		}
		if o.InsteadOf != "" && !slices.ContainsFunc(own.Members(), func(m string) bool { return oncall.Same(m, o.InsteadOf) }) {
			list = append(list, fmt.Sprintf("the override of %s by @%s never holds: @%s is not in the rotation of %s", o.Region, o.Person, o.InsteadOf, o.Region))
		}
	}
	return list
}

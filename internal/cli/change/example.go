package change

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
)

// example is a plan in which every key is explained. It is complete, and what depends on the team is commented out.
const example = `# The plan of a change. To open it: prodctl change open -f FILE
title: Upgrade PostgreSQL to 9.6.10
reason: The release fixes CVE-2018-10915.
start: START  # ZONE; or with an offset: 2018-08-30T10:00:00+02:00
duration: 1h30m          # worst case; by default the sum of the steps. The window is twice as long
criticality: C2          # C1 downtime or high risk, C2 risk without downtime, C3 very low risk, C4 routine
#services: [postgres]    # by default all
environment: production
#executor: ines          # the user name of whoever carries it out
impact:
  type: internal         # client-facing, internal or none
  text: Jobs wait for some minutes.
  #downtime: 10m         # or approved, which does not spend the error budget
preparation:             # a step, with or without its minutes
  - {do: Make a base backup, minutes: 40}
  - Tell support
steps:
  - {do: Pause the workers, minutes: 5}
  - {do: Upgrade and restart, minutes: 30}
check_before: [Replication lag is below 1 s]
check_after: [Logins work]
rollback:
  steps:
    - {do: Promote the old replica, minutes: 15}
monitoring: [PostgreSQL overview, "Roll back if errors rise above 1 %"]
communication: A note to support at the start and at the end.
`

// exampleFor is the example with a start on the next day.
func exampleFor(now time.Time, zone *time.Location) string {
	start := now.In(zone).AddDate(0, 0, 1).Format(time.DateOnly) + " 10:00"
	return strings.NewReplacer("START", start, "ZONE", zone.String()).Replace(example)
}

// printsExample makes a command with --example print the example, which needs no configuration.
func printsExample(a *app.App, cmd *cobra.Command, asked *bool) *cobra.Command {
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		if !*asked {
			return run(cmd, given)
		}
		now, err := a.Clock()
		if err != nil {
			return err
		}
		zone := time.UTC
		if cfg, err := a.Config(); err == nil {
			zone = cfg.TimesZone()
		}
		_, err = fmt.Fprint(a.Out, exampleFor(now, zone))
		return err
	}
	return cmd
}

// editedPlan is the file with a plan that was written in an editor.
type editedPlan string

// editPlan lets the user write the plan, and makes the options and the command line name the file with it.
func editPlan(s *app.Session, o *openOptions) (editedPlan, error) {
	const hint = "Write the plan to a file: prodctl change open --example > change.yaml"
	if !s.Interactive() || s.Edit == nil {
		return "", fault.New(fault.Usage, hint, "--edit needs a terminal")
	}
	text := string(o.File.Data)
	if o.File.Name == "" {
		text = exampleFor(s.Time, s.Config.TimesZone())
	}
	written := ""
	parse := func(edited string) error {
		written = edited
		file, err := manifest.ParseChange("the plan", []byte(edited), s.Config.TimesZone())
		if err == nil {
			o.override(&file.Request)
			err = file.Check(file.Request, s.Time)
		}
		return err
	}
	without := func(file string) string {
		return runner.RetryWithout(s, []string{"--edit", "-f", "--file"}, "-f", file)
	}
	form := runner.Form{Name: "change.yaml", Text: text, Instead: hint, Required: "Fix the plan", Parse: parse, Retry: without, Repeat: true}
	if err := form.Fill(s); err != nil {
		return "", err
	}
	f, err := os.CreateTemp("", "prodctl-change-*.yaml")
	if err == nil {
		_, err = f.WriteString(written)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return "", fault.Wrap(fault.Failed, fault.Plain(err), hint, "save the plan")
	}
	o.File.Name, o.File.Data = f.Name(), []byte(written)
	s.Args, s.Asked = runner.ArgsWithout(s, []string{"--edit", "-f", "--file"}, "-f", f.Name()), true
	return editedPlan(f.Name()), nil
}

// leave deletes the file of a change that is open, and keeps any other.
func (f editedPlan) leave(s *app.Session, err error) error {
	if err == nil && !s.Global.DryRun && s.Global.Plan == "" {
		_ = os.Remove(string(f))
		return nil
	}
	if !s.Global.Quiet {
		s.Notef("Your plan is saved in %s", string(f))
	}
	return err
}

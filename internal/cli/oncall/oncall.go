// Package oncall is `prodctl oncall`: who is on call now, next and in the coming weeks, and whether the schedule holds.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package oncall

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// New is the command with all its verbs.
func New(env *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "oncall",
		Aliases: []string{"on-call"},
		Short:   "Who is on call, now and in the weeks to come",
		Long: `Regions share the day: EMEA from 04:00 to 16:00 UTC and AMER from 16:00 to 04:00, unless the configuration says others below oncall.
With rotations there, and overrides for holidays, it is known who is on call in each shift. GitLab is not asked: these commands work
without a host and without a token.

Now, next and schedule also make a calendar: -o ics.`,
		Example: `  prodctl oncall now
  prodctl oncall schedule --weeks 4`,
	}
	cmd.AddCommand(newNowCmd(env, runNow), newNextCmd(env, runNext), newScheduleCmd(env, runSchedule), newCheckCmd(env, runCheck))
	return cmd
}

// moment is a time that --at or --from names, on UTC clocks or, for a day, from its midnight in the team's zone on; now when nothing was said.
func moment(e *app.App, flag, said string) (time.Time, error) {
	now, err := e.Clock()
	if err != nil || said == "" {
		return now.UTC().Truncate(time.Second), err
	}
	cfg, err := e.Config()
	if err != nil {
		return time.Time{}, err
	}
	if day, err := time.ParseInLocation(time.DateOnly, said, cfg.Timezone); err == nil {
		return day.UTC(), nil
	}
	at, err := manifest.ParseMoment(said, time.UTC)
	if err != nil {
		return time.Time{}, fault.Wrap(fault.Usage, err, "write "+flag+` 2018-08-30, `+flag+` "2018-08-30 10:00" (UTC) or `+flag+" 2018-08-30T10:00:00Z", "%s", flag)
	}
	return at, nil
}

// knownPerson is the user name that --person means. Somebody who is in no rotation, override or swap is mistyped.
func knownPerson(cfg config.Config, said string) (string, error) {
	name := strings.TrimPrefix(strings.TrimSpace(said), "@")
	members := cfg.Oncall.Members()
	for _, m := range members {
		if oncall.Same(m, name) {
			return m, nil
		}
	}
	hint := "say one of " + strings.Join(members, ", ")
	if len(members) == 0 {
		hint = "people are written below rotation in " + fileOf(cfg)
	}
	return "", fault.New(fault.Usage, hint, "--person %s: nobody of that name is in a rotation, an override or a swap", name)
}

func peopleOnCall(e *app.App) command.Candidates {
	return func(context.Context, string) ([]string, error) {
		cfg, err := e.Config()
		return cfg.Oncall.Members(), err
	}
}

// fileOf is the configuration file, or the name that it would have.
func fileOf(cfg config.Config) string {
	if cfg.File == "" {
		return config.FileName
	}
	return cfg.File
}

// noRotations says where people are written, for regions of which nobody is known.
func noRotations(cfg config.Config) []string {
	var names []string
	for _, r := range cfg.Oncall.Regions {
		if r.Rotation == nil {
			names = append(names, r.Name)
		}
	}
	switch {
	case len(names) == 0:
		return nil
	case cfg.File == "":
		return []string{"who is on call is written below oncall in " + config.FileName + ": prodctl init makes one"}
	case len(names) == 1:
		return []string{names[0] + " has no rotation: nobody is known to be on call in it"}
	}
	return []string{strings.Join(names, " and ") + " have no rotation: nobody is known to be on call in them"}
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/host"
)

type initOptions struct {
	Infrastructure input.Project
	Production     input.Project
	Group          string
	Timezone       string
	Force          bool
}

func newInitCmd(a *app.App, run command.LocalRun[initOptions]) *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write .prodctl.yaml for your own GitLab",
		Long: `Init finds the team's two trackers among the projects that the token can see, by their names, by what they have in common
and by their labels, takes the rhythm from the milestones that are there, and writes a configuration with every key explained.
On a terminal it asks what is not clear; elsewhere the flags must say it. It changes nothing in GitLab.

Exit codes: 0, 4 no token or no right, 5 not clear, not confirmed, or there is a file already, 6 wrong usage,
7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl init --host https://gitlab.example.com
  prodctl init --infrastructure acme/infrastructure --production acme/production
  prodctl init --yes --dry-run`,
	}
	f := cmd.Flags()
	f.Var(&o.Infrastructure, "infrastructure", "`project` of the team's own work")
	f.Var(&o.Production, "production", "`project` of incidents and changes; none: there is none")
	f.StringVar(&o.Group, "group", "", "`group` that keeps the milestones (default the infrastructure project, or where they are)")
	f.StringVar(&o.Timezone, "timezone", "", "the team's time `zone`, such as Europe/Berlin (default UTC)")
	f.BoolVar(&o.Force, "force", false, "replace a file that is there")
	return command.Shows(command.Connects(command.DefineLocal(a, cmd, &o, run)), "dry-run", "yes")
}

func runInit(ctx context.Context, a *app.App, o initOptions) error {
	if a.Global.Plan != "" {
		return fault.New(fault.Usage, "prodctl init --dry-run shows what would be written", "--plan-file does not go with init")
	}
	if o.Timezone != "" {
		if _, err := manifest.ParseZone(o.Timezone); err != nil {
			return fault.Wrap(fault.Usage, err, "prodctl init --timezone Europe/Berlin", "--timezone")
		}
	}
	path := newFile(a)
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) && !o.Force && !a.Global.DryRun {
		return config.Exists(path)
	}
	cfg, err := configForNew(ctx, a)
	if err != nil {
		return err
	}
	return app.Within(ctx, cfg.Timeout, func(ctx context.Context) error {
		found, err := look(ctx, a, cfg, o)
		if err != nil {
			return err
		}
		if a.Global.DryRun {
			_, err := a.Out.Write(found.Commented())
			return err
		}
		if err := confirmNew(ctx, a, path, found, o); err != nil {
			return err
		}
		if err := config.Create(path, found.Commented(), o.Force); err != nil {
			return err
		}
		return showNew(a, path)
	})
}

// newFile is where the configuration will be: where it is said to be, else in the working directory.
func newFile(e *app.App) string {
	name := e.Global.Config
	if name == "" {
		name = e.Getenv("PRODCTL_CONFIG")
	}
	if name == "" {
		name = config.FileName
	}
	return e.Path(name)
}

// configForNew is what is known without the file that is to be written: it may be missing, or be broken and about to
// be replaced. A host is asked for when nobody names one.
func configForNew(ctx context.Context, e *app.App) (config.Config, error) {
	cfg, err := config.Load(config.Sources{
		Dir: e.Dir,
		Getenv: func(name string) string {
			if name == "PRODCTL_CONFIG" {
				return ""
			}
			return e.Getenv(name)
		},
		Flag: func(name string) (string, bool) {
			if name == "config" {
				return "", false
			}
			return e.Flag(name)
		},
	})
	switch {
	case cfg.Host != "":
		return cfg, nil
	case err != nil:
		return cfg, err
	case !e.Interactive():
		return cfg, fault.New(fault.Usage, "prodctl init --host https://gitlab.example.com", "which GitLab? --host says it")
	}
	answer, err := e.Ask(ctx, "GitLab's address", "https://gitlab.com")
	if err == nil {
		cfg.Host, err = host.Parse(answer)
	}
	if err != nil {
		return cfg, fault.Wrap(fault.Usage, err, "prodctl init --host https://gitlab.example.com", "")
	}
	return cfg, nil
}

func look(ctx context.Context, e *app.App, cfg config.Config, o initOptions) (workflow.Found, error) {
	client, err := e.Connect(cfg, func(ctx context.Context) (string, error) { return e.Token(ctx, cfg) })
	if err != nil {
		return workflow.Found{}, err
	}
	seek := workflow.Init{Read: client, Host: cfg.Host, Timezone: o.Timezone,
		Infrastructure: string(o.Infrastructure), Production: string(o.Production), Group: o.Group}
	progress := e.Progress("looking for the trackers")
	defer progress.Stop()
	if e.Interactive() && !e.Global.Yes {
		seek.Choose = func(ctx context.Context, question string, choices []string) (int, error) {
			progress.Stop()
			return e.Choose(ctx, question, choices)
		}
	}
	return seek.Look(ctx)
}

// confirmNew shows what was found and asks, unless it was all said beforehand.
func confirmNew(ctx context.Context, e *app.App, path string, found workflow.Found, o initOptions) error {
	if !e.Global.Quiet {
		for _, note := range found.Notes {
			e.Notef("%s", note)
		}
	}
	if e.Global.Yes || o.Infrastructure != "" && o.Production != "" {
		return nil
	}
	ok, err := e.Confirm(ctx, fmt.Sprintf("Write %s?", path))
	if err == nil && !ok {
		err = fault.New(fault.Refused, "prodctl init --infrastructure GROUP/PROJECT --production GROUP/PROJECT", "nothing was written")
	}
	return err
}

// showNew tells where the file is, or in the other formats what it says.
func showNew(e *app.App, path string) error {
	if e.Table() {
		if !e.Global.Quiet {
			e.Notef("next: prodctl doctor")
		}
		_, err := fmt.Fprintln(e.Out, path)
		return err
	}
	cfg, err := e.ConfigAt(path)
	if err != nil {
		return err
	}
	return e.View.Config(document.Config(cfg))
}

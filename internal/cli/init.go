package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/host"
)

type initOptions struct {
	Infrastructure string
	Production     string
	Group          string
	Timezone       string
	Force          bool
}

func newInitCmd(env *Env, run func(context.Context, *Env, initOptions) error) *cobra.Command {
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
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.Infrastructure, "infrastructure", "", "`project` of the team's own work")
	f.StringVar(&o.Production, "production", "", "`project` of incidents and changes; none: there is none")
	f.StringVar(&o.Group, "group", "", "`group` that keeps the milestones (default the infrastructure project, or where they are)")
	f.StringVar(&o.Timezone, "timezone", "", "the team's time `zone`, such as Europe/Berlin (default UTC)")
	f.BoolVar(&o.Force, "force", false, "replace a file that is there")
	env.completeWith(cmd, "infrastructure", env.projectPaths)
	env.completeWith(cmd, "production", env.projectPaths)
	return cmd
}

// projectPaths completes the projects that the token's user is a member of.
func (e *Env) projectPaths(ctx context.Context, typed string) ([]string, error) {
	client, err := e.Client(ctx)
	if err != nil {
		return nil, err
	}
	projects, err := client.Projects(ctx, typed[strings.LastIndexByte(typed, '/')+1:])
	var paths []string
	for _, p := range projects {
		paths = append(paths, p.Path)
	}
	return paths, err
}

func runInit(ctx context.Context, env *Env, o initOptions) error {
	if o.Timezone != "" {
		if _, err := manifest.ParseZone(o.Timezone); err != nil {
			return fault.Wrap(fault.Usage, err, "prodctl init --timezone Europe/Berlin", "--timezone")
		}
	}
	path := env.newFile()
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) && !o.Force && !env.global.DryRun {
		return config.Exists(path)
	}
	cfg, err := env.configForNew(ctx)
	if err != nil {
		return err
	}
	return within(ctx, cfg.Timeout, func(ctx context.Context) error {
		found, err := env.look(ctx, cfg, o)
		if err != nil {
			return err
		}
		if env.global.DryRun {
			_, err := env.Out.Write(found.Commented())
			return err
		}
		if err := env.confirmNew(ctx, path, found, o); err != nil {
			return err
		}
		if err := config.Create(path, found.Commented(), o.Force); err != nil {
			return err
		}
		return env.showNew(path)
	})
}

// newFile is where the configuration will be: where it is said to be, else in the working directory.
func (e *Env) newFile() string {
	name := e.global.Config
	if name == "" {
		name = e.Getenv("PRODCTL_CONFIG")
	}
	if name == "" {
		name = config.FileName
	}
	return e.path(name)
}

// configForNew is what is known without the file that is to be written: it may be missing, or be broken and about to
// be replaced. A host is asked for when nobody names one.
func (e *Env) configForNew(ctx context.Context) (config.Config, error) {
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
			return e.flag(name)
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

func (e *Env) look(ctx context.Context, cfg config.Config, o initOptions) (workflow.Found, error) {
	client, err := e.connect(cfg, func(ctx context.Context) (string, error) { return e.token(ctx, cfg) })
	if err != nil {
		return workflow.Found{}, err
	}
	seek := workflow.Init{Read: client, Host: cfg.Host, Timezone: o.Timezone,
		Infrastructure: o.Infrastructure, Production: o.Production, Group: o.Group}
	progress := e.Progress("looking for the trackers")
	defer progress.Stop()
	if e.Interactive() && !e.global.Yes {
		seek.Choose = func(ctx context.Context, question string, choices []string) (int, error) {
			progress.Stop()
			return e.Choose(ctx, question, choices)
		}
	}
	return seek.Look(ctx)
}

// confirmNew shows what was found and asks, unless it was all said beforehand.
func (e *Env) confirmNew(ctx context.Context, path string, found workflow.Found, o initOptions) error {
	if !e.global.Quiet {
		for _, note := range found.Notes {
			e.Notef("%s", note)
		}
	}
	if e.global.Yes || o.Infrastructure != "" && o.Production != "" {
		return nil
	}
	ok, err := e.Confirm(ctx, fmt.Sprintf("Write %s?", path))
	if err == nil && !ok {
		err = fault.New(fault.Refused, "prodctl init --infrastructure GROUP/PROJECT --production GROUP/PROJECT", "nothing was written")
	}
	return err
}

// showNew tells where the file is, or in the other formats what it says.
func (e *Env) showNew(path string) error {
	if e.Table() {
		if !e.global.Quiet {
			e.Notef("next: prodctl doctor")
		}
		_, err := fmt.Fprintln(e.Out, path)
		return err
	}
	cfg, err := e.configAt(path)
	if err != nil {
		return err
	}
	return e.view.Config(configDocument(cfg))
}

// within bounds work by a time limit; 0 is none.
func within(ctx context.Context, limit time.Duration, work func(context.Context) error) error {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	return work(ctx)
}

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
		Long: `Find the team's two projects in GitLab by their names, groups and labels, take the length of a timebox from the existing
milestones, and write a configuration in which every key is explained. If the choice is not clear, init asks; without a
terminal, use the flags.

Init changes nothing in GitLab, and it does not replace an existing file without --force.`,
		Example: `  # Find the projects and ask before writing
  prodctl init --host https://gitlab.example.com

  # Name the projects
  prodctl init --infrastructure acme/infrastructure --production acme/production

  # Show the file without writing it
  prodctl init --yes --dry-run`,
	}
	f := cmd.Flags()
	f.Var(&o.Infrastructure, "infrastructure", "`project` with the team's own work: its full path or a URL")
	f.Var(&o.Production, "production", "`project` with incidents and changes, or none")
	f.StringVar(&o.Group, "group", "",
		"`group` with the milestones, its full path or a URL (default: where they are now, or the infrastructure project)")
	f.StringVar(&o.Timezone, "timezone", "", "time `zone` of the team, such as Europe/Berlin (default UTC)")
	f.BoolVar(&o.Force, "force", false, "replace an existing file")
	return command.Shows(command.Connects(command.DefineLocal(a, cmd, &o, run)), "dry-run", "yes")
}

func runInit(ctx context.Context, a *app.App, o initOptions) error {
	if a.Global.Plan != "" {
		return fault.New(fault.Usage, "To show the file without writing it: prodctl init --dry-run", "init does not support --plan-file")
	}
	if o.Timezone != "" {
		if _, err := manifest.ParseZone(o.Timezone); err != nil {
			return fault.Wrap(fault.Usage, err, "Use a name such as Europe/Berlin: prodctl init --timezone Europe/Berlin", "--timezone")
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
		trustNew(a, path)
		return showNew(a, path)
	})
}

// newFile returns the path of the new configuration: the configured one, or else .prodctl.yaml in the working directory.
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

// configForNew loads the configuration without the file that init writes, which may be missing, or broken and about to be replaced, and
// without a file that is not trusted. It asks for the host if none is configured.
func configForNew(ctx context.Context, e *app.App) (config.Config, error) {
	cfg, err := e.ConfigBeside()
	switch {
	case cfg.Host != "":
		return cfg, nil
	case err != nil:
		return cfg, err
	case !e.Interactive():
		return cfg, fault.New(fault.Usage, initHostHint, "no GitLab host is configured")
	}
	answer, err := e.Ask(ctx, "GitLab URL", "https://gitlab.com")
	if err == nil {
		cfg.Host, err = host.Parse(answer)
	}
	if err != nil {
		return cfg, fault.Wrap(fault.Usage, err, initHostHint, "")
	}
	return cfg, nil
}

const initHostHint = "Name your GitLab: prodctl init --host https://gitlab.example.com"

func look(ctx context.Context, e *app.App, cfg config.Config, o initOptions) (workflow.Found, error) {
	infrastructure, errInfra := cfg.ProjectPath(string(o.Infrastructure))
	production, errProd := cfg.ProjectPath(string(o.Production))
	group, errGroup := cfg.GroupPath(o.Group)
	if err := errors.Join(named("--infrastructure", errInfra), named("--production", errProd), named("--group", errGroup)); err != nil {
		return workflow.Found{}, err
	}
	client, err := e.Connect(cfg, func(ctx context.Context) (string, error) { return e.Token(ctx, cfg) })
	if err != nil {
		return workflow.Found{}, err
	}
	search := workflow.Init{Read: client, Host: cfg.Host, Timezone: o.Timezone,
		Infrastructure: infrastructure, Production: production, Group: group}
	progress := e.Progress("Looking for the trackers")
	defer progress.Stop()
	if e.Interactive() && !e.Global.Yes {
		search.Choose = func(ctx context.Context, question string, choices []string) (int, error) {
			progress.Stop()
			return e.Choose(ctx, question, choices)
		}
	}
	return search.Look(ctx)
}

// named adds the name of a flag to an error.
func named(flag string, err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(fault.KindOf(err), err, fault.HintOf(err), "%s", flag)
}

// confirmNew shows what was found and asks for confirmation, unless --yes or flags for both projects are given.
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
		err = fault.New(fault.Refused, "", "nothing was written")
	}
	return err
}

// trustNew trusts the file that was just written. Without a home folder nothing can be remembered, and the file can still be named.
func trustNew(a *app.App, path string) {
	cfg, err := a.ConfigAt(path)
	if err == nil {
		err = a.SaveTrust(cfg.OnDisk(a.Getenv))
	}
	if err != nil {
		a.Notef("not remembered as trusted: %v (name it with --config)", err)
	}
}

// showNew prints the path of the new file, or in the other formats its settings.
func showNew(e *app.App, path string) error {
	if e.Table() {
		if !e.Global.Quiet {
			e.Notef("Next: prodctl doctor")
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

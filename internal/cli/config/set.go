package config

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
)

type setOptions struct {
	Key   input.ConfigKey
	Value input.Text
}

func newSetCmd(a *app.App, run command.LocalRun[setOptions]) *cobra.Command {
	var o setOptions
	cmd := &cobra.Command{
		Use:   "set <key> <value>",
		Short: "Set a key in the configuration file",
		Long: `Set one key in the configuration file, and print the line that has it. Comments, order and form of everything else stay. The value
is YAML on one line; a text that is not becomes a string, or a list separated by commas. The whole file is checked before it is written.

A file that you trusted stays trusted. A value over several lines is not replaced: use prodctl config edit.`,
		Example: `  # Restrict the services
  prodctl config set incidents.services web,api,registry

  # See the line first
  prodctl config set timezone Europe/Berlin --dry-run`,
	}
	return command.Shows(command.Configured(command.DefineLocal(a, cmd, &o, run, command.Arg{Name: "key", Value: &o.Key},
		command.Arg{Name: "value", Value: &o.Value, Rest: true})), "dry-run")
}

func runSet(ctx context.Context, a *app.App, o setOptions) error {
	f, err := openFile(ctx, a)
	if err != nil {
		return err
	}
	edited, err := config.Set(a.Relative(f.path), f.data, string(o.Key), string(o.Value))
	if err != nil {
		return err
	}
	if !a.Global.DryRun {
		if err := f.write(a, edited.Data); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(a.Out, "%s:%d:%s\n", a.Relative(f.path), edited.Line, edited.Text)
	return err
}

// file is a configuration file that is being edited.
type file struct {
	path   string
	data   []byte
	before *config.Copy // what the user trusted, if the file has this content now
	trust  config.Trust
}

// openFile reads the configuration file as it is. For one that was found and is not trusted, the user is asked first; a file with errors is
// opened too.
func openFile(ctx context.Context, a *app.App) (file, error) {
	cfg, _ := a.Config()
	if cfg.Trust == config.Untrusted {
		if err := a.Authorize(ctx); err != nil {
			return file{}, err
		}
		cfg, _ = a.Config()
	}
	trust := cfg.Trust
	cfg, err := a.ConfigAt("")
	if cfg.File == "" {
		return file{}, errors.Join(err, fault.New(fault.Usage, config.InitHint, "no configuration file found"))
	}
	now := cfg.OnDisk(a.Getenv)
	f := file{path: cfg.File, data: now.Config(), trust: trust}
	if before := a.TrustedCopy(cfg.File); before != nil && before.Equal(now) {
		f.before = before
	}
	return f, nil
}

// write replaces the content. A file that was trusted with the content before stays trusted, unless it names other files now, which the
// user has not seen.
func (f file) write(a *app.App, data []byte) error {
	if err := config.Replace(f.path, f.data, data); err != nil {
		return err
	}
	cfg, err := a.ConfigAt("")
	now := cfg.OnDisk(a.Getenv)
	switch {
	case err != nil || cfg.File != f.path:
	case f.before != nil && slices.EqualFunc(f.before.Files[1:], now.Files[1:], sameFile):
		if err := a.SaveTrust(now); err != nil {
			a.Notef("warning: not remembered as trusted: %v", err)
		}
	case f.trust == config.Trusted:
		return note(a, "%s names another file now, so the trusted content stays in use. To trust it: prodctl config trust", f.path)
	case f.trust == config.Changed:
		return note(a, "%s changed since you trusted it, so the trusted content stays in use. To trust it: prodctl config trust", f.path)
	}
	return nil
}

func sameFile(a, b config.CopiedFile) bool {
	return a.Key == b.Key && a.Path == b.Path && a.Missing == b.Missing && string(a.Data) == string(b.Data)
}

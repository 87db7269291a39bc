package cli

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/runner"
)

// redirect keeps the result of a command that is for a file or may be for a pager. [deliver] hands it over.
func redirect(a *app.App, cmd *cobra.Command) error {
	g := &a.Global
	if g.Open {
		html := render.HTML
		if !slices.Contains(command.FormatsOf(cmd), html) {
			return fault.New(fault.Usage, "", "--open needs a command with HTML pages: %s has none", cmd.CommandPath())
		}
		if g.Output == "" && g.JQ == "" {
			g.Output = string(html)
		}
		if g.Output != string(html) {
			return fault.New(fault.Usage, "Remove -o, or use -o html", "--open cannot be combined with -o %s", g.Output)
		}
	}
	switch {
	case g.File != "" || g.Open:
		if info, err := os.Stat(filepath.Dir(a.Path(g.File))); g.File != "" && (err != nil || !info.IsDir()) {
			return fault.New(fault.Usage, "Create the folder, or name another file", "--output-file: the folder of %s does not exist", g.File)
		}
		a.Held = a.Hold()
		a.OutTTY, a.Width, a.OutProfile = false, 0, 0
	case pages(a) && command.Pages(cmd) && !command.Watches(cmd):
		a.Held = a.Hold()
	}
	return nil
}

// pages reports whether a long text is shown in a pager.
func pages(a *app.App) bool { return a.OutTTY && a.Page != nil && !a.Global.NoPager }

// deliver writes the result to the file, to the pager if it is longer than the screen, or to standard output. err is the error of the
// command.
func deliver(a *app.App, err error) error {
	switch {
	case a.Held == nil:
		return err
	case a.Global.File != "" || a.Global.Open:
		return errors.Join(err, deliverFile(a, err))
	case a.Held.Long() && a.Page(a.Held.Colored()):
		return err
	}
	return errors.Join(err, a.Held.Release())
}

// deliverFile writes the file, if there is a result. A file that exists keeps its content until the new one is complete.
func deliverFile(a *app.App, err error) error {
	if a.Held.Len() == 0 && err != nil {
		return nil
	}
	path := a.Path(a.Global.File)
	if a.Global.File == "" {
		f, err := os.CreateTemp("", "prodctl-*.html")
		if err != nil {
			return fault.Wrap(fault.Failed, fault.Plain(err), "Name a file: --output-file FILE", "create a file for the page")
		}
		path = f.Name()
		_ = f.Close()
	}
	if err := runner.WritePrivate(path, a.Held.Bytes()); err != nil {
		return fault.Wrap(fault.Failed, fault.Plain(err), "", "write %s", path)
	}
	if !a.Global.Quiet {
		a.Notef("Saved %s", path)
	}
	if a.Global.Open {
		page := url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(path), "/")}
		if err := a.Browse(page.String()); err != nil {
			return fault.Wrap(fault.Failed, err, "Open the file yourself", "open %s", path)
		}
	}
	return nil
}

package cli

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

// mcpProgram is the program of the server. It is one of its own, because the protocol's library would make this one larger and slower.
const mcpProgram = "prodctl-mcp"

type mcpOptions struct{ Plans string }

func newMCPCmd(a *app.App, run command.LocalRun[mcpOptions]) *cobra.Command {
	var o mcpOptions
	cmd := &cobra.Command{
		Use:   "mcp",
		Short: "Serve an agent, which reads and plans",
		Long: `Serve prodctl to an agent, over the Model Context Protocol on standard input and output. The agent can read incidents, changes,
hand-offs, budgets and the board, and save plans. It can write nothing to GitLab: you apply a plan with prodctl apply.

A client of the protocol starts it. It runs prodctl-mcp, which is next to prodctl or in PATH, with the same flags. A call ends
after 50 seconds unless --timeout is set.`,
		Example: `  # What a client runs; docs/mcp.md has the configuration of each client
  prodctl mcp --config ~/acme/.prodctl.yaml

  # Keep the files of plans somewhere else
  prodctl mcp --config ~/acme/.prodctl.yaml --plans ~/plans`,
	}
	cmd.Flags().StringVar(&o.Plans, "plans", "", "`folder` for the files of plans (default: in the user's cache)")
	return command.Shows(command.Instant(command.DefineLocal(a, cmd, &o, run)), "config", "host", "now", "timeout")
}

func runMCP(_ context.Context, a *app.App, o mcpOptions) error {
	var args []string
	for _, f := range []struct{ name, value string }{
		{"config", a.Global.Config}, {"host", a.Global.Host}, {"now", a.Global.Now}, {"plans", o.Plans},
	} {
		if f.value != "" {
			args = append(args, "--"+f.name+"="+f.value)
		}
	}
	if a.Global.Timeout != 0 {
		args = append(args, "--timeout="+a.Global.Timeout.String())
	}
	if a.Become == nil {
		return fault.New(fault.Failed, "", "this program cannot start %s", mcpProgram)
	}
	if err := a.Become(mcpProgram, args); err != nil {
		const hint = "Install it next to prodctl: releases have an archive and a package " + mcpProgram
		return fault.Wrap(fault.Failed, err, hint, "start %s", mcpProgram)
	}
	return nil
}

// Package sandbox is `prodctl sandbox`: the embedded GitLab, served on loopback for trials and other tools.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package sandbox

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/input"
)

type options struct {
	Listen     string
	Seed       string
	Edition    input.Word
	Latency    time.Duration
	RateLimit  string
	Faults     []string
	Log        string
	RacyTitles bool
	NoLinks    bool
}

// New is the command.
func New(a *app.App) *cobra.Command { return newCmd(a, run) }

func newCmd(a *app.App, run command.LocalRun[options]) *cobra.Command {
	o := options{Edition: editions()}
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve a GitLab that lives in memory, to try things out",
		Long: `Sandbox is a small GitLab on this machine: the REST API that prodctl uses, with a believable team in it and a token for each of
its people. It begins anew at every start and is gone when it is interrupted. Only programs on this machine reach it.

When it is ready it prints two lines for the shell of whoever wants to use it, and nothing else, on standard output:

  export GITLAB_HOST=http://127.0.0.1:8929
  export GITLAB_TOKEN=sandbox-maria

Where standard output is no terminal it is closed after that, so that a shell can take them from a sandbox in the background.

Seeds (--seed):
  handbook   a team of twelve on the last day of a two-week timebox (default)
  empty      the same people with two empty projects
  load:N     the same with N issues, to measure with
  FILE.yaml  your own team; docs/sandbox.md shows its form

Faults (--fault, any number of them) make requests go wrong. They are written 'METHOD PATH-GLOB [nth=N] [every=N] KIND':
  status=502       answered with that status, not carried out
  limit            refused by one of GitLab's own limits: 429 that does not say how long to wait
  drop-before      connection cut, not carried out
  drop-after       carried out, connection cut before the answer
  error-after=502  carried out, but answered with that status
  truncate         carried out, connection cut in the middle of the answer
  delay=2s         carried out, answered late
  html             answered with the page of a single sign-on
In the glob * stands for anything within one segment of the path below /api/v4, ** for anything. A question mark and the name of a
parameter at its end take requests with that parameter only, as in 'GET /projects/*/issues?search status=503'.

With --now the sandbox's clock begins at that time and goes on from there.

Exit codes: 0 interrupted, 1 cannot listen, 5 the address is not of this machine alone, 6 wrong usage or a seed with faults.`,
		Example: `  # in one terminal
  prodctl sandbox

  # in the background of this shell
  eval "$(prodctl sandbox &)"

  # the second rename of a milestone is carried out, but its answer is lost
  prodctl sandbox --fault 'PUT /projects/*/milestones/* nth=2 drop-after'`,
	}
	f := cmd.Flags()
	f.StringVar(&o.Listen, "listen", "127.0.0.1:8929", "loopback `address` to serve on; port 0 takes a free one")
	f.StringVar(&o.Seed, "seed", "handbook", "what it begins with: {handbook | empty | load:N | FILE.yaml}")
	f.Var(&o.Edition, "edition", "features of this edition: {free | premium | ultimate}")
	f.DurationVar(&o.Latency, "latency", 0, "wait this `duration` before each answer")
	f.StringVar(&o.RateLimit, "rate-limit", "", "refuse more requests of a user than this `N/min`")
	f.StringArrayVar(&o.Faults, "fault", nil, "make requests go wrong: 'METHOD PATH-GLOB [nth=N] [every=N] KIND'; can be repeated")
	f.StringVar(&o.Log, "log", "", "append each request to this `file`, as a line of JSON")
	f.BoolVar(&o.RacyTitles, "racy-titles", false, "let simultaneous requests make milestones of the same title, as GitLab does")
	f.BoolVar(&o.NoLinks, "no-links", false, "issues cannot be linked, as in GitLab before 13.4")
	return command.Shows(command.DefineLocal(a, cmd, &o, run), "now")
}

func editions() input.Word {
	return input.OneOf(string(fakegitlab.Free), string(fakegitlab.Premium), string(fakegitlab.Ultimate))
}

func run(ctx context.Context, a *app.App, o options) error {
	made, err := newServer(a, o)
	if err != nil {
		return err
	}
	closeLog, err := made.openLog(a, o.Log)
	if err != nil {
		return err
	}
	defer closeLog()
	listener, err := listen(ctx, o.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	if err := made.grow(a, "http://"+listener.Addr().String()); err != nil {
		return err
	}
	announce(a, made)
	return serve(ctx, a, listener, made.server)
}

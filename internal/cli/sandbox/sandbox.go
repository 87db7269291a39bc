// Package sandbox is `prodctl sandbox`: the embedded GitLab, served on a loopback address for trials and other tools. Start with
// [New].
//
// The GitLab itself is not here but in internal/fakegitlab. The package must not listen on any address that other machines can
// reach: everybody knows the sandbox's tokens.
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
	Listen    string
	Seed      string
	Edition   input.Word
	Version   string
	ClockFrom string
	Latency   time.Duration
	RateLimit string
	Faults    []string
	Log       string
	NoLinks   bool
	Racy      bool
	CORS      bool
}

// New builds the command.
func New(a *app.App) *cobra.Command { return newCmd(a, run) }

func newCmd(a *app.App, run command.LocalRun[options]) *cobra.Command {
	o := options{Edition: editions()}
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve a simulated GitLab on this machine",
		Long: `Serve a simulated GitLab in memory: the API that prodctl uses, with a team and a token for each member. Only programs on this
machine can reach it. Nothing is saved: it ends with ^C, and each start begins with the same data.

When it is ready, it prints two lines for another shell on standard output. Without a terminal, standard output is then closed, so
that a shell can read them from a sandbox in the background.

  export GITLAB_HOST=http://127.0.0.1:8929
  export GITLAB_TOKEN=sandbox-maria

Seeds (--seed):
  handbook   a team of twelve on the last day of a two-week milestone (default)
  empty      the same people with two empty projects
  load:N     the same with N issues, for measurements
  FILE.yaml  your own team, see docs/sandbox.md

Faults (--fault 'METHOD PATH [nth=N] [every=N] KIND'):
  status=502       answer with that status, do not carry the request out
  limit            answer 429 in JSON, as GitLab's own limits do
  drop-before      drop the connection, do not carry the request out
  drop-after       carry the request out, drop the connection
  error-after=502  carry the request out, answer with that status
  truncate         carry the request out, drop the connection in the middle of the answer
  delay=2s         carry the request out, answer late
  html             answer with a sign-on page
  other            answer with another object of the same kind, do not carry the request out
  other-after      carry the request out, answer with another object
  nonsense         answer with a message instead of an object, do not carry the request out
  nonsense-after   carry the request out, answer with a message
  no-paging        carry the request out, leave out the pagination headers
  late=33s         drop the connection, carry the request out 33 seconds later
  again=5s         carry the request out, and once more 5 seconds later
  In PATH, * matches anything within a segment and ** anything. PATH?NAME matches only requests with that query parameter.`,
		Example: `  # Serve it in one terminal
  prodctl sandbox

  # Serve it in the background of this shell
  eval "$(prodctl sandbox &)"

  # The second rename of a milestone is carried out, but its answer is lost
  prodctl sandbox --fault 'PUT /projects/*/milestones/* nth=2 drop-after'`,
	}
	f := cmd.Flags()
	f.StringVar(&o.Listen, "listen", "127.0.0.1:8929", "loopback `address` to listen on; port 0 picks a free port")
	f.StringVar(&o.Seed, "seed", "handbook", "initial `data`: handbook, empty, load:N or FILE.yaml")
	f.Var(&o.Edition, "edition", "GitLab `edition`: free, premium, ultimate or ce")
	f.StringVar(&o.Version, "gitlab-version", firstVersion, "GitLab `version` to claim; 18.10 and later have fine-grained tokens")
	f.StringVar(&o.ClockFrom, "clock-from", "", "start `time` (RFC 3339) of a clock that only requests move, by 1 ms each")
	f.DurationVar(&o.Latency, "latency", 0, "`duration` to wait before each answer")
	f.StringVar(&o.RateLimit, "rate-limit", "", "`limit` of requests per user, such as 600/min")
	f.StringArrayVar(&o.Faults, "fault", nil, "`fault` to inject: 'METHOD PATH [nth=N] [every=N] KIND'; can be repeated")
	f.StringVar(&o.Log, "log", "", "append a line of JSON per request to this `file`")
	f.BoolVar(&o.NoLinks, "no-links", false, "disable issue links, as in GitLab before 13.4")
	f.BoolVar(&o.Racy, "racy-titles", false, "let simultaneous writes of one milestone or label collide, as they do in GitLab")
	f.BoolVar(&o.CORS, "cors", false, "let web pages of other sites use it, as they can use GitLab's API")
	return command.Shows(command.DefineLocal(a, cmd, &o, run), "now")
}

func editions() input.Word {
	return input.OneOf(string(fakegitlab.Free), string(fakegitlab.Premium), string(fakegitlab.Ultimate), string(fakegitlab.Community))
}

func run(ctx context.Context, a *app.App, o options) error {
	s, err := newServer(a, o)
	if err != nil {
		return err
	}
	closeLog, err := s.openLog(a, o.Log)
	if err != nil {
		return err
	}
	defer closeLog()
	listener, err := listen(ctx, o.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	if err := s.start(a, "http://"+listener.Addr().String()); err != nil {
		return err
	}
	announce(a, s)
	return serve(ctx, a, listener, guard{next: dated{s.server}, cors: o.CORS})
}

// Command prodctl runs a production team's workflow on GitLab. It only sets up the process; the program is in internal/cli.
package main

import (
	"context"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/credential"
	"gitlab.com/prodctl/prodctl/internal/term"
)

func main() { os.Exit(run(machine())) }

// run runs the program on a machine and returns its exit code.
func run(m app.Machine) int { return cli.Main(context.Background(), os.Args[1:], m) }

// interruptible returns a context that the first interrupt cancels, so that the command can finish the request in flight and report.
// A second interrupt exits at once.
func interruptible(ctx context.Context) context.Context {
	ctx, interrupt := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // nohup stays in force
		signal.Notify(signals, syscall.SIGHUP) // the terminal was closed: report, and save drafts
	}
	go func() {
		<-signals
		interrupt()
		<-signals
		os.Exit(130)
	}()
	return ctx
}

// machine returns the machine on which this process runs.
func machine() app.Machine {
	dir, err := os.Getwd()
	if err != nil {
		dir = "." // the working directory was deleted; commands that need it will report it
	}
	return app.Machine{
		Terminal: func(noColor bool) *term.Streams {
			return term.Detect(os.Stdin, os.Stdout, os.Stderr, os.Getenv, noColor)
		},
		Getenv:  os.Getenv,
		Dir:     dir,
		Now:     time.Now,
		Sleep:   sleep,
		Jitter:  rand.Float64,
		Watch:   interruptible,
		Keyring: credential.System(),
		Browse:  func(address string) error { return term.Browse(os.Getenv, address) },
		Edit:    func(file string) error { return term.Edit(os.Getenv, file) },
		Run:     term.Run,
		Page:    func(text []byte) bool { return term.Page(os.Getenv, os.Environ(), text) },
		Become:  term.Become,
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

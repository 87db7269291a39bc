// Command prodctl runs a production team's workflow on GitLab. Everything but the process itself is in internal/cli.
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

// run is one run of the program on m.
func run(m app.Machine) int { return cli.Main(context.Background(), os.Args[1:], m) }

// interruptible is a context that the first interrupt ends as gently as it can be; the second one quits at once.
func interruptible(ctx context.Context) context.Context {
	ctx, interrupt := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		interrupt()
		<-signals
		os.Exit(130)
	}()
	return ctx
}

// machine is the one that this process runs on.
func machine() app.Machine {
	dir, err := os.Getwd()
	if err != nil {
		dir = "." // gone under our feet; what needs it says so
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

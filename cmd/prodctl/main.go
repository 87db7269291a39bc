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

// run is one run of the program on m, ended by the first interrupt as gently as it can be.
func run(m app.Machine) int {
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		interrupt()
		<-signals // the second one quits at once
		os.Exit(130)
	}()
	return cli.Main(ctx, os.Args[1:], m)
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

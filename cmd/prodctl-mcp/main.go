// Command prodctl-mcp serves prodctl to agents, over the Model Context Protocol on standard input and output. It only sets up the process;
// the server is in internal/mcp. It is a program of its own so that prodctl starts without the protocol's library.
package main

import (
	"context"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/credential"
	"gitlab.com/prodctl/prodctl/internal/mcp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := mcp.Main(ctx, os.Args[1:], plans(), machine(), mcp.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}

// plans returns the default folder for the files of plans, which may be deleted at any time. It is empty without a home folder.
func plans() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "prodctl", "plans")
}

// machine returns the machine on which this process runs.
func machine() app.Machine {
	dir, err := os.Getwd()
	if err != nil {
		dir = "." // the working directory was deleted; commands that need it will report it
	}
	return app.Machine{Getenv: os.Getenv, Dir: dir, Now: time.Now, Sleep: sleep, Jitter: rand.Float64, Keyring: credential.System()}
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

package term

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"time"
)

// Child is a program that runs beside prodctl, without a shell and without a terminal.
type Child struct {
	Command     []string // program and arguments
	Input       []byte   // standard input
	Output      io.Writer
	Environment func(all []string) []string // what it gets of the environment
}

// childEnding is how long a program that has ended, or was killed, may keep its output open through others that it started.
const childEnding = 250 * time.Millisecond

// Run runs a program in the home folder. When ctx ends the program is killed, and where the system can, everything that it started.
func Run(ctx context.Context, c Child) error {
	cmd := exec.CommandContext(ctx, c.Command[0], c.Command[1:]...)
	cmd.Dir = os.TempDir()
	if home, err := os.UserHomeDir(); err == nil {
		if info, err := os.Stat(home); err == nil && info.IsDir() {
			cmd.Dir = home
		}
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(c.Input), c.Output, c.Output
	cmd.Env = append([]string{}, c.Environment(os.Environ())...) // nil would be everything
	cmd.WaitDelay = childEnding
	ownGroup(cmd)
	if err := cmd.Run(); err != exec.ErrWaitDelay { // what it started goes on after it, which is its own affair
		return err
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// prodctl sends no queries to the terminal, only text and styles, so a terminal that does not answer cannot stall it.
func TestStartSendsNoTerminalQueries(t *testing.T) {
	t.Parallel()
	program := built(t, ".")
	for line, want := range map[string]string{"version": "prodctl", "--help": "prodctl", "milestone list": "hint:", "config show": "output", "milestone roll --nowhere": "hint:"} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			got := onTerminal(t, program, strings.Fields(line)...)
			if !strings.Contains(got, want) {
				t.Errorf("got %q", got)
			}
			if rest := sgr.ReplaceAllString(got, ""); strings.ContainsAny(rest, "\x1b\x05\u009b\u0090\u009d") {
				t.Errorf("the output contains control sequences other than styles: %q", rest)
			}
		})
	}
}

var sgr = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// onTerminal runs the program on a terminal without input, and returns its output.
func onTerminal(t *testing.T, program string, args ...string) string {
	t.Helper()
	ours, theirs := pseudoTerminal(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // a query would wait forever
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"TERM=xterm-256color", "COLORTERM=truecolor", "HOME=" + cmd.Dir, "PATH=" + os.Getenv("PATH")}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, theirs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := theirs.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(ours)
	if err != nil && !errors.Is(err, syscall.EIO) { // the terminal is closed
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil && ctx.Err() != nil {
		t.Fatalf("the program hangs: %q", got)
	}
	return string(got)
}

// pseudoTerminal returns both ends of a new terminal.
func pseudoTerminal(t *testing.T) (ours, theirs *os.File) {
	t.Helper()
	ours, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here:", err)
	}
	t.Cleanup(func() { _ = ours.Close() })
	var number, unlocked uint32
	ioctl(t, ours, syscall.TIOCSPTLCK, &unlocked)
	ioctl(t, ours, syscall.TIOCGPTN, &number)
	theirs, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return ours, theirs
}

func ioctl(t *testing.T, f *os.File, request uintptr, value *uint32) {
	t.Helper()
	raw, err := f.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var failed syscall.Errno
	if err := raw.Control(func(fd uintptr) {
		_, _, failed = syscall.Syscall(syscall.SYS_IOCTL, fd, request, uintptr(unsafe.Pointer(value)))
	}); err != nil || failed != 0 {
		t.Fatal(err, failed)
	}
}

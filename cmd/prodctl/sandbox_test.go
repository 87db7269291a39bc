package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// The process of a sandbox exits with 0 after an interrupt.
func TestSandboxProcessIsInterrupted(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "prodctl", "sandbox", "--listen", "127.0.0.1:0", "--seed", "empty")
	cmd.Dir = t.TempDir()
	var notes bytes.Buffer
	cmd.Stderr = &notes
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines, err := io.ReadAll(stdout) // it closes its output when it is ready
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(lines), "export GITLAB_HOST=http://127.0.0.1:") {
		t.Errorf("got %q", lines)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Skip("processes cannot be interrupted here:", err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, &notes)
	}
}

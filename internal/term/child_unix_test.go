//go:build unix

package term

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func child(script string, out *bytes.Buffer) Child {
	return Child{Command: []string{"/bin/sh", "-c", script}, Input: []byte("the input"), Output: out,
		Environment: func(all []string) (kept []string) {
			for _, v := range all {
				if strings.HasPrefix(v, "PATH=") {
					kept = append(kept, v)
				}
			}
			return kept
		}}
}

func TestRunChild(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, script, want, err string }{
		{"input", "cat", "the input", ""},
		{"both streams", "echo out; echo err >&2", "out\nerr\n", ""},
		{"fails", "exit 3", "", "exit status 3"},
		{"reads nothing", "exec <&-; true", "", ""},
		{"only what it may see", "echo ${HOME-none}", "none\n", ""},
		{"leaves a process behind", "sleep 60 & echo done", "done\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			err := Run(t.Context(), child(tt.script, &out))
			if text := out.String(); text != tt.want || (err == nil) != (tt.err == "") || err != nil && err.Error() != tt.err {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
	var out bytes.Buffer
	none := child("echo ${PATH+set}; echo ${HOME+set}", &out)
	none.Environment = func([]string) []string { return nil }
	if err := Run(t.Context(), none); err != nil || strings.Count(out.String(), "set") > 1 { // a shell sets PATH itself
		t.Errorf("%q, %v", out.String(), err)
	}
}

// A program that ignores signals, and what it started, ends with the context.
func TestRunKillsWhatTheChildStarted(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "pid")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out bytes.Buffer
	ended := make(chan error, 1)
	go func() {
		ended <- Run(ctx, child("trap '' TERM INT; sleep 600 & echo $! > "+file+".new; mv "+file+".new "+file+"; wait", &out))
	}()
	var pid int
	for pid == 0 {
		if text, err := os.ReadFile(file); err == nil {
			pid, _ = strconv.Atoi(strings.TrimSpace(string(text)))
		}
		select {
		case err := <-ended:
			t.Fatal(err, out.String())
		default:
		}
	}
	stop()
	if err := <-ended; err == nil {
		t.Error("it ended by itself")
	}
	for range 100000 {
		if state, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); err == nil && strings.Contains(string(state), ") Z") || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("process %d is still running", pid)
}

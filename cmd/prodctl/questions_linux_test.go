package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// keyboard is prodctl on a terminal, in a folder with a configuration, and somebody who reads and enters text.
type keyboard struct {
	t      *testing.T
	ours   *os.File
	cmd    *exec.Cmd
	shown  strings.Builder
	chunks chan string
}

func atKeyboard(t *testing.T, env []string, args ...string) *keyboard {
	t.Helper()
	dir := t.TempDir()
	const file = "version: 1\nhost: https://gitlab.invalid\ntrackers: {production: acme/production}\nincidents: {services: [web, registry, redis]}\n"
	if err := os.WriteFile(filepath.Join(dir, ".prodctl.yaml"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	env = append([]string{"TERM=xterm-256color", "HOME=" + dir, "PATH=" + os.Getenv("PATH"), "PRODCTL_CONFIG=.prodctl.yaml", "GITLAB_TOKEN=secret"}, env...)
	return startAtKeyboard(t, dir, env, "prodctl", args...)
}

func startAtKeyboard(t *testing.T, dir string, env []string, program string, args ...string) *keyboard {
	t.Helper()
	ours, theirs := pseudoTerminal(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // a program that hangs is ended, and with it the reading below
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env = dir, env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, theirs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := theirs.Close(); err != nil {
		t.Fatal(err)
	}
	k := &keyboard{t: t, ours: ours, cmd: cmd, chunks: make(chan string, 100)}
	go func() {
		defer close(k.chunks)
		for {
			b := make([]byte, 4096)
			n, err := ours.Read(b)
			if k.chunks <- string(b[:n]); err != nil {
				return
			}
		}
	}()
	return k
}

// waits reads until the text was shown after everything that was waited for before.
func (k *keyboard) waits(text string) {
	k.t.Helper()
	for !strings.Contains(k.shown.String(), text) {
		chunk, open := <-k.chunks
		k.shown.WriteString(chunk)
		if !open {
			k.t.Fatalf("%q was not shown, but\n%q", text, k.shown.String())
		}
	}
	rest := k.shown.String()
	k.shown.Reset()
	k.shown.WriteString(rest[strings.Index(rest, text)+len(text):])
}

func (k *keyboard) enters(text string) {
	k.t.Helper()
	if _, err := io.WriteString(k.ours, text); err != nil {
		k.t.Fatal(err)
	}
}

// ends returns the exit code.
func (k *keyboard) ends() int {
	for chunk := range k.chunks {
		k.shown.WriteString(chunk)
	}
	_ = k.cmd.Wait()
	return k.cmd.ProcessState.ExitCode()
}

// Tab completes names, the arrow keys edit the line, and what was pasted after a line is the next answer.
func TestQuestionsOnATerminal(t *testing.T) {
	t.Parallel()
	k := atKeyboard(t, nil, "incident", "open")
	k.waits("Title: ")
	k.enters("egistry down\x1b[H\x01R\r2\r") // the second line is pasted with the first
	k.waits("Services")
	k.waits(": ")
	k.enters("web,re\t")
	k.waits("registry  redis")
	k.enters("g\t\r")
	k.waits("Started")
	k.waits("): ")
	k.enters("10m\r")
	k.waits("Summary")
	k.waits("): ")
	k.enters("\r")
	k.waits("incident open 'Registry down' -s S2 --service web,registry --started ")
}

// Lines that a terminal marks as pasted together are one answer: one line of a title, several of a text.
func TestPastedLinesAreOneAnswer(t *testing.T) {
	t.Parallel()
	k := atKeyboard(t, nil, "incident", "open", "-s", "S2", "--service", "web", "--started", "10m")
	k.waits("Title: ")
	k.enters("\x1b[200~Registry down\rsince noon\r\x1b[201~")
	k.enters("\r")
	k.waits("Summary")
	k.waits("): ")
	k.enters("\x1b[200~First.\rSecond.\x1b[201~\r")
	k.waits(`'Registry down since noon' -m $'First.\nSecond.'`)
}

// ^C and ^D end the questions, and the terminal echoes again afterwards.
func TestQuestionsAreInterrupted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env []string
		key string
	}{
		"^C": {nil, "\x03"}, "^D": {nil, "\x04"}, "^C on a dumb terminal": {[]string{"TERM=dumb"}, "\x03"}, "^D on a dumb terminal": {[]string{"TERM=dumb"}, "\x04"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := atKeyboard(t, c.env, "incident", "open")
			k.waits("Title: ")
			k.enters("Down\r")
			k.waits("unknown): ")
			k.enters(c.key)
			k.waits("interrupted: nothing was sent")
			if code := k.ends(); code != 130 {
				t.Errorf("exit %d", code)
			}
		})
	}
}

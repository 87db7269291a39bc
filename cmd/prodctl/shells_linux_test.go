package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// shell is a real shell in which a user completes prodctl's command lines.
type shell struct {
	name  string
	args  []string
	needs string // a file besides the program
	setup string // the line that loads the script
	file  string // of the script, below HOME
}

var shells = []shell{
	{"bash", []string{"--norc", "--noprofile", "-i"}, "/usr/share/bash-completion/bash_completion",
		". /usr/share/bash-completion/bash_completion; . ~/prodctl.bash", "prodctl.bash"},
	{"zsh", []string{"-f", "-i"}, "", "fpath=(~/zfunc $fpath); autoload -Uz compinit; compinit -u -D; LISTMAX=1000", "zfunc/_prodctl"},
	{"fish", []string{"-i"}, "", "true", ".config/fish/completions/prodctl.fish"},
}

// Real shells complete with live values and their titles. A shell that is not installed is skipped; .ci/run shells installs all.
func TestCompletionInRealShells(t *testing.T) {
	t.Parallel()
	server := exec.CommandContext(t.Context(), "prodctl", "sandbox", "--listen", "127.0.0.1:0", "--now", "2018-08-24T16:00:00Z")
	server.Dir = t.TempDir()
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	lines, err := io.ReadAll(stdout) // it closes its output when it is ready
	if err != nil {
		t.Fatal(err)
	}
	address, _, _ := strings.Cut(strings.TrimPrefix(string(lines), "export GITLAB_HOST="), "\n")
	t.Run("shells", func(t *testing.T) {
		for _, sh := range shells {
			t.Run(sh.name, func(t *testing.T) {
				t.Parallel()
				sh.completes(t, address)
			})
		}
	})
}

func (sh shell) completes(t *testing.T, address string) {
	if _, err := exec.LookPath(sh.name); err != nil {
		t.Skipf("%s is not installed", sh.name)
	}
	if _, err := os.Stat(sh.needs); sh.needs != "" && err != nil {
		t.Skipf("%s is not installed", sh.needs)
	}
	home := t.TempDir()
	script, err := exec.CommandContext(t.Context(), "prodctl", "completion", sh.name).Output()
	at := filepath.Join(home, filepath.FromSlash(sh.file))
	const file = "version: 1\ntrackers: {infrastructure: acme/infrastructure, production: acme/production}\nincidents: {services: [registry, web]}\n"
	if err := errors.Join(err, os.MkdirAll(filepath.Dir(at), 0o700), os.WriteFile(at, script, 0o600),
		os.WriteFile(filepath.Join(home, "prodctl.yaml"), []byte(file), 0o600)); err != nil {
		t.Fatal(err)
	}
	k := startAtKeyboard(t, home, []string{"TERM=xterm-256color", "HOME=" + home, "PATH=" + os.Getenv("PATH"), "PS1=>>", "GITLAB_HOST=" + address,
		"GITLAB_TOKEN=sandbox-maria", "PRODCTL_CONFIG=" + filepath.Join(home, "prodctl.yaml"), clockVar + "=2018-08-24T16:00:00Z", "LC_ALL=C.UTF-8"},
		sh.name, sh.args...)
	k.enters(sh.setup + "\recho lo''aded\r")
	k.waits("loaded")
	k.enters("prodctl incident show \t\t")
	k.waits("Uploads fail") // the title of an issue
	k.enters("\x15exit\r")
	_ = k.cmd.Process.Signal(syscall.SIGHUP)
	_ = k.cmd.Wait() // it saves its history in its home, which is removed next
}

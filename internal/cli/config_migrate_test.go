package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/credential"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// formerFile is foundFile as an earlier version has it.
const (
	formerFile   = foundFile + "labels: {declare: [{name: chore, was: [tedium]}]} # ours\n"
	migratedFile = foundFile + "labels: {declare: [{name: chore, renamed_from: [tedium]}]} # ours\n"
)

// trustFormer makes the file of an earlier version one that was trusted then.
func (p *person) trustFormer(t *testing.T) {
	t.Helper()
	p.writes(t, ".prodctl.yaml", formerFile)
	getenv := func(name string) string { return p.env[name] }
	cfg, _ := config.Load(config.Sources{Dir: p.dir, Getenv: getenv}) // not valid in this version
	copied, err := cfg.OnDisk(getenv).Encode()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := config.UserDir(getenv)
	if err != nil {
		t.Fatal(err)
	}
	if err := (credential.Store{Dir: dir}).Trust(config.Identity(filepath.Join(p.dir, ".prodctl.yaml")), copied); err != nil {
		t.Fatal(err)
	}
}

// A file that was trusted in an earlier version is migrated after one question, and stays trusted.
func TestConfigMigrateKeepsTrust(t *testing.T) {
	t.Parallel()
	p := finder(t)
	p.trustFormer(t)
	if r := p.runs("", "label", "list"); r.code != 6 || !strings.Contains(r.errors, "hint: To rename keys: prodctl config migrate\n") {
		t.Errorf("before: exit %d\n%s", r.code, r.errors)
	}
	for _, answer := range []string{"n\n", "\n", ""} {
		r := p.runs(answer, "config", "migrate")
		if r.code != 5 || !strings.Contains(r.out, "|- labels: {declare: [{name: chore, was: [tedium]}]}") || !strings.Contains(r.errors, ".prodctl.yaml? [y/N] ") {
			t.Errorf("%q: exit %d\n%s%s", answer, r.code, r.out, r.errors)
		}
		if text := p.file(t, ".prodctl.yaml"); text != formerFile {
			t.Errorf("%q: the file has\n%s", answer, text)
		}
	}
	if r := p.runs("y\n", "config", "migrate"); r.code != 0 || !strings.Contains(r.errors, "Saved ") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	if text := p.file(t, ".prodctl.yaml"); text != migratedFile {
		t.Errorf("the file has\n%s", text)
	}
	if r := p.runs("", "config", "show", "--jq", ".trust"); r.out != "trusted\n" || r.errors != "" {
		t.Errorf("not trusted afterwards: %s%s", r.out, r.errors)
	}
	if sent := p.server.Requests(); len(sent) > 0 {
		t.Errorf("requests were made: %+v", sent)
	}
}

// doctor --fix runs it, with its one question.
func TestDoctorFixMigratesTheFile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ answers, want string }{{"n\n", formerFile}, {"y\n", migratedFile}} {
		p := finder(t)
		p.trustFormer(t)
		r := p.runs(c.answers, "doctor", "--fix")
		if n := strings.Count(r.errors, "[y/N]"); n == 0 || !strings.Contains(r.errors, "prodctl: config: prodctl config migrate\n") || p.file(t, ".prodctl.yaml") != c.want {
			t.Errorf("%q: exit %d, %d questions\n%s%s", c.answers, r.code, n, r.out, r.errors)
		}
	}
}

// A file that changed since it was trusted is migrated, and the trusted content stays in use.
func TestConfigMigrateOfAChangedFile(t *testing.T) {
	t.Parallel()
	p := finder(t)
	if r := p.runs("y\n", "config", "trust"); r.code != 0 {
		t.Fatal(r.errors)
	}
	p.writes(t, ".prodctl.yaml", formerFile)
	r := p.runs("", "config", "migrate", "--yes")
	if r.code != 0 || !strings.Contains(r.errors, "the trusted content stays in use. To trust it: prodctl config trust") || p.file(t, ".prodctl.yaml") != migratedFile {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
}

// answer is somebody who does something before the answer.
type answer func() string

func (a answer) Read(p []byte) (int, error) { return copy(p, a()), nil }

// What a person saves while the question is on the screen stays.
func TestConfigMigrateMeanwhile(t *testing.T) {
	t.Parallel()
	p := finder(t)
	p.trustFormer(t)
	r := p.reads(term.Modes{InTTY: true, ErrTTY: true}, answer(func() string {
		p.writes(t, ".prodctl.yaml", formerFile+"parallel: 9\n")
		return "y\n"
	}), "config", "migrate")
	if r.code != 5 || !strings.Contains(r.errors, "was changed meanwhile") || p.file(t, ".prodctl.yaml") != formerFile+"parallel: 9\n" {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
}

// A stranger's file is not written through a link, nor at all before it is named.
func TestConfigMigrateLeavesAStrangersFile(t *testing.T) {
	t.Parallel()
	p := finder(t)
	outside := filepath.Join(t.TempDir(), "theirs.yaml")
	if err := os.WriteFile(outside, []byte(formerFile), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, link := range []bool{false, true} {
		file := filepath.Join(p.dir, ".prodctl.yaml")
		if p.writes(t, ".prodctl.yaml", formerFile); link {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(outside, file); err != nil {
				t.Skip(err)
			}
		}
		for _, args := range [][]string{{"config", "migrate"}, {"config", "migrate", "--yes"}} {
			if r := p.runs("y\n", args...); r.code == 0 || link == strings.Contains(r.errors, "config migrate --config") {
				t.Errorf("%q (link: %t): exit %d\n%s", args, link, r.code, r.errors)
			}
			for _, name := range []string{file, outside} {
				if data, err := os.ReadFile(name); err != nil || string(data) != formerFile {
					t.Errorf("%q (link: %t): %s has\n%s", args, link, name, data)
				}
			}
		}
	}
}

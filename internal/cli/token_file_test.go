package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A token file that others can read is used with a warning, as mounted secrets are like that; doctor fails on it outside of a pipeline, with the
// command that fixes it.
func TestSharedTokenFile(t *testing.T) {
	t.Parallel()
	for _, mode := range []os.FileMode{0o600, 0o400, 0o640, 0o644, 0o620} {
		l := newLab(t, setup{})
		file := filepath.Join(t.TempDir(), "a token")
		if err := os.WriteFile(file, []byte("sandbox-mara\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		l.env = map[string]string{"GITLAB_TOKEN": "", "PRODCTL_TOKEN_FILE": file}
		shared := mode&0o066 != 0
		r := l.must(t, "incident", "list")
		if strings.Count(r.errors, "warning: others can read or change the token file ") != map[bool]int{true: 1}[shared] {
			t.Errorf("%o: %s", mode, r.errors)
		}
		r = l.run("doctor", "-o", "json", "--jq", `.checks[] | select(.id == "token file") | .status + " " + .fix`)
		if fix := "chmod 600 '" + file + "'"; shared && (!strings.HasPrefix(r.out, "fail ") || !strings.Contains(r.out, fix) || r.code != 5) || !shared && r.out != "" {
			t.Errorf("%o: doctor exits with %d: %s", mode, r.code, r.out)
		}
		l.env["GITLAB_CI"] = "true"
		r = l.run("doctor", "-o", "json", "--jq", `.checks[] | select(.id == "token file") | .status`)
		if shared && r.out != "warn\n" || r.code != 0 {
			t.Errorf("%o: in a pipeline doctor exits with %d: %s", mode, r.code, r.out)
		}
	}
}

package manifest_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// A former name is free, the new one exists, and the page about upgrades lists both.
func TestRenamesAreOfKeysThatExist(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "upgrading.md"))
	if err != nil {
		t.Fatal(err)
	}
	known := manifest.Known()
	var rows []string
	for _, r := range manifest.Renames() {
		now := r.Key[:strings.LastIndexByte(r.Key, '.')+1] + r.Name
		if slices.Contains(known, r.Key) || !slices.Contains(known, now) {
			t.Errorf("%s became %s: the first must be unknown, the second known", r.Key, now)
		}
		if !regexp.MustCompile(`^[a-z_]+$`).MatchString(r.Name) || !regexp.MustCompile(`^\d+\.\d+\.0$`).MatchString(r.Since) {
			t.Errorf("%+v: a name that needs quotes, or a patch release", r)
		}
		rows = append(rows, "| "+r.Since+" | `"+r.Key+"` | `"+now+"` |")
	}
	listed := regexp.MustCompile("(?m)^\\| \\d+\\.\\d+\\.\\d+ \\| `[^`]*` \\| `[^`]*` \\|$").FindAllString(string(page), -1)
	if !slices.Equal(listed, rows) {
		t.Errorf("docs/upgrading.md lists %q, want %q", listed, rows)
	}
}

func TestFormerNames(t *testing.T) {
	t.Parallel()
	const hint = "To rename keys: prodctl config migrate"
	for _, c := range []struct{ name, text, want, hint string }{
		{"in a list, with an alias", "version: 1\nlabels:\n  declare:\n    - {name: a, was: &old [b]}\n    - name: c\n      was: [d]\n",
			`.prodctl.yaml:4:17: key "was" is called "renamed_from" since prodctl 1.0.0
.prodctl.yaml:6:7: key "was" is called "renamed_from" since prodctl 1.0.0`, hint},
		{"the value is checked too", "version: 1\nlabels: {declare: [{name: a, was: [x, 3]}]}\n",
			`.prodctl.yaml:2:30: key "was" is called "renamed_from" since prodctl 1.0.0
.prodctl.yaml:2:39: labels.declare[0].renamed_from[1] must be text, not the number 3: write it in quotes, "3"`, "Fix the file, then run: prodctl config validate"},
		{"both names", "version: 1\nlabels: {declare: [{name: a, renamed_from: [b], was: [c]}]}\n",
			`.prodctl.yaml:2:49: key "was" is the former name of "renamed_from", which is set too: delete one of them`, "Fix the file, then run: prodctl config validate"},
		{"elsewhere it is unknown", "version: 1\nlabels: {was: [c]}\n", `.prodctl.yaml:2:10: unknown key "was"`, "Fix the file, then run: prodctl config validate"},
	} {
		_, err := manifest.Parse(".prodctl.yaml", []byte(c.text))
		if err == nil || err.Error() != c.want || fault.HintOf(err) != c.hint {
			t.Errorf("%s: %v\nhint: %s", c.name, err, fault.HintOf(err))
		}
	}
	_, err := manifest.Parse("it's.yaml", []byte("version: 1\nlabels: {declare: [{name: a, was: []}]}\n"))
	faults, _ := errors.AsType[manifest.Faults](err)
	if !faults.OnlyRenamed() || faults.FaultHint() != hint+` --config 'it'\''s.yaml'` {
		t.Errorf("%v\n%s", err, faults.FaultHint())
	}
	if manifest.Faults(nil).OnlyRenamed() {
		t.Error("no faults are renamed keys")
	}
}

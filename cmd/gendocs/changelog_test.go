package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// The section of the next release has what its notes say.
func TestChangelogIsUpToDate(t *testing.T) {
	t.Parallel()
	root := testkit.Root(t)
	if err := changelogDrift(root); err != nil {
		t.Error(err)
	}
	if _, err := readNotes(os.DirFS(root)); err != nil {
		t.Error(err)
	}
}

// tracked is a folder with a changelog and notes.
func tracked(t *testing.T, changelog string, notes files) string {
	t.Helper()
	dir := t.TempDir()
	folder := filepath.Join(dir, filepath.FromSlash(notesFolder))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := replace(folder, notes); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, changelogFile), []byte(changelog), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (f files) with(name, text string) files {
	out := files{name: text}
	for n, t := range f {
		if n != name {
			out[n] = t
		}
	}
	return out
}

var someNotes = files{
	"b.md": "Feature (Incidents): alerts open incidents\n\nNobody saw them. See [Alerts](../../alerts.md#top),\n[GitLab](https://gitlab.com) and more.\n\nA paragraph.\n",
	"a.md": "Feature: `x` does\n\nIt did not.\n",
	"d.md": "Fix: a crash\n\nIt crashed.\n",
	"c.md": "Change (Setting up): `init` asks\n\nIt did not ask.\n",
}

func changelogIn(t *testing.T, dir string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, changelogFile))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestChangelogOfTheFirstRelease(t *testing.T) {
	t.Parallel()
	dir := tracked(t, "# Changes\n\nWords.\n", someNotes)
	if err := writeChangelog(dir, "", ""); err != nil {
		t.Fatal(err)
	}
	if got := changelogIn(t, dir); got != "# Changes\n\nWords.\n" {
		t.Errorf("without a version it became\n%s", got)
	}
	const want = "# Changes\n\nWords.\n\n## 1.0.0 (not released yet)\n\nThe first release. What it does, by subject:\n\n### Incidents\n\n- Alerts open incidents\n\n### Other\n\n- `x` does\n"
	for range 2 { // the second time it is the same section
		if err := writeChangelog(dir, "1.0.0", ""); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, changelogIn(t, dir)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	if err := changelogDrift(dir); err != nil {
		t.Error(err)
	}
	if err := replace(filepath.Join(dir, filepath.FromSlash(notesFolder)), someNotes.with("e.md", "Feature: one more\n\nText.\n")); err != nil {
		t.Fatal(err)
	}
	if err := changelogDrift(dir); err == nil || !strings.Contains(err.Error(), "go run ./cmd/gendocs") {
		t.Errorf("a new note: %v", err)
	}
	if err := writeChangelog(dir, "", ""); err != nil || !strings.HasSuffix(changelogIn(t, dir), "- `x` does\n- One more\n") {
		t.Errorf("%v\n%s", err, changelogIn(t, dir))
	}
	if err := writeChangelog(dir, "1.0.0", "2026-12-24"); err != nil || !strings.Contains(changelogIn(t, dir), "\n## 1.0.0 (2026-12-24)\n") {
		t.Errorf("%v\n%s", err, changelogIn(t, dir))
	}
	if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(notesFolder))); !os.IsNotExist(err) {
		t.Errorf("the notes are still there: %v", err)
	}
	if err := changelogDrift(dir); err != nil {
		t.Errorf("after the release: %v", err)
	}
}

func TestChangelogOfLaterReleases(t *testing.T) {
	t.Parallel()
	const first = "# Changes\n\n## 1.0.0 (2026-12-24)\n\nThe first release.\n"
	dir := tracked(t, first, someNotes)
	for _, c := range []struct{ version, date, want string }{
		{"1.0.0", "", "version 1.0.0 was released already"},
		{"v1.1.0", "", `invalid version "v1.1.0"`},
		{"1.1", "", `invalid version "1.1"`},
		{"1.1.0", "24.12.2026", `invalid date "24.12.2026"`},
	} {
		if err := writeChangelog(dir, c.version, c.date); err == nil || !strings.Contains(err.Error(), c.want) || changelogIn(t, dir) != first {
			t.Errorf("%s %s: %v, want %s", c.version, c.date, err, c.want)
		}
	}
	if err := writeChangelog(dir, "1.1.0", ""); err != nil { // renumbered below
		t.Fatal(err)
	}
	if err := writeChangelog(dir, "2.0.0", "2027-01-10"); err != nil {
		t.Fatal(err)
	}
	const want = "# Changes\n\n## 2.0.0 (2027-01-10)\n\n### Changed, read before you upgrade\n\n- **`init` asks.** It did not ask.\n\n### New\n\n" +
		"- **Alerts open incidents.** Nobody saw them. See [Alerts](docs/alerts.md#top),\n  [GitLab](https://gitlab.com) and more.\n\n  A paragraph.\n- **`x` does.** It did not.\n\n" +
		"### Fixed\n\n- **A crash.** It crashed.\n\n## 1.0.0 (2026-12-24)\n\nThe first release.\n"
	if diff := cmp.Diff(want, changelogIn(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err := writeChangelog(dir, "2.1.0", ""); err == nil || !strings.Contains(err.Error(), "no notes in docs/changes/unreleased") {
		t.Errorf("without notes: %v", err)
	}
}

func TestNotesWithFaults(t *testing.T) {
	t.Parallel()
	dir := tracked(t, "# Changes\n", files{
		"a.md": "Feature (Weather): it rains\n\nText.\n",
		"b.md": "Bug: x\n\nText.\n",
		"c.md": "Fix: with a full stop.\n\nText.\n",
		"d.md": "Fix: without a text\n\n",
		"e.md": "Fix: without a line\nText.\n",
	})
	err := writeChangelog(dir, "1.0.0", "")
	if err == nil {
		t.Fatal("no fault was found")
	}
	for _, want := range []string{`a.md: unknown subject "Weather" (use Setting up, `, "b.md: the first line is not", "c.md: the first line is not", "d.md: an empty line and a text", "e.md: an empty line and a text"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in\n%v", want, err)
		}
	}
}

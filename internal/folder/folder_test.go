package folder_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/folder"
)

func states(done []folder.Done) string {
	var list []string
	for _, d := range done {
		list = append(list, d.Name+" "+string(d.State))
	}
	return strings.Join(list, ", ")
}

func content(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		data, _ := os.ReadFile(filepath.Join(dir, e.Name()))
		list = append(list, e.Name()+"="+strings.ReplaceAll(string(data), "\n", " "))
	}
	return strings.Join(list, ", ")
}

// The files of an earlier run are replaced or removed. All others stay.
func TestWriteReplacesItsOwnFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "public")
	done, err := folder.Write(dir, []folder.File{{"week-1.html", "1"}, {"week-2.html", "2"}, {"index.html", "i"}})
	if got, want := states(done), "week-1.html created, week-2.html created, index.html created"; err != nil || got != want {
		t.Fatalf("%s, %v", got, err)
	}
	own := filepath.Join(dir, "README.txt")
	if err := os.WriteFile(own, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	done, err = folder.Write(dir, []folder.File{{"week-2.html", "2"}, {"week-3.html", "3"}, {"index.html", "j"}})
	if got, want := states(done), "week-2.html unchanged, week-3.html created, index.html updated, week-1.html removed"; err != nil || got != want {
		t.Fatalf("got %s, want %s; %v", got, want, err)
	}
	want := ".prodctl-site=index.html week-2.html week-3.html , README.txt=mine, index.html=j, week-2.html=2, week-3.html=3"
	if got := content(t, dir); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if info, err := os.Stat(filepath.Join(dir, "index.html")); err != nil || info.Mode().Perm()&0o444 != 0o444 {
		t.Errorf("a web server cannot read it: %v, %v", info.Mode(), err)
	}
}

// Nothing is written over, or into a folder of, somebody else's files.
func TestWriteRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	files := []folder.File{{"index.html", "i"}}
	for name, prepare := range map[string]func(dir string) error{
		"a folder with files":         func(dir string) error { return os.WriteFile(filepath.Join(dir, "thesis.doc"), nil, 0o600) },
		"a folder with a hidden file": func(dir string) error { return os.WriteFile(filepath.Join(dir, ".git"), nil, 0o600) },
		"an edited marker": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, ".prodctl-site"), []byte("../thesis.doc"), 0o600)
		},
		"a name that is taken": func(dir string) error {
			_, err := folder.Write(dir, []folder.File{{"other.html", "o"}})
			return errors.Join(err, os.WriteFile(filepath.Join(dir, "index.html"), []byte("mine"), 0o600))
		},
		"a link": func(dir string) error {
			_, err := folder.Write(dir, files)
			index := filepath.Join(dir, "index.html")
			return errors.Join(err, os.Remove(index), os.Symlink(filepath.Join(dir, "..", "thesis.doc"), index))
		},
	} {
		dir := filepath.Join(t.TempDir(), "public")
		if err := errors.Join(os.Mkdir(dir, 0o755), prepare(dir)); err != nil {
			t.Fatal(err)
		}
		before := content(t, dir)
		if _, err := folder.Write(dir, files); fault.KindOf(err) != fault.Refused || fault.HintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
		if after := content(t, dir); after != before {
			t.Errorf("%s: %s was changed to %s", name, before, after)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := folder.Write(file, files); fault.KindOf(err) != fault.Failed {
		t.Errorf("a file: %v", err)
	}
}

// A run that stops midway leaves a folder that the next one completes.
func TestWriteResumes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := folder.Write(dir, []folder.File{{"a.html", "1"}, {"index.html", "1"}}); err != nil {
		t.Fatal(err)
	}
	blocked := filepath.Join(dir, "b.html")
	all := []folder.File{{"a.html", "2"}, {"b.html", "2"}, {"index.html", "2"}}
	if err := os.Mkdir(blocked, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := folder.Write(dir, all); fault.KindOf(err) != fault.Refused {
		t.Fatal(err)
	}
	if err := os.Remove(blocked); err != nil {
		t.Fatal(err)
	}
	// as if the run before had been killed after the marker and the first page
	marker := filepath.Join(dir, ".prodctl-site")
	if err := errors.Join(os.WriteFile(marker, []byte("a.html\nb.html\nindex.html\n"), 0o600), os.WriteFile(filepath.Join(dir, "a.html"), []byte("2"), 0o600)); err != nil {
		t.Fatal(err)
	}
	done, err := folder.Write(dir, all)
	if got, want := states(done), "a.html unchanged, b.html created, index.html updated"; err != nil || got != want {
		t.Errorf("got %s, want %s; %v", got, want, err)
	}
}

package manifest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

func TestParseFull(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join(testkit.Root(t), "testdata", "manifest", "valid", "full.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := manifest.Parse("full.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	if f.Host != "https://gitlab.example.com/gitlab" {
		t.Errorf("host %s", f.Host)
	}
	wantNames := milestone.Names{Current: "This week", Next: "Next week", Dated: "{year} {month} {n}", Archive: "{start} to {date}"}
	if diff := cmp.Diff(wantNames, f.Milestones.Names); diff != "" {
		t.Errorf("names: %s", diff)
	}
	set := f.Labels.Set()
	three := 3
	want := label.Declared{Name: "weight::3", Color: "#aabbcc", Description: "Three days, or so", Priority: &three, RenamedFrom: []string{"medium", "2024"}, Scope: label.InProject}
	if got, _ := set.Find("weight::3"); !cmp.Equal(want, got) {
		t.Errorf("weight::3 %s", cmp.Diff(want, got))
	}
	if toil, _ := set.Find("toil"); toil.Color != "#000000" || toil.Description == "" {
		t.Errorf("toil is %+v: the file changes its colour only", toil)
	}
	for name, there := range map[string]bool{"on duty": true, "oncall": false, "leftover": true, "carried-over": false, "Refinement": true, "data loss": true} {
		if _, ok := set.Find(name); ok != there {
			t.Errorf("label %q in the set: %t", name, ok)
		}
	}
	columns := []manifest.Column{{"Backlog", "Refinement", 0}, {"Ready", "Ready", 0}, {"Doing", "In Progress", 5}}
	if diff := cmp.Diff(columns, f.Board.Columns); diff != "" {
		t.Errorf("columns: %s", diff)
	}
}

// The default columns use the team's names for their labels.
func TestParseSpellsDefaultColumns(t *testing.T) {
	t.Parallel()
	f, err := manifest.Parse("x", []byte("version: 1\nlabels: {names: {Planning: Refinement, carried-over: late}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if c := f.Board.Columns[0]; c != (manifest.Column{Name: "Planning", Label: "Refinement"}) {
		t.Errorf("first column %+v", c)
	}
	if f.Milestones.CarriedLabel != "late" {
		t.Errorf("carried label %q", f.Milestones.CarriedLabel)
	}
}

func TestParseDated(t *testing.T) {
	t.Parallel()
	f, err := manifest.Parse("x", []byte("version: 1\nmilestones: {archive_title: dated, dated_name: \"Sprint {date}\"}\n"))
	if err != nil || f.Milestones.Names.Archive != "Sprint {date}" {
		t.Errorf("archive title %q, %v", f.Milestones.Names.Archive, err)
	}
}

// lineBreak matches the line breaks of YAML.
var lineBreak = regexp.MustCompile("\r\n|[\n\r\u0085\u2028\u2029]")

func FuzzParse(f *testing.F) {
	for _, folder := range []string{"valid", "invalid", "inconsistent"} {
		paths, err := filepath.Glob(filepath.Join(testkit.Root(f), "testdata", "manifest", folder, "*.yaml"))
		if err != nil || len(paths) == 0 {
			f.Fatalf("no seeds in %s: %v", folder, err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Add([]byte("\"0\r\r"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := manifest.Parse("f.yaml", data)
		lines := 1 + len(lineBreak.FindAll(data, -1))
		if err == nil {
			if err := file.Milestones.Cadence.Validate(); err != nil {
				t.Errorf("a file without faults has no cadence: %v", err)
			}
			if faults := file.Labels.Set().Validate(); len(faults) > 0 {
				t.Errorf("a file without faults has labels with some: %v", faults)
			}
			return
		}
		faults, ok := err.(manifest.Faults)
		if !ok || len(faults) == 0 {
			t.Fatalf("the error is %T: %v", err, err)
		}
		for i, fault := range faults {
			if fault.Line < 1 || fault.Line > lines+1 || fault.Column < 1 || fault.Text == "" {
				t.Errorf("fault %d of a file of %d lines: %v", i, lines, fault)
			}
			if strings.ContainsAny(fault.Text, "\x00\x07\x1b\n\r") {
				t.Errorf("fault %d holds control characters: %q", i, fault.Text)
			}
			if i > 0 && fault.Line < faults[i-1].Line {
				t.Errorf("fault %d is out of order: %v", i, faults)
			}
		}
	})
}

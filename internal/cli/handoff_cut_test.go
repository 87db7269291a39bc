package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// Long lists are cut for people, with the command that shows all, and complete for programs. A shift without anything is two lines.
func TestHandoffIsShortForPeople(t *testing.T) {
	t.Parallel()
	many := shiftEnd("")
	one := many.seed
	many.seed = func(s *fakegitlab.Seed) {
		one(s)
		for n := range 25 {
			s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: fmt.Sprintf("Chore %d", n), Author: "dev", Labels: []string{"oncall"}, CreatedAt: l24(9)})
		}
	}
	l := newLab(t, many)
	const all = "6 more. To see all: prodctl handoff --all --shift 2018-08-24T04:00Z/EMEA"
	for format, complete := range map[string]bool{"md": false, "json": true, "yaml": true, "csv": true} {
		out := l.must(t, "handoff", "-o", format).out
		if got := strings.Count(out, "Chore "); got != 25 && complete || got != 20 && !complete {
			t.Errorf("%s has %d of 25 issues\n%s", format, got, out)
		}
		if plain := strings.ReplaceAll(out, `\`, ""); strings.Contains(plain, all) == complete {
			t.Errorf("%s: the command that shows all\n%s", format, plain)
		}
	}
	if out := l.must(t, "handoff", "--all", "-o", "md").out; strings.Count(out, "Chore ") != 25 || strings.Contains(out, "more. To see") {
		t.Errorf("--all:\n%s", out)
	}
	l.must(t, "handoff", "--post")
	if note := shiftNotes(l.logs()[0], emeaShift)[0]; strings.Count(note, "Chore ") != 20 || !strings.Contains(strings.ReplaceAll(note, `\`, ""), all) {
		t.Errorf("posted:\n%s", note)
	}
	quiet := shiftEnd("")
	quiet.seed = func(s *fakegitlab.Seed) {
		one(s)
		s.Projects[1].Issues = nil
	}
	l = newLab(t, quiet)
	out := l.must(t, "handoff", "-o", "md").out
	if lines := strings.FieldsFunc(out, func(r rune) bool { return r == '\n' }); len(lines) != 2 || !strings.Contains(lines[0], "quiet") || !strings.Contains(lines[1], "error budget: 20m of 20m left") {
		t.Errorf("%q", out)
	}
	if out := l.must(t, "handoff", "--all", "-o", "md").out; strings.Count(out, "none") != 9 {
		t.Errorf("--all:\n%s", out)
	}
}

// The command that shows all names the shift that was checked.
func TestHandoffCheckCutNamesItsShift(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		for range 25 {
			s.Projects[0].Issues = append(s.Projects[0].Issues, fakegitlab.SeedIssue{Title: "One", Author: "dev", Labels: []string{"outage"}, CreatedAt: l24(1)})
		}
	}})
	if r := l.must(t, "handoff", "check", "--shift", "2018-08-23T04:00Z/EMEA", "-o", "md"); !strings.Contains(r.out, "5 more. To see all: prodctl handoff check --all --shift 2018-08-23T04:00Z/EMEA") {
		t.Error(r.out)
	}
}

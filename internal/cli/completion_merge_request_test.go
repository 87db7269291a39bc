package cli_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// Merge requests are completed with their titles, by one request: in the project of --project, or in that of a full reference.
func TestMergeRequestsAreCompleted(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		s.Projects[0].MergeRequests = []fakegitlab.SeedMergeRequest{{Title: "Let Ines in", Author: "dev"}, {Title: "Merged", Author: "dev", State: "merged"},
			{Title: "Rotate \x1b[31mkeys", Author: "rep"}}
	}})
	const all = "3\tRotate ␛[31mkeys\n1\tLet Ines in\n"
	for line, want := range map[string]string{
		"--project acme/infrastructure --mr=":                              all,
		"--project https://gitlab.example.test/acme/infrastructure --mr=3": "3\tRotate ␛[31mkeys\n",
		"--mr=acme/infrastructure!":                                        "acme/infrastructure!" + strings.Replace(all, "\n", "\nacme/infrastructure!", 1),
		"--mr=":                                                            "",
		"--mr=no/such!":                                                    "",
		"--project acme/none --mr=":                                        "",
		"--project ../../admin --mr=":                                      "",
	} {
		l.server.ResetRequests()
		r := l.run(append([]string{"__complete", "approval", "check"}, strings.Fields(line)...)...)
		got, _, _ := strings.Cut(r.out, ":")
		if got != want || r.code != 0 || len(l.requests()) > 1 || strings.ContainsRune(r.out, '\x1b') {
			t.Errorf("%s: exit %d, %d requests, %q, want %q", line, r.code, len(l.requests()), r.out, want)
		}
	}
}

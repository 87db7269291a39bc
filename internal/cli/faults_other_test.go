package cli_test

import (
	"fmt"
	"slices"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// TestEveryWriteAnsweredWithAnotherObject: from one write on, GitLab answers every write with another object or a message. A run that
// knows neither that it finished nor that it wrote nothing ends with 3, and the next one finishes.
func TestEveryWriteAnsweredWithAnotherObject(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			start, args := s.prepared(t)
			l := start.copy()
			l.must(t, args...)
			want := l.picture()
			for n, kind := range []fakegitlab.FaultKind{fakegitlab.OtherFault, fakegitlab.OtherAfter, fakegitlab.NonsenseFault, fakegitlab.NonsenseAfterFault} {
				if !sampled(1, s.name, n) {
					continue
				}
				l := start.copy()
				for _, method := range []string{"POST", "PUT", "DELETE"} {
					l.server.AddFault(fakegitlab.Fault{Method: method, Path: "**", Kind: kind})
				}
				first := l.run(args...)
				if first.code != 0 && first.code != 3 {
					t.Errorf("%s: exit %d: %s", kind, first.code, first.errors)
				}
				if got := l.picture(); first.code == 0 && !slices.Equal(got, want) {
					t.Errorf("%s: exit 0, but not done: %s", kind, first.errors)
				}
				l.calm()
				if again := l.run(args...); again.code != 0 {
					t.Errorf("%s: the second run ended with %d: %s", kind, again.code, again.errors)
				}
				l.compare(t, want, trouble{name: string(kind)}, 1, "the second run")
			}
		})
	}
}

// TestListsWithoutPaginationHeaders: a roll, a report and the gate that cannot know whether they saw the whole list end with 7, and
// write nothing. After one such answer the list is read again.
func TestListsWithoutPaginationHeaders(t *testing.T) {
	t.Parallel()
	start := newLab(t, setup{carried: 130})
	for _, args := range [][]string{
		{"milestone", "roll", "--yes", "-q"},
		{"milestone", "show", "-q"},
		{"report", "labels", "-q"},
	} {
		l := start.copy()
		usual := l.run(args...)
		want := l.picture()
		for nth := 1; nth <= len(l.methods()); nth++ {
			l := start.copy()
			l.arm(trouble{fault: "no-paging"}, nth)
			if got := l.run(args...); got.code != usual.code {
				t.Errorf("%v, request %d: exit %d: %s", args, nth, got.code, got.errors)
			}
			l.compare(t, want, trouble{name: fmt.Sprint(args)}, nth, "a run that reads a list again")
		}
		l = start.copy()
		untouched := l.picture()
		l.server.AddFault(fakegitlab.Fault{Method: "GET", Path: "/**/issues", Kind: fakegitlab.NoPagingFault})
		if got := l.run(args...); got.code != 7 && usual.code == 0 {
			t.Errorf("%v: exit %d: %s", args, got.code, got.errors)
		}
		if got := l.picture(); !slices.Equal(got, untouched) {
			t.Errorf("%v: wrote without knowing all issues", args)
		}
	}
}

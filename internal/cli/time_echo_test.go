package cli_test

import (
	"strings"
	"testing"
)

// A time on the command line is printed as it was understood, for people and not for programs.
func TestTimesAreEchoed(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "timezone: Asia/Kolkata\n"})
	r := l.must(t, "incident", "open", "Down", "--started", "15:30", "--detected", "20m")
	for _, want := range []string{"Started 15:30 UTC (21:00 Asia/Kolkata), 30m ago\n", "Detected 15:40 UTC (21:10 Asia/Kolkata), 20m ago\n"} {
		if !strings.Contains(r.errors, want) {
			t.Errorf("%q is missing:\n%s", want, r.errors)
		}
	}
	if r := l.must(t, "incident", "mitigate", "1", "--at", "15:50"); !strings.Contains(r.errors, "Time: 15:50 UTC (21:20 Asia/Kolkata), 10m ago\n") {
		t.Errorf("mitigate: %s", r.errors)
	}
	for _, args := range [][]string{{"-o", "json"}, {"-q"}} {
		if r := l.must(t, append([]string{"incident", "open", "Other" + args[0], "--started", "10m"}, args...)...); strings.Contains(r.errors, "Started") {
			t.Errorf("%q: %s", args, r.errors)
		}
	}
}

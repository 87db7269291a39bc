package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
	if r := l.must(t, "incident", "list", "--since", "12h"); !strings.Contains(r.errors, "Since 04:00 UTC (09:30 Asia/Kolkata), 12h ago\n") {
		t.Errorf("list: %s", r.errors)
	}
	file := filepath.Join(t.TempDir(), "change.yaml")
	if err := os.WriteFile(file, []byte("title: Move it\ncriticality: C4\nstart: 2018-08-24 17:00\nduration: 10m\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := l.must(t, "change", "open", "--file", file); !strings.Contains(r.errors, "Starts 17:00 UTC (22:30 Asia/Kolkata), in 1h\n") {
		t.Errorf("change file: %s", r.errors)
	}
	for _, args := range [][]string{{"-o", "json"}, {"-q"}} {
		if r := l.must(t, append([]string{"incident", "open", "Other" + args[0], "--started", "10m"}, args...)...); strings.Contains(r.errors, "Started") {
			t.Errorf("%q: %s", args, r.errors)
		}
	}
}

// A time before the start is refused before anything is written, except in an update, which may be about something earlier. Seconds do not
// count. What happened is not in the future.
func TestTimesInOrder(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Down", "-s", "S4", "--started", "15:30")
	l.must(t, "change", "open", "Move", "--criticality", "C4", "--start", "16:00", "--duration", "10m", "--executor", "mara")
	l.must(t, "change", "start", "2")
	for _, c := range []struct{ args, want string }{
		{"incident mitigate 1 --at 15:29", "--at 2018-08-24 15:29 UTC is before the start, 2018-08-24 15:30 UTC"},
		{"incident resolve 1 --at 2018-08-24T14:00:00Z", "is before the start"},
		{"incident update 1 --detected 15:00", "--detected 2018-08-24 15:00 UTC is before the start"},
		{"incident update 1 --started 15:40 --detected 15:35", "is before the start, 2018-08-24 15:40 UTC"},
		{"change finish 2 --at 15:59", "--at 2018-08-24 15:59 UTC is before the start, 2018-08-24 16:00 UTC"},
		{"change abort 2 --at 15:59 -m x", "is before the start"},
		{"incident resolve 1 --at 18:00", `"yesterday 18:00"`},
		{"change finish 2 --at 16:06", `"yesterday 16:06"`},
		{"incident open Later --started 16:06", `"yesterday 16:06"`},
		{"incident open Later --detected 16:06", `"yesterday 16:06"`},
	} {
		_, before := l.count()
		r := l.run(strings.Fields(c.args)...)
		if _, after := l.count(); r.code != 6 || !strings.Contains(r.errors, c.want) || after != before {
			t.Errorf("%s: exit %d, %d writes\n%s", c.args, r.code, after-before, r.errors)
		}
	}
	l.must(t, "incident", "update", "1", "--at", "15:00", "-m", "Deployed")
	l.must(t, "incident", "mitigate", "1", "--at", "15:30")
	if r := l.must(t, "change", "finish", "2", "--at", "16:05"); !strings.Contains(r.errors, "Time: 16:00 UTC\n") {
		t.Errorf("five minutes ahead: %s", r.errors)
	}
}

// The help of every flag that shows a time without an offset says how it is read: in UTC, or in the team's time zone.
func TestHelpSaysHowTimesAreRead(t *testing.T) {
	t.Parallel()
	clock := regexp.MustCompile(`\d\d:\d\d`)
	found := 0
	walk(newTree(), func(cmd *cobra.Command) {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			named := strings.Contains(f.Usage, "UTC, or the team's time zone with times: team")
			if found += map[bool]int{true: 1}[named]; clock.MatchString(f.Usage) != named || strings.Contains(f.Usage, "(UTC)") {
				t.Errorf("%s --%s: %s", cmd.CommandPath(), f.Name, f.Usage)
			}
		})
	})
	if found < 10 {
		t.Errorf("%d flags", found)
	}
}

package prometheus

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/pkg/metric"
)

// history is nine days of a metric with a sample a minute: bad for 25 minutes, NaN for 3, and without samples for 20. Two more metrics have
// several series, and values that are fractions.
func history() string {
	var b strings.Builder
	line := func(name string, minute int, value string) {
		fmt.Fprintf(&b, "%s %s %d\n", name, value, start.Add(time.Duration(minute)*time.Minute).Unix())
	}
	b.WriteString("# TYPE down gauge\n")
	const days = 9
	for m := range days * 24 * 60 {
		switch {
		case m >= 100 && m < 125:
			line("down", m, "1")
		case m >= 200 && m < 203:
			line("down", m, "NaN")
		case m >= 300 && m < 320: // no sample
		default:
			line("down", m, "0")
		}
	}
	b.WriteString("# TYPE errors gauge\n")
	for m := range 10 {
		line("errors", m, fmt.Sprintf("0.00%d", m))
	}
	b.WriteString("# TYPE zone gauge\n")
	for _, name := range []string{`zone{name="a"}`, `zone{name="b"}`} {
		for m := range 10 {
			line(name, m, "0")
		}
	}
	return b.String() + "# EOF\n"
}

// TestRealPrometheus reads from a real server what the embedded one of the other tests claims.
func TestRealPrometheus(t *testing.T) {
	t.Parallel()
	address := testkit.Prometheus(t, history())
	c := client(t, address, nil)
	read := func(query string, minutes int, bad string) string {
		t.Helper()
		condition, err := metric.ParseCondition(bad)
		if err != nil {
			t.Fatal(err)
		}
		g := minutesOf(minutes)
		a, err := c.Range(t.Context(), query, g)
		if err != nil {
			t.Fatal(err)
		}
		spans, err := metric.Read(g.From, g.To, g, a, condition)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, s := range spans {
			out = append(out, strings.TrimSpace(fmt.Sprintf("%d-%d %s %s", int(s.From.Sub(start).Minutes()), int(s.To.Sub(start).Minutes()), s.State, s.Reason)))
		}
		return strings.Join(out, ", ")
	}
	// Nine days are two pieces. A range selector of one step shows the gap whatever the look-back of the server is.
	for _, query := range []string{"last_over_time(down[59999ms])", "max_over_time(down[59999ms]) > bool 0"} {
		want := "0-100 good, 100-125 bad, 125-200 good, 200-203 unknown not a number, 203-300 good, 300-320 unknown no sample, 320-12960 good"
		if strings.Contains(query, "bool") { // NaN > 0 is false: the query decides
			want = "0-100 good, 100-125 bad, 125-300 good, 300-320 unknown no sample, 320-12960 good"
		}
		if got := read(query, 9*24*60, "> 0"); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
	// A plain selector shows the gap at its begin, or up to five minutes later where lookback_delta is not known.
	got := read("down", 400, "> 0")
	if !strings.HasSuffix(got, "203-300 good, 300-320 unknown no sample, 320-400 good") && !strings.HasSuffix(got, "203-305 good, 305-320 unknown no sample, 320-400 good") {
		t.Errorf("a plain selector: %s", got)
	}
	for query, want := range map[string]string{"errors": "0-6 good, 6-10 bad", "zone": "0-10 unknown 2 series", "max(zone)": "0-10 good", "nothing": "0-10 unknown no sample", "errors / 0": "0-10 unknown not a number"} {
		if got := read(query, 10, "> 0.005"); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}

	if _, err := c.piece(t.Context(), "down", minutesOf(MaxPoints)); err != nil {
		t.Errorf("the largest piece: %v", err)
	}
	_, err := c.piece(t.Context(), "down", minutesOf(MaxPoints+2))
	if err == nil || !strings.HasSuffix(err.Error(), "Prometheus answered 400 Bad Request: exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)") {
		t.Errorf("a piece that is too large: %v", err)
	}
	_, err = c.Range(t.Context(), "down(", minutesOf(1))
	if err == nil || !strings.Contains(err.Error(), "Prometheus answered 400 Bad Request: ") || !strings.Contains(err.Error(), "parse error") || fault.KindOf(err) != fault.Usage {
		t.Errorf("a query with an error: %v", err)
	}
}

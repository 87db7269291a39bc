package metric_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/metric"
)

var start = time.Date(2018, 8, 24, 10, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }

func TestParseValue(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"0": "0", "1": "1", "-2.5": "-5/2", "0.001": "1/1000", "1e-05": "1/100000", "1E+3": "1000",
		"NaN": "", "+Inf": "", "-Inf": "", "": "", "1/3": "", "0x10": "", "1_000": "", "1e9999": "", "1e-99999999": "", strings.Repeat("9", 401): "",
	} {
		got, ok := metric.ParseValue(in)
		if ok != (want != "") || ok && got.RatString() != want {
			t.Errorf("%.20q is %v, %v; want %q", in, got, ok, want)
		}
	}
}

func TestConditions(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{ // which of 0, 0.5 and 1 are bad
		"> 0": "0.5 1", ">0": "0.5 1", " >= 0.5 ": "0.5 1", "< 1": "0 0.5", "<= 0": "0", "== 1": "1", "!= 1": "0 0.5", "> 1e-1": "0.5 1",
	} {
		c, err := metric.ParseCondition(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		var bad []string
		for _, v := range []string{"0", "0.5", "1"} {
			if value, _ := metric.ParseValue(v); c.Bad(value) {
				bad = append(bad, v)
			}
		}
		if strings.Join(bad, " ") != want {
			t.Errorf("%q finds %q bad, want %q", in, bad, want)
		}
		again, err := metric.ParseCondition(c.String())
		if err != nil || again.String() != c.String() {
			t.Errorf("%q is written %q: %v", in, c, err)
		}
	}
	for _, in := range []string{"", "0", "> ", "> NaN", "=> 1", "~ 1", "> 1 and < 2", "< +Inf"} {
		if c, err := metric.ParseCondition(in); err == nil {
			t.Errorf("%q is %v, want an error", in, c)
		}
	}
	if (metric.Condition{}).Bad(new(big.Rat)) || metric.AboveZero().String() != "> 0" {
		t.Error("the zero condition finds something bad, or the default is another one")
	}
}

// The pieces of a grid have its times, each once, and none is larger than allowed.
func TestPiecesHaveEveryTimeOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		step := time.Duration(rapid.IntRange(1, 600).Draw(t, "step")) * time.Second
		from := start.Add(time.Duration(rapid.IntRange(0, 7200).Draw(t, "from")) * time.Second)
		to := from.Add(time.Duration(rapid.IntRange(0, 7200).Draw(t, "length")) * time.Second)
		g := metric.GridFor(from, to, step)
		if g.From.After(from) || from.Sub(g.From) >= step || g.From.UnixNano()%int64(step) != 0 {
			t.Fatalf("the grid begins at %s for %s", g.From, from)
		}
		most := rapid.IntRange(1, 50).Draw(t, "most")
		n := 0
		for _, p := range g.Pieces(most) {
			if p.Len() < 1 || p.Len() > most {
				t.Fatalf("a piece has %d times", p.Len())
			}
			for k := range p.Len() {
				if where, ok := g.Index(p.At(k)); !ok || where != n {
					t.Fatalf("time %d of a piece has number %d, want %d", k, where, n)
				}
				n++
			}
		}
		if n != g.Len() || n > 0 && !g.At(n-1).Before(to) {
			t.Fatalf("the pieces have %d times, the grid %d", n, g.Len())
		}
	})
}

// series builds a series from a value for each minute; "-" is a missing sample.
func series(values string) metric.Series {
	var s metric.Series
	for n, v := range strings.Fields(values) {
		if v != "-" {
			s.Samples = append(s.Samples, metric.Sample{At: at(n), Value: v})
		}
	}
	return s
}

func show(spans []metric.Span) string {
	var out []string
	for _, s := range spans {
		word := fmt.Sprintf("%s-%s %s", s.From.Format("4:05"), s.To.Format("4:05"), s.State)
		if s.Reason != "" {
			word += " (" + s.Reason + ")"
		}
		out = append(out, word)
	}
	return strings.Join(out, ", ")
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from, to time.Duration
		series   []metric.Series
		want     string
		partial  []metric.Span
	}{
		"incomplete": {0, 4 * time.Minute, []metric.Series{series("0 1 1 0")}, "0:00-1:00 good, 1:00-2:00 bad, 2:00-4:00 unknown (a store is down)",
			[]metric.Span{{From: at(2), To: at(4), Reason: "a store is down"}}},
		"good and bad":     {0, 4 * time.Minute, []metric.Series{series("0 1 1 0")}, "0:00-1:00 good, 1:00-3:00 bad, 3:00-4:00 good", nil},
		"clipped":          {90 * time.Second, 200 * time.Second, []metric.Series{series("- 1 1 0")}, "1:30-3:00 bad, 3:00-3:20 good", nil},
		"a gap":            {0, 4 * time.Minute, []metric.Series{series("0 - - 0")}, "0:00-1:00 good, 1:00-3:00 unknown (no sample), 3:00-4:00 good", nil},
		"NaN and infinity": {0, 4 * time.Minute, []metric.Series{series("NaN +Inf -Inf 1")}, "0:00-3:00 unknown (not a number), 3:00-4:00 bad", nil},
		"nothing":          {0, 2 * time.Minute, nil, "0:00-2:00 unknown (no sample)", nil},
		"several series":   {0, 2 * time.Minute, []metric.Series{series("0 0"), series("1 -")}, "0:00-2:00 unknown (2 series)", nil},
		"one after another": {0, 2 * time.Minute, []metric.Series{series("0 -"), series("- 0")},
			"0:00-2:00 unknown (2 series)", nil},
		"histograms":   {0, time.Minute, []metric.Series{{Other: true}}, "0:00-1:00 unknown (histograms)", nil},
		"empty window": {time.Minute, time.Minute, nil, "", nil},
	} {
		from, to := start.Add(c.from), start.Add(c.to)
		got, err := metric.Read(from, to, metric.GridFor(from, to, time.Minute), metric.Answer{Series: c.series, Partial: c.partial}, metric.AboveZero())
		if err != nil || show(got) != c.want {
			t.Errorf("%s: %s, %v; want %s", name, show(got), err, c.want)
		}
	}
	for name, bad := range map[string]metric.Series{
		"outside":      {Samples: []metric.Sample{{At: at(5), Value: "0"}}},
		"beside":       {Samples: []metric.Sample{{At: at(0).Add(time.Second), Value: "0"}}},
		"before":       {Samples: []metric.Sample{{At: at(-1), Value: "0"}}},
		"a time twice": {Samples: []metric.Sample{{At: at(0), Value: "0"}, {At: at(0), Value: "1"}}},
	} {
		if got, err := metric.Read(at(0), at(5), metric.GridFor(at(0), at(5), time.Minute), metric.Answer{Series: []metric.Series{bad}}, metric.AboveZero()); err == nil {
			t.Errorf("%s: %s, want an error", name, show(got))
		}
	}
}

func TestPoints(t *testing.T) {
	t.Parallel()
	points, reason := metric.Points(metric.Answer{Series: []metric.Series{series("1.5 NaN - 2")}})
	if len(points) != 2 || !points[1].At.Equal(at(3)) || points[0].Value.RatString() != "3/2" || reason != "" {
		t.Errorf("%v, %q", points, reason)
	}
	for want, in := range map[string]metric.Answer{
		metric.NoSample: {Series: []metric.Series{series("NaN")}}, "2 series": {Series: []metric.Series{series("1"), series("1")}},
		"histograms": {Series: []metric.Series{{Other: true}}}, "cut": {Series: []metric.Series{series("1")}, Partial: []metric.Span{{Reason: "cut"}}},
	} {
		if points, reason := metric.Points(in); reason != want || len(points) > 0 {
			t.Errorf("%v, %q; want %q", points, reason, want)
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	spans, err := metric.Read(at(0), at(30), metric.GridFor(at(0), at(30), time.Minute),
		metric.Answer{Series: []metric.Series{series("0 0 0 1 1 1 0 0 0 0 1 1 1 0 0 - - - 0 0 0 0 NaN 0 0 0 0 0 0 0")}}, metric.AboveZero())
	if err != nil {
		t.Fatal(err)
	}
	got := metric.Compare([]metric.Outage{
		{Ref: "p#1", From: at(2).Add(30 * time.Second), To: at(6)}, // begins half a minute before the metric shows it
		{Ref: "p#2", From: at(5), To: at(6)},
		{Ref: "p#3", From: at(16), To: at(20)},
		{Ref: "p#4", From: at(-9), To: at(0)},
		{Ref: "p#5", From: at(28), To: at(99)},
	}, spans, time.Minute)
	var lines []string
	for _, i := range got.Intervals {
		line := fmt.Sprintf("%s-%s %s %s %s", i.From.Format("4:05"), i.To.Format("4:05"), i.Kind, strings.Join(i.Refs, "+"), i.Reason)
		if i.Edge {
			line += "edge"
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	want := []string{
		"2:30-3:00 queue_only p#1 edge", "3:00-5:00 both p#1", "5:00-6:00 both p#1+p#2", "10:00-13:00 metric_only",
		"15:00-16:00 unknown  no sample", "16:00-18:00 unknown_down p#3 no sample", "18:00-20:00 queue_only p#3",
		"22:00-23:00 unknown  not a number", "28:00-30:00 queue_only p#5",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	for k, want := range map[metric.Kind]string{metric.Both: "3", metric.OnlyQueue: "9/2", metric.OnlyMetric: "3", metric.UnknownDown: "2", metric.UnknownUp: "2"} {
		if got.Total[k].RatString() != want {
			t.Errorf("%s has %s minutes, want %s", k, got.Total[k].RatString(), want)
		}
	}
	if !got.Differs() || len(got.Of(metric.OnlyQueue)) != 3 {
		t.Error("the queue and the metric do not differ")
	}
}

// Comparing equals a count minute by minute, whatever the order of outages, and unknown time is never taken for agreement.
func TestCompareCountsMinutes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const window = 60
		values := rapid.SliceOfN(rapid.SampledFrom([]string{"0", "1", "-", "NaN", "0.5"}), window, window).Draw(t, "values")
		down := map[int]bool{}
		var outages []metric.Outage
		for n := range rapid.IntRange(0, 5).Draw(t, "outages") {
			from, long := rapid.IntRange(-10, window).Draw(t, "from"), rapid.IntRange(0, 30).Draw(t, "long")
			outages = append(outages, metric.Outage{Ref: fmt.Sprintf("p#%d", n), From: at(from), To: at(from + long)})
			for m := from; m < from+long; m++ {
				down[m] = true
			}
		}
		want := map[metric.Kind]int64{}
		for m, v := range values {
			switch unknown, bad := v == "-" || v == "NaN", v == "1" || v == "0.5"; {
			case unknown && down[m]:
				want[metric.UnknownDown]++
			case unknown:
				want[metric.UnknownUp]++
			case bad && down[m]:
				want[metric.Both]++
			case bad:
				want[metric.OnlyMetric]++
			case down[m]:
				want[metric.OnlyQueue]++
			}
		}
		g := metric.GridFor(at(0), at(window), time.Minute)
		spans, err := metric.Read(at(0), at(window), g, metric.Answer{Series: []metric.Series{series(strings.Join(values, " "))}}, metric.AboveZero())
		if err != nil {
			t.Fatal(err)
		}
		got := metric.Compare(rapid.Permutation(outages).Draw(t, "order"), spans, time.Minute)
		for k, total := range got.Total {
			if total.Cmp(big.NewRat(want[k], 1)) != 0 {
				t.Fatalf("%s has %s minutes, want %d", k, total.RatString(), want[k])
			}
		}
		for n, i := range got.Intervals {
			if !i.From.Before(i.To) || n > 0 && i.From.Before(got.Intervals[n-1].To) {
				t.Fatalf("intervals overlap or are empty: %+v", got.Intervals)
			}
		}
	})
}

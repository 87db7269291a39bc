package cli_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// metricOf is a history in the OpenMetrics format: down is 1 from 10:01 to 10:30 on 23 August 2018 and from 12:00 to 12:05, NaN for three
// minutes from 14:00, and without samples from 15:00 to 15:20. It has a sample a minute from 09:00 to 16:00.
func metricOf() string {
	var b strings.Builder
	b.WriteString("# TYPE down gauge\n")
	day := time.Date(2018, 8, 23, 0, 0, 0, 0, time.UTC)
	for m := 9 * 60; m < 16*60; m++ {
		if v := downAt(m); v != "" {
			fmt.Fprintf(&b, "down %s %d\n", v, day.Add(time.Duration(m)*time.Minute).Unix())
		}
	}
	return b.String() + "# EOF\n"
}

func downAt(minute int) string {
	switch {
	case minute < 9*60, minute >= 16*60, minute >= 15*60 && minute < 15*60+20:
		return ""
	case minute > 10*60 && minute < 10*60+30, minute >= 12*60 && minute < 12*60+5:
		return "1"
	case minute >= 14*60 && minute < 14*60+3:
		return "NaN"
	}
	return "0"
}

// promServer answers range queries from the same history, as Prometheus does.
func promServer(t *testing.T, asked *[]*http.Request) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r)
		var start, end int64
		if _, err := fmt.Sscan(r.FormValue("start")+" "+r.FormValue("end"), &start, &end); err != nil || r.FormValue("step") != "60" {
			t.Errorf("asked for %v", r.Form)
		}
		if (end-start)/60 > 11000 {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var values []string
		for at := start; at <= end; at += 60 {
			day := time.Unix(at, 0).UTC()
			if v := downAt(day.Hour()*60 + day.Minute()); day.Format(time.DateOnly) == "2018-08-23" && v != "" {
				values = append(values, fmt.Sprintf(`[%d,%q]`, at, v))
			}
		}
		_, _ = io.WriteString(w, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[`+strings.Join(values, ",")+`]}]}}`)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// comparedDay is the part of a day in which queue and metric are compared.
const comparedDay = `.second_opinion | ([.both_minutes, .queue_only_minutes, .metric_only_minutes, .differs | tostring] | join(" ")),
	(.intervals[] | select(.kind != "unknown" or (.from[0:10] == "2018-08-23" and .minutes != "540" and .minutes != "480")) |
	[.from[11:16], .to[11:16], .kind, (.incidents | join("+")), .edge, .reason // ""] | map(tostring) | join(" "))`

// verifyLab has an outage that the metric shows, one that it does not, and one in a gap of the metric.
func verifyLab(t *testing.T) *lab {
	t.Helper()
	of := func(from, to string) string {
		return recorded("started_at: 2018-08-23T"+from+":00Z", "mitigated_at: 2018-08-23T"+to+":00Z")
	}
	l := newLab(t, setup{seed: queueOf(
		incidentOf(23, "Seen", of("10:00", "10:30"), "Incident::Resolved"), incidentOf(23, "Not seen", of("11:00", "11:10"), "Incident::Resolved"),
		incidentOf(23, "In a gap", of("15:05", "15:10"), "Incident::Resolved"), incidentOf(22, "Unknown", "", "Incident::Resolved"))})
	l.server.ResetRequests()
	return l
}

// checkVerified compares a day of the sandbox with a metric.
func checkVerified(t *testing.T, l *lab, address, query string) {
	t.Helper()
	r := l.must(t, "budget", "--verify", "prometheus="+address, "--query", query, "--window", "2d", "--jq", comparedDay)
	want := []string{
		"29 11 5 true",
		"10:00 10:01 queue_only acme/production#1 true ",
		"10:01 10:30 both acme/production#1 false ",
		"11:00 11:10 queue_only acme/production#2 false ",
		"12:00 12:05 metric_only  false ",
		"14:00 14:03 unknown  false not a number",
		"15:00 15:05 unknown  false no sample",
		"15:05 15:10 unknown_down acme/production#3 false no sample",
		"15:10 15:20 unknown  false no sample",
	}
	got := slices.DeleteFunc(strings.Split(strings.TrimSpace(r.out), "\n"), func(line string) bool {
		return strings.HasPrefix(line, "16:0") || strings.HasPrefix(line, "00:00")
	})
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestBudgetVerify(t *testing.T) {
	t.Parallel()
	var asked []*http.Request
	l, address := verifyLab(t), promServer(t, &asked)
	checkVerified(t, l, address, "down")
	if len(asked) != 1 || asked[0].FormValue("query") != "down" || asked[0].Header.Get("Private-Token")+asked[0].Header.Get("Authorization") != "" {
		t.Errorf("asked %d times, with %v", len(asked), asked[0].Header)
	}
	asked = nil
	verify := []string{"budget", "--verify", "prometheus=" + address, "--query", "down"}
	l.must(t, verify...)
	if len(asked) != 4 {
		t.Errorf("four weeks by the minute take %d requests, want 4", len(asked))
	}
	if r := l.run(append(verify, "--exit-code", "--slo", "90")...); r.code != 8 {
		t.Errorf("a difference gives exit %d", r.code)
	}
	for _, form := range []string{"table", "md", "html", "csv", "yaml"} {
		r := l.must(t, append(verify, "-o", form)...)
		if out := r.out + r.errors; !strings.Contains(out, "agree") && !strings.Contains(out, "differ") {
			t.Errorf("-o %s:\n%s", form, out)
		}
	}
	for args, about := range map[string]string{"--query down": "verify", "--verify prometheus=" + address: "query", "--verify thanos=x --query y": "unknown monitoring system",
		"--verify prometheus= --query y": "invalid monitoring system", "--verify prometheus=http://prom.example.com --query y": "plain http",
		"--verify prometheus=" + address + " --query y --bad up": "invalid condition", "--verify prometheus=" + address + " --query y --step 0s": "invalid step",
		"--verify prometheus=" + address + " --query y --step 1s --window 400d": "samples are too many"} {
		if r := l.run(append([]string{"budget"}, strings.Fields(args)...)...); r.code != 6 || !strings.Contains(r.errors, about) {
			t.Errorf("%s: exit %d: %s", args, r.code, r.errors)
		}
	}
}

// Without an answer of the metric the budget is printed, and the command fails.
func TestBudgetVerifyWithoutAnswer(t *testing.T) {
	t.Parallel()
	l := verifyLab(t)
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	r := l.run("budget", "--verify", "prometheus="+s.URL, "--query", "down", "--jq", ".accounts[0].spent_minutes, .second_opinion.error")
	if r.code != 7 || !strings.HasPrefix(r.out, "45\nquery "+s.URL+" from ") || !strings.Contains(r.errors, "connection refused") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	if r := l.run("budget", "--verify", "prometheus="+s.URL, "--query", "down", "-o", "csv"); strings.Count(r.out+r.errors, "connection refused") != 1 {
		t.Errorf("the reason is not printed once:\n%s%s", r.out, r.errors)
	}
}

// The times of a confidential incident stay out of the comparison, and so do those of its neighbors, which show them.
func TestBudgetVerifyWithholdsConfidentialTimes(t *testing.T) {
	t.Parallel()
	secret := incidentOf(23, "Leaked", recorded("started_at: 2018-08-23T09:57:00Z", "mitigated_at: 2018-08-23T10:33:00Z"), "Incident::Resolved")
	secret.Confidential = true
	l := newLab(t, setup{seed: queueOf(secret)})
	var asked []*http.Request
	args := []string{"budget", "--verify", "prometheus=" + promServer(t, &asked), "--query", "down", "--window", "2d"}
	for _, form := range []string{"table", "json", "md", "html", "csv"} {
		r := l.must(t, append(args, "-o", form)...)
		for _, leak := range []string{"09:57", "10:33", "10:30", "Leaked"} {
			if strings.Contains(r.out+r.errors, leak) {
				t.Errorf("-o %s shows %s:\n%s", form, leak, r.out)
			}
		}
		if r := l.must(t, append(args, "-o", form, "--include-confidential")...); form == "json" && !strings.Contains(r.out, "10:33") {
			t.Errorf("with --include-confidential it is missing:\n%s", r.out)
		}
	}
}

// TestBudgetVerifyRealPrometheus is TestBudgetVerify with a real server. Its query looks back one step, as version 2.42 ignores lookback_delta.
func TestBudgetVerifyRealPrometheus(t *testing.T) {
	t.Parallel()
	address := testkit.Prometheus(t, metricOf())
	checkVerified(t, verifyLab(t), address, "last_over_time(down[59999ms])")
}

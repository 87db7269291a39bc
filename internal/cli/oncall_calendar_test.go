package cli_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// calendarConfig has rep on call by the file. The calendar can name dev.
const calendarConfig = `
oncall:
  source: ics
  regions:
    - {name: EMEA, from: "04:00", to: "16:00", rotation: {members: [mara], period: 1w, start: 2018-08-06}}
    - {name: AMER, from: "16:00", to: "04:00", rotation: {members: [rep], period: 1w, start: 2018-08-06}}
  people: [{user: dev, name: Dev Ops, calendar: [dev@example.com]}]
`

const (
	calendarHost    = "calendar.example.test"
	calendarSecret  = "private-b4f1e2"
	calendarAddress = "https://" + calendarHost + "/ical/" + calendarSecret + "/basic.ics?token=" + calendarSecret
)

// devOnCall has dev on call in the whole week.
func devOnCall(more ...string) string {
	return "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:On call\r\nDTSTART:20180820T040000Z\r\nDTEND:20180827T040000Z\r\n" +
		"ATTENDEE:mailto:dev@example.com\r\nEND:VEVENT\r\n" + strings.Join(more, "") + "END:VCALENDAR\r\n"
}

// calendars answers requests for the calendar, and counts them.
type calendars struct {
	http.RoundTripper // of GitLab
	answer            func(r *http.Request) (*http.Response, error)
	mu                sync.Mutex
	asked             []*http.Request
	created           time.Time // when the first POST left
}

func (c *calendars) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host == calendarHost {
		c.mu.Lock()
		c.asked = append(c.asked, r)
		c.mu.Unlock()
		return c.answer(r)
	}
	if r.Method == http.MethodPost && c.created.IsZero() {
		c.created = time.Now()
	}
	return c.RoundTripper.RoundTrip(r)
}

// calendarLab is a lab whose calendar has an address.
func calendarLab(t *testing.T, answer func(r *http.Request) (*http.Response, error)) (*lab, *calendars) {
	t.Helper()
	l := newLab(t, setup{config: calendarConfig})
	c := &calendars{RoundTripper: l.wire, answer: answer}
	l.wire, l.env = c, map[string]string{"PRODCTL_ONCALL_ICS": calendarAddress}
	return l, c
}

func answered(status int, text string, header ...string) func(r *http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		h := http.Header{}
		for n := 0; n+1 < len(header); n += 2 {
			h.Set(header[n], header[n+1])
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
	}
}

// after answers later, unless nobody waits any more.
func after(d time.Duration, answer func(r *http.Request) (*http.Response, error)) func(r *http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		select {
		case <-time.After(d):
			return answer(r)
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
}

// noAddress checks that a run shows no part of the calendar's address.
func noAddress(t *testing.T, what, text string) {
	t.Helper()
	if strings.Contains(text, calendarSecret) || strings.Contains(text, calendarHost) {
		t.Errorf("%s shows the secret address:\n%s", what, text)
	}
}

// A calendar that cannot be read never fails `incident open`: the incident is assigned to whoever the file has, with one warning. No part of
// the address is shown, and no token is sent to it.
func TestIncidentOpenWithACalendar(t *testing.T) {
	t.Parallel()
	unsupported := "BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20180824T160000Z\r\nDTEND:20180824T170000Z\r\nRRULE:FREQ=MONTHLY\r\n" +
		"ATTENDEE:mailto:dev@example.com\r\nEND:VEVENT\r\n"
	for name, c := range map[string]struct {
		answer func(r *http.Request) (*http.Response, error)
		env    string
		args   []string
		want   string
		warns  string
		asked  int
	}{
		"somebody":             {answer: answered(200, devOnCall()), want: "dev", asked: 1},
		"--assign":             {answer: answered(200, devOnCall()), args: []string{"--assign", "plan"}, want: "plan"},
		"nobody":               {answer: answered(200, strings.ReplaceAll(devOnCall(), "dev@", "eve@")), want: "rep", asked: 1},
		"an unsupported event": {answer: answered(200, devOnCall(unsupported)), want: "dev", asked: 1, warns: "1 event of the on-call calendar is ignored (to see it: prodctl oncall check)"},
		"an error":             {answer: answered(500, "oops "+calendarAddress), want: "rep", asked: 1, warns: "its server answered 500 Internal Server Error"},
		"forbidden":            {answer: answered(404, ""), want: "rep", asked: 1, warns: "its server answered 404 Not Found"},
		"a login page":         {answer: answered(200, "<!DOCTYPE html>"+calendarAddress), want: "rep", asked: 1, warns: "got a web page instead of a calendar"},
		"garbage":              {answer: answered(200, "\x00\x01"+calendarAddress), want: "rep", asked: 1, warns: "not a calendar"},
		"a part":               {answer: answered(200, devOnCall()[:100]), want: "rep", asked: 1, warns: "the file is incomplete"},
		"nothing":              {answer: answered(200, ""), want: "rep", asked: 1, warns: "the file is empty"},
		"too much":             {answer: answered(200, strings.Repeat("x", 10<<20+1)), want: "rep", asked: 1, warns: "larger than 10 MiB"},
		"another host":         {answer: answered(302, "", "Location", "https://evil.example.test/"+calendarSecret), want: "rep", asked: 1, warns: "redirected to another host"},
		"plain http":           {answer: answered(302, "", "Location", "http://"+calendarHost+"/"), want: "rep", asked: 1, warns: "redirected to another host"},
		"a circle":             {answer: answered(302, "", "Location", "/again"), want: "rep", asked: 4, warns: "more than 3 redirects"},
		"no answer": {answer: func(r *http.Request) (*http.Response, error) { return nil, fmt.Errorf("get %s: broken pipe", r.URL) }, want: "rep", asked: 1,
			warns: "its server did not answer"},
		"not https":  {env: "http://" + calendarHost + "/" + calendarSecret, want: "rep", warns: "PRODCTL_ONCALL_ICS is plain http"},
		"no address": {env: "file:///etc/" + calendarSecret, want: "rep", warns: "PRODCTL_ONCALL_ICS is not an https address"},
		"nonsense":   {env: "https://[" + calendarSecret, want: "rep", warns: "PRODCTL_ONCALL_ICS is not an https address"},
		"webcal":     {env: "webcal://" + calendarHost + "/" + calendarSecret, answer: answered(200, devOnCall()), want: "dev", asked: 1},
		"none":       {env: " ", want: "rep", warns: "is not an https address"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // the second takes as long as it likes here
				l, cal := calendarLab(t, c.answer)
				if c.env != "" {
					l.env["PRODCTL_ONCALL_ICS"] = c.env
				}
				r := l.must(t, append([]string{"incident", "open", "Registry returns 500s", "--debug"}, c.args...)...)
				if got := l.incident(t, 1).Assignees; !slices.Equal(got, []string{c.want}) {
					t.Errorf("it is assigned to %q, want %q", got, c.want)
				}
				warnings := strings.Count(r.errors, "warning: ")
				if c.args == nil && (warnings != min(len(c.warns), 1) || !strings.Contains(strings.Join(strings.Fields(r.errors), " "), c.warns)) {
					t.Errorf("the warning is\n%s, want %q", r.errors, c.warns)
				}
				noAddress(t, "the run", r.out+r.errors)
				if len(cal.asked) != c.asked {
					t.Errorf("%d requests for the calendar, want %d", len(cal.asked), c.asked)
				}
				for _, q := range cal.asked {
					if text := fmt.Sprint(q.Header, q.URL); strings.Contains(text, "sandbox-mara") {
						t.Errorf("the calendar got a token: %s", text)
					}
				}
			})
		})
	}
}

// The request that creates the incident leaves within one second, whatever the calendar does. A calendar that answers beside GitLab costs no
// time.
func TestIncidentOpenWaitsOneSecondForTheCalendar(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer  func(r *http.Request) (*http.Response, error)
		gitlab  time.Duration // of each of two reads
		created time.Duration
		want    string
		warns   bool
	}{
		"at once":           {answered(200, devOnCall()), 0, 0, "dev", false},
		"in time":           {after(900*time.Millisecond, answered(200, devOnCall())), 0, 900 * time.Millisecond, "dev", false},
		"late":              {after(1100*time.Millisecond, answered(200, devOnCall())), 0, time.Second, "rep", true},
		"never":             {after(time.Hour, nil), 0, time.Second, "rep", true},
		"beside GitLab":     {after(900*time.Millisecond, answered(200, devOnCall())), 2 * time.Second, 4 * time.Second, "dev", false},
		"never, and GitLab": {after(time.Hour, nil), 2 * time.Second, 4 * time.Second, "rep", true},
		"an endless answer": {func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: drip{r.Context()}, Request: r}, nil
		}, 0, time.Second, "rep", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start, _ := calendarLab(t, nil)
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				own := start.copy()
				direct := own.wire
				cal := &calendars{answer: c.answer, RoundTripper: roundTripper(func(r *http.Request) (*http.Response, error) {
					if r.Method == http.MethodGet {
						time.Sleep(c.gitlab)
					}
					return direct.RoundTrip(r)
				})}
				own.wire = cal
				r := own.must(t, "incident", "open", "Registry returns 500s")
				if took := cal.created.Sub(began); took != c.created {
					t.Errorf("it was created after %s, want %s", took, c.created)
				}
				if got := own.incident(t, 1).Assignees; !slices.Equal(got, []string{c.want}) {
					t.Errorf("it is assigned to %q, want %q", got, c.want)
				}
				if warned := strings.Contains(r.errors, "the on-call calendar did not answer within 1 s; using the rotations in"); warned != c.warns {
					t.Errorf("warned: %t\n%s", warned, r.errors)
				}
			})
		})
	}
}

// drip sends a byte a minute.
type drip struct{ ctx context.Context }

func (d drip) Read(p []byte) (int, error) {
	select {
	case <-time.After(time.Minute):
		p[0] = 'x'
		return 1, nil
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	}
}

func (drip) Close() error { return nil }

// Other commands wait up to ten seconds, then use the file.
func TestOtherCommandsWaitForTheCalendar(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"oncall now -o json", "oncall next", "oncall schedule", "handoff", "handoff --post", "report weekly", "issue request Access --oncall", "oncall check", "doctor", "status"} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			start, _ := calendarLab(t, nil)
			synctest.Test(t, func(t *testing.T) {
				for answer, want := range map[time.Duration]time.Duration{9 * time.Second: 9 * time.Second, time.Hour: 10 * time.Second} {
					began := time.Now()
					own := start.copy()
					cal := &calendars{answer: after(answer, answered(200, devOnCall())), RoundTripper: own.wire}
					own.wire = cal
					r := own.run(strings.Fields(line)...)
					if took := time.Since(began); took != want || len(cal.asked) != 1 || r.code != 0 && line != "doctor" {
						t.Errorf("exit %d after %s with %d requests, want %s\n%s%s", r.code, took, len(cal.asked), want, r.out, r.errors)
					}
					noAddress(t, line, r.out+r.errors)
				}
			})
		})
	}
}

// A calendar that answers while GitLab does costs a status no time.
func TestStatusReadsTheCalendarBesideGitLab(t *testing.T) {
	t.Parallel()
	start, _ := calendarLab(t, nil)
	synctest.Test(t, func(t *testing.T) {
		var took []time.Duration
		for _, answer := range []time.Duration{0, 2 * time.Second} {
			own := start.copy()
			direct := own.wire
			own.wire = &calendars{answer: after(answer, answered(200, devOnCall())), RoundTripper: roundTripper(func(r *http.Request) (*http.Response, error) {
				time.Sleep(2 * time.Second)
				return direct.RoundTrip(r)
			})}
			began := time.Now()
			if r := own.must(t, "status"); !strings.Contains(r.out, "@dev") {
				t.Errorf("the calendar does not count:\n%s%s", r.out, r.errors)
			}
			took = append(took, time.Since(began))
		}
		if took[0] != took[1] {
			t.Errorf("it took %s, and %s with a calendar that answers after 2 s", took[0], took[1])
		}
	})
}

// The secret is in no output, also not in one about a failure, and in no file.
func TestCalendarAddressIsNeverShown(t *testing.T) {
	t.Parallel()
	leaking := func(r *http.Request) (*http.Response, error) {
		return nil, errors.New("Get \"" + r.URL.String() + "\": lost " + r.URL.Host)
	}
	for _, answer := range []func(r *http.Request) (*http.Response, error){leaking, answered(418, calendarAddress), answered(200, devOnCall())} {
		l, _ := calendarLab(t, answer)
		for _, line := range []string{"oncall now", "oncall check", "oncall schedule", "doctor", "config show", "config validate", "handoff", "handoff --post --dry-run", "report weekly",
			"incident open Down --dry-run", "incident open Down --plan-file PLAN", "apply PLAN --yes", "issue request Access --oncall"} {
			for _, form := range [][]string{nil, {"-o", "json"}, {"--debug"}} {
				plan := filepath.Join(t.TempDir(), "plan.json")
				args := append(strings.Fields(strings.ReplaceAll(line, "PLAN", plan)), form...)
				r := l.run(args...)
				noAddress(t, strings.Join(args, " "), r.out+r.errors)
				if data, err := os.ReadFile(plan); err == nil {
					noAddress(t, line, string(data))
				}
			}
		}
		noAddress(t, "GitLab", strings.Join(l.picture(), "\n"))
	}
}

// A plan file keeps the person that it was made with: another answer of the calendar does not make it stale.
func TestPlanFileKeepsThePersonOnCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, cal := calendarLab(t, answered(200, devOnCall()))
		plan := filepath.Join(t.TempDir(), "plan.json")
		l.must(t, "incident", "open", "Registry returns 500s", "--plan-file", plan)
		cal.answer = answered(500, "")
		r := l.must(t, "apply", plan, "--yes")
		if got := l.incident(t, 1).Assignees; !slices.Equal(got, []string{"dev"}) || len(cal.asked) != 1 {
			t.Errorf("it is assigned to %q after %d requests for the calendar\n%s", got, len(cal.asked), r.errors)
		}
	})
}

// What is wrong with the calendar, and where it differs from the file.
func TestOncallCheckComparesTheCalendar(t *testing.T) {
	t.Parallel()
	l, cal := calendarLab(t, answered(200, devOnCall()))
	r := l.must(t, "oncall", "check", "--exit-code", "--weeks", "1", "-o", "json", "--jq",
		`.ok, .calendar.events, (.calendar.drift[] | [.region, .from, .to, .shifts, .calendar_person.user, .file_person.user] | @csv)`)
	want := `true
1
"AMER","2018-08-23T16:00:00Z","2018-08-27T04:00:00Z",4,"dev","rep"
"EMEA","2018-08-24T04:00:00Z","2018-08-26T16:00:00Z",3,"dev","mara"
"EMEA","2018-08-27T04:00:00Z","2018-08-30T16:00:00Z",4,,"mara"
"AMER","2018-08-27T16:00:00Z","2018-08-31T04:00:00Z",4,,"rep"
`
	if r.out != want {
		t.Errorf("got\n%swant\n%s", r.out, want)
	}
	cal.answer = answered(200, strings.Replace(devOnCall(), "END:VEVENT", "RRULE:FREQ=MONTHLY\r\nEND:VEVENT", 1))
	if r := l.run("oncall", "check", "--exit-code"); r.code != 8 || !strings.Contains(r.out, `line 2, event "On call" (1): the rule "FREQ=MONTHLY" is not supported`) {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	cal.answer = answered(403, "")
	if r := l.run("oncall", "check", "--exit-code"); r.code != 8 || !strings.Contains(r.out, "read the on-call calendar: its server answered 403 Forbidden") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
}

func TestDoctorChecksTheCalendar(t *testing.T) {
	t.Parallel()
	for want, answer := range map[string]func(r *http.Request) (*http.Response, error){
		"ok the on-call calendar has 1 event of people on call":                     answered(200, devOnCall()),
		"warn the on-call calendar has no event of a person on call":                answered(200, strings.ReplaceAll(devOnCall(), "dev@", "eve@")),
		"warn 1 event of the on-call calendar cannot be used":                       answered(200, strings.Replace(devOnCall(), "END:VEVENT", "RDATE:20180901T000000Z\r\nEND:VEVENT", 1)),
		"warn read the on-call calendar: got a web page instead of a calendar; the": answered(200, "<html>"),
	} {
		l, _ := calendarLab(t, answer)
		if r := l.run("doctor", "--jq", `.checks[] | select(.id == "calendar") | .status + " " + .message`); !strings.HasPrefix(r.out, want) {
			t.Errorf("%s%s, want %q", r.out, r.errors, want)
		}
	}
}

// Beside a stranger's file the address in the environment is not used, and neither is a file that the stranger names.
func TestStrangersFileDoesNotUseTheCalendar(t *testing.T) {
	t.Parallel()
	h := hostileFile{file: "host: " + ownHost + "\n" + trackersOf + "oncall: {source: ics, ics_file: c.ics, people: [{user: mallory, name: M, calendar: [dev@example.com]}]}\n",
		also: map[string]string{"c.ics": devOnCall()}}
	v := newVictim(t, h)
	v.env["PRODCTL_ONCALL_ICS"] = calendarAddress
	for _, line := range []string{"oncall now", "oncall next", "oncall schedule", "oncall check", "incident open Down", "doctor"} {
		r := v.runs(false, line)
		if len(v.sent) > 0 || strings.Contains(r.out, "mallory") {
			t.Errorf("%s: sent %q\n%s%s", line, v.sent, r.out, r.errors)
		}
		noAddress(t, line, r.out+r.errors)
	}
	delete(v.env, "PRODCTL_ONCALL_ICS")
	if r := v.runs(false, "oncall now"); strings.Contains(r.out, "mallory") || !strings.Contains(r.errors, "is not trusted") {
		t.Errorf("%s%s", r.out, r.errors)
	}
	if r := v.runs(false, "config trust --yes"); r.code != 0 {
		t.Fatal(r.errors)
	}
	if r := v.runs(false, "oncall now"); !strings.Contains(r.out, "mallory") {
		t.Errorf("once trusted: %s%s", r.out, r.errors)
	}
}

// A file with the calendar is read from the folder of the configuration.
func TestCalendarFile(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: strings.Replace(calendarConfig, "source: ics", "source: ics\n  ics_file: calendars/oncall.ics", 1)})
	if r := l.must(t, "oncall", "now", "--jq", ".duty.person.user"); strings.TrimSpace(r.out) != "rep" || !strings.Contains(r.errors, "calendars/oncall.ics") {
		t.Errorf("without the file: %s%s", r.out, r.errors)
	}
	if err := errors.Join(os.MkdirAll(filepath.Join(l.dir, "calendars"), 0o700), os.WriteFile(filepath.Join(l.dir, "calendars", "oncall.ics"), []byte(devOnCall()), 0o600)); err != nil {
		t.Fatal(err)
	}
	if r := l.must(t, "oncall", "now", "--jq", ".duty.person.user"); strings.TrimSpace(r.out) != "dev" || r.errors != "" {
		t.Errorf("with the file: %s%s", r.out, r.errors)
	}
	if r := l.must(t, "oncall", "next", "--person", "dev", "--jq", ".duty.from"); strings.TrimSpace(r.out) != "2018-08-25T04:00:00Z" {
		t.Errorf("the next duty of dev: %s%s", r.out, r.errors)
	}
}

package evidence_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

func linesOf(text string) evidence.Lines {
	return linesFrom(time.Date(2018, 8, 24, 15, 40, 0, 0, time.UTC), text)
}

func linesFrom(created time.Time, text string) evidence.Lines {
	return evidence.LinesOf(incident.Incident{Issue: issue.Issue{Description: text, CreatedAt: created}})
}

func TestMinutesLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Minutes downtime or degradation : 14":                                       "14m0s",
		"Minutes downtime or degradation:14 minutes\r\n":                             "14m0s",
		"- **Minutes downtime or degradation:** 1h 30m":                              "1h30m0s",
		"| Minutes downtime or degradation | 2.5 min |":                              "2m30s",
		"minutes of downtime : 0":                                                    "0s",
		"Minutes downtime or degradation : ":                                         "",
		"Minutes downtime or degradation : about 14":                                 "",
		"Minutes downtime or degradation : -3":                                       "",
		"Minutes downtime or degradation : 3\nMinutes downtime or degradation : 4":   "",
		"Minutes downtime or degradation : 3\nMinutes downtime or degradation : 3 m": "3m0s",
		"We counted the Minutes downtime or degradation : 14":                        "",
		"<!-- Minutes downtime or degradation : 14 -->":                              "",
		"```\nMinutes downtime or degradation : 14\n```":                             "",
	} {
		got := ""
		if m := linesOf(text).Minutes; m != nil {
			got = m.String()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestImpactServicesAndTeam(t *testing.T) {
	t.Parallel()
	l := linesOf("Service(s) affected : ~\"service:registry\", api\nTeam attribution : ~Storage\n" +
		"*Customer Impact Duration: 15:28 UTC - 15:42 UTC (14 minutes)*\n")
	if !slices.Equal(l.Services, []string{"registry", "api"}) || l.Team != "Storage" {
		t.Errorf("services %q, team %q", l.Services, l.Team)
	}
	if l.From.Format(time.RFC3339) != "2018-08-24T15:28:00Z" || l.To.Sub(l.From) != 14*time.Minute {
		t.Errorf("from %s to %s", l.From, l.To)
	}
	for text, want := range map[string]string{
		"Customer Impact Duration: 23:50 - 00:10":                            "2018-08-24T23:50:00Z 2018-08-25T00:10:00Z",
		"Customer Impact Duration: 2018-08-23 23:50 to 2018-08-24 00:10 UTC": "2018-08-23T23:50:00Z 2018-08-24T00:10:00Z",
		"Customer Impact Duration: 2018-08-24 10:00 - 2018-08-23 11:00":      "",
		"Customer Impact Duration: 25:00 - 26:00":                            "",
		"Customer Impact Duration: unknown":                                  "",
	} {
		got := ""
		if l := linesOf(text); !l.From.IsZero() {
			got = l.From.Format(time.RFC3339) + " " + l.To.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// An outage before midnight, whose issue was opened after it, was on the day before.
func TestImpactBeforeMidnight(t *testing.T) {
	t.Parallel()
	opened := time.Date(2018, 9, 1, 0, 10, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"Customer Impact Duration: 23:50 - 00:05":            "2018-08-31T23:50:00Z 2018-09-01T00:05:00Z",
		"Customer Impact Duration: 23:40 - 23:55":            "2018-08-31T23:40:00Z 2018-08-31T23:55:00Z",
		"Customer Impact Duration: 00:02 - 00:30":            "2018-09-01T00:02:00Z 2018-09-01T00:30:00Z",
		"Customer Impact Duration: 2018-09-01 23:50 - 23:55": "2018-09-01T23:50:00Z 2018-09-01T23:55:00Z",
		"Customer Impact Duration: 23:50 - 2018-09-02 00:05": "2018-09-01T23:50:00Z 2018-09-02T00:05:00Z",
	} {
		if l := linesFrom(opened, text); l.From.Format(time.RFC3339)+" "+l.To.Format(time.RFC3339) != want {
			t.Errorf("%q: %s to %s, want %s", text, l.From, l.To, want)
		}
	}
}

// No text of people makes the reader fail, and no line is a negative duration.
func TestLinesOfAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching("(Minutes downtime or degradation|Customer Impact Duration|Team attribution|```|<!--|.{0,9})"+
			"[ :]{0,3}.{0,12}\n?(Minutes downtime or degradation : .{0,6})?").Draw(t, "text")
		if l := linesOf(text); l.Minutes != nil && *l.Minutes < 0 || l.To.Before(l.From) {
			t.Fatalf("%+v", l)
		}
	})
}

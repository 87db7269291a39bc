package input

import (
	"strings"
	"testing"
)

func TestSpeedIndexFiles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"at,seconds\n2018-08-20,1.25\n2018-08-21T10:00:00+02:00,2\n": "2018-08-20T00:00:00Z 5/4, 2018-08-21T08:00:00Z 2",
		"\ufeffpage, milliseconds, at\n/, 1250, 2018-08-20\n":        "2018-08-20T00:00:00Z 5/4",
		"at,seconds\n": "",
		`[{"at":"2018-08-20","seconds":1.25},{"at":"2018-08-21","milliseconds":900}]`:                                           "2018-08-20T00:00:00Z 5/4, 2018-08-21T00:00:00Z 9/10",
		`{"fetchTime":"2018-08-20T10:00:00.500Z","audits":{"speed-index":{"numericValue":1250.5,"numericUnit":"millisecond"}}}`: "2018-08-20T10:00:00Z 2501/2000",
		"":                                     "error the file is empty (use a header with at, and seconds or milliseconds)",
		"day,value\n":                          `error the header is "day,value" (use at, and seconds or milliseconds)`,
		"at,seconds\n2018-08-20,1\nmonday,1\n": `error line 3: invalid time "monday" (use 2018-08-24T16:00:00Z or 2018-08-24)`,
		"at,seconds\n2018-08-20,NaN\n":         `error line 2: invalid number of seconds "NaN"`,
		"at,milliseconds\n2018-08-20,-1\n":     `error line 2: invalid number of milliseconds "-1"`,
		`{"audits":{}}`:                        `error measurement 1: invalid time "" (use 2018-08-24T16:00:00Z or 2018-08-24)`,
		`[{"at":"2018-08-20"}]`:                `error measurement 1: invalid number of milliseconds ""`,
	} {
		parse := parseSpeedCSV
		if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
			parse = parseSpeedJSON
		}
		points, err := parse([]byte(text))
		var got []string
		for _, p := range points {
			got = append(got, p.At.Format("2006-01-02T15:04:05Z")+" "+p.Value.RatString())
		}
		result := strings.Join(got, ", ")
		if err != nil {
			result = "error " + err.Error()
		}
		if result != want {
			t.Errorf("%q:\n got %s\nwant %s", text, result, want)
		}
	}
	if _, err := parseSpeedJSON([]byte(`[{"at":`)); err == nil || !strings.HasPrefix(err.Error(), "invalid JSON: ") {
		t.Errorf("half a list: %v", err)
	}
}

package jsonv1

import "gitlab.com/prodctl/prodctl/pkg/target"

// KindDrills is the kind of [Drills].
const KindDrills = "restore_drills"

// Drills are the restore drills of a team: when they are, and when each target was restored and verified.
type Drills struct {
	Head
	Target     Target            `json:"target"`
	Rule       string            `json:"rule"`
	WithinDays int               `json:"within_days"` // in which every target has to be verified
	Last       DrillDay          `json:"last"`
	Next       DrillDay          `json:"next"`
	Durable    Durable           `json:"durable"`
	Targets    List[DrillTarget] `json:"targets"` // in the order of the configuration
	Drills     List[DrillIssue]  `json:"drills"`  // of the last year, the newest first
	Findings   int               `json:"findings"`
	Notes      List[string]      `json:"notes"`
}

// DrillDay is an occurrence.
type DrillDay struct {
	Occurrence string       `json:"occurrence"`
	Day        string       `json:"day"`
	Rule       string       `json:"day_by_rule,omitempty"` // if it moved
	InDays     int          `json:"in_days"`               // negative: ago
	People     List[string] `json:"people"`                // user names of the two in turn
	Absent     List[string] `json:"absent"`                // who would have been in turn
	Missed     bool         `json:"missed"`                // it has no issue
}

// Durable says whether every target was verified lately. Met is absent if that is unknown: no restore was ever recorded, or no target is
// configured.
type Durable struct {
	Met     *bool `json:"met,omitempty"`
	Fresh   int   `json:"fresh"`
	Targets int   `json:"targets"`
}

// DrillTarget is what is restored.
type DrillTarget struct {
	Name     string       `json:"name"`
	Kind     string       `json:"kind,omitempty"`
	Size     *int64       `json:"expected_bytes,omitempty"`
	Tests    int          `json:"tests"` // in the last year
	Last     *DrillTest   `json:"last,omitempty"`
	Verified *DrillTest   `json:"last_verified,omitempty"`
	Fresh    bool         `json:"fresh"`                    // verified lately
	Trend    string       `json:"trend,omitempty"`          // of the duration: "up", "down" or "steady"; absent without two verified tests
	Change   *int         `json:"change_minutes,omitempty"` // of the duration, against the median before
	Minutes  List[int]    `json:"minutes"`                  // durations of the verified tests, the oldest first
	Findings List[string] `json:"findings"`                 // what is wrong, the worst first
}

// DrillTest is one restore of a target.
type DrillTest struct {
	Ref          string `json:"ref" withheld:"keep"` // of the drill
	Attempt      int    `json:"attempt"`
	Start        string `json:"started_at,omitempty"`
	End          string `json:"ended_at,omitempty"`
	Minutes      int    `json:"minutes"`
	Size         *int64 `json:"bytes,omitempty"`
	Verdict      string `json:"verdict,omitempty"` // "verified" or "failed"
	By           string `json:"by,omitempty"`
	Text         string `json:"text,omitempty"`
	Confidential bool   `json:"confidential" withheld:"keep"`
	Withheld     bool   `json:"withheld" withheld:"keep"`
	WebURL       string `json:"web_url,omitempty" withheld:"keep"`
}

// DrillIssue is the issue of one drill.
type DrillIssue struct {
	Ref          string        `json:"ref" withheld:"keep"`
	Title        string        `json:"title,omitempty"` // absent if withheld
	Occurrence   string        `json:"occurrence"`
	Day          string        `json:"day,omitempty"`
	Open         bool          `json:"open" withheld:"keep"`
	People       List[string]  `json:"people"`
	Verified     int           `json:"verified"` // targets of the configuration
	Targets      int           `json:"targets"`
	Untested     List[string]  `json:"not_verified"` // names of targets
	Problems     List[Problem] `json:"problems"`     // of the record
	Confidential bool          `json:"confidential" withheld:"keep"`
	Withheld     bool          `json:"withheld" withheld:"keep"`
	WebURL       string        `json:"web_url,omitempty" withheld:"keep"`
}

// NewDrills returns the document of drills by a rule, without any.
func NewDrills(in target.Target, rule string) Drills {
	return Drills{Head: head(KindDrills), Target: TargetOf(in), Rule: rule}
}

// withhold also leaves out what follows from the details of confidential drills.
func (t *DrillTarget) withhold(to Audience) {
	secret := func(test *DrillTest) bool { return to == Anybody && test != nil && test.Confidential }
	if secret(t.Last) || secret(t.Verified) {
		t.Trend, t.Change, t.Minutes = "", nil, nil
	}
}

package incident

import (
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Opening is what is known of an incident when it is opened. Zero fields are unknown.
type Opening struct {
	Started, Detected time.Time
	Severity          Severity
	Impact            string // exact decimal from 0 to 1, as by ParseImpact
	Services          []string
	DataLoss          bool
	Cause             string
	Related           []string // references
}

// NewRecord is the record of a new incident, for its description. Keys that nobody can fill yet are there, for people to see.
func NewRecord(o Opening) string {
	known := facts{
		KeyStarted: stamp(o.Started), KeyDetected: stamp(o.Detected), KeySeverity: string(o.Severity), KeyImpact: o.Impact,
		KeyServices: strings.Join(o.Services, ", "), KeyCause: strings.Join(strings.Fields(o.Cause), " "), KeyDataLoss: "false",
		KeyRelated: strings.Join(o.Related, ", "),
	}
	if o.DataLoss {
		known[KeyDataLoss] = "true"
	}
	return record.New(Kind, known.block(0)...)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return record.FormatTime(t)
}

// What the timeline says of the times of the record and of the opening.
const (
	startedText  = "it began"
	detectedText = "it was noticed"
	declaredText = "incident declared"
)

// NewTimeline is the timeline of a new incident, for its description. Its lines belong to people, who may change them;
// a zero time has none.
func NewTimeline(started, detected, declared time.Time) string {
	r := region{found: true, eol: "\n"}
	for _, line := range []struct {
		at   time.Time
		text string
	}{{started, startedText}, {detected, detectedText}, {declared, declaredText}} {
		if !line.at.IsZero() {
			r.add(eventLine{at: line.at.UTC(), text: line.text})
		}
	}
	return strings.TrimSuffix(r.String(), "\n")
}

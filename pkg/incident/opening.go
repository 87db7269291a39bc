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

// NewRecord returns the record of a new incident, for its description. It has all keys, so that people see what to fill in.
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

// The timeline's lines for the times of the record and for the opening.
const (
	startedText  = "started"
	detectedText = "detected"
	declaredText = "incident declared"
)

// NewTimeline returns the timeline of a new incident, for its description. A zero time has no line. The lines belong to people, who may
// edit them.
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

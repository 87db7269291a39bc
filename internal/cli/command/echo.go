package command

import (
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// echoed are the words before the times of flags.
var echoed = map[string]string{"started": "Started", "detected": "Detected", "start": "Starts", "at": "Time:", "as-of": "As of",
	"since": "Since"}

// echoTimes prints every time on the command line as it was understood, because 18:00 may mean yesterday. The result of a reading command
// has its time, except for the beginning of a list.
func echoTimes(s *app.Session, cmd *cobra.Command) {
	writes := cmd.Annotations[showsKey] != ""
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if label, known := echoed[f.Name]; known && (writes || f.Name == "since") {
			EchoTime(s, label, timeOf(own(f)))
		}
	})
}

// EchoTime prints a time as it was understood, after a word or two. A program reads the document instead.
func EchoTime(s *app.Session, label string, at time.Time) {
	if label == echoed["start"] && at.Before(s.Time) {
		label = echoed["started"]
	}
	if !at.IsZero() && !s.Global.Quiet && s.Table() {
		s.Notef("%s %s", label, understood(at, s.Time, s.Config.Timezone))
	}
}

func timeOf(v pflag.Value) time.Time {
	switch v := v.(type) {
	case *input.Time:
		return v.Time
	case *input.Since:
		return v.Time.Time
	case *input.PastTime:
		return v.Time.Time
	case *input.Moment:
		return v.Time.Time
	}
	return time.Time{}
}

// understood is a time in UTC, in the team's zone if that differs, and relative to now: "09:30 UTC (15:00 Asia/Kolkata), 22m ago".
func understood(at, now time.Time, zone *time.Location) string {
	layout := "2006-01-02 15:04"
	if at.UTC().Format(time.DateOnly) == now.UTC().Format(time.DateOnly) {
		layout = "15:04"
	}
	text := at.UTC().Format(layout) + " UTC"
	if local := at.In(zone); local.Format(time.DateTime) != at.UTC().Format(time.DateTime) {
		layout = "15:04"
		if local.Format(time.DateOnly) != at.UTC().Format(time.DateOnly) {
			layout = "2006-01-02 15:04"
		}
		text += " (" + local.Format(layout) + " " + zone.String() + ")"
	}
	switch d := now.Sub(at); {
	case d >= time.Minute:
		return text + ", " + incident.Span(d) + " ago"
	case d <= -time.Minute:
		return text + ", in " + incident.Span(-d)
	}
	return text
}

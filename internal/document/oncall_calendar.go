package document

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/pkg/ics"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// kindCalendar is the kind of problems of the calendar.
const kindCalendar = "calendar"

// AddCalendar adds what is wrong with the calendar of the schedule to a check, and where it differs from the file in a period. failed is
// why it cannot be read; source is where it comes from, without a secret.
func AddCalendar(doc *jsonv1.OncallCheck, found *ics.Calendar, failed error, source string, from, to time.Time, cfg config.Config) {
	add := func(text string) {
		doc.OK = false
		doc.Problems = append(doc.Problems, jsonv1.ScheduleProblem{Kind: kindCalendar, Text: text, ConfigKey: source})
	}
	if failed != nil {
		add(failed.Error())
		return
	}
	for _, p := range found.Problems {
		add(fmt.Sprintf("line %d, event %q (%s): %s", p.Line, p.Summary, p.UID, p.Text))
	}
	doc.Calendar = &jsonv1.OncallCalendar{Events: found.Events, Others: found.Others, From: Instant(from), To: Instant(to)}
	schedule := cfg.Oncall
	schedule.Calendar = found
	if len(schedule.Check()) > 0 {
		return // its shifts overlap or leave gaps
	}
	for _, d := range joined(schedule.Drift(from, to)) {
		row := jsonv1.OncallDrift{Region: d.Shift.Region, From: Instant(d.From), To: Instant(d.To), Shifts: d.shifts}
		if d.Calendar != "" {
			row.Calendar = Person(schedule, d.Calendar)
		}
		if d.File != "" {
			row.File = Person(schedule, d.File)
		}
		doc.Calendar.Drift = append(doc.Calendar.Drift, row)
	}
}

// drift is a difference that consecutive shifts of a region have in common.
type drift struct {
	oncall.Drift
	shifts int
	whole  bool // the last one from its start to its end
}

// joined joins the differences that cover whole shifts.
func joined(list []oncall.Drift) (out []drift) {
	last := map[string]int{} // by region, in out
	for _, d := range list {
		whole := d.From.Equal(d.Shift.From) && d.To.Equal(d.Shift.To)
		n, known := last[d.Shift.Region]
		if known && whole && out[n].whole && out[n].Calendar == d.Calendar && out[n].File == d.File && d.From.Sub(out[n].To) < 24*time.Hour {
			out[n].To = d.To
			out[n].shifts++
			continue
		}
		last[d.Shift.Region] = len(out)
		out = append(out, drift{d, 1, whole})
	}
	return out
}

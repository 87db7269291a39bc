package config

import (
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

// HandoffLog returns the issue for the comment of a shift: log, which is created if it does not exist, or the configured issue named.
func (c Config) HandoffLog(shift oncall.Shift) (project string, log handoff.Log, named issue.Ref, err error) {
	if c.Handoff.Log == manifest.LogIssue {
		ref, err := c.IssueRef(c.Handoff.Project, c.Handoff.Issue)
		return ref.Project, handoff.Log{}, ref, err
	}
	if err := c.RequireTrackers(c.Handoff.Project); err != nil {
		return "", handoff.Log{}, issue.Ref{}, err
	}
	project = c.Tracker(c.Handoff.Project).Path
	if c.Handoff.Log == manifest.LogShift {
		return project, handoff.ShiftLog(shift.ID(), shift), issue.Ref{}, nil
	}
	return project, handoff.WeekLog(handoff.WeekOf(calendar.DateOf(shift.From.In(c.Timezone)))), issue.Ref{}, nil
}

// ReportLog returns the issue for the report of a period: the log of the week in which the period ends, if the log is weekly.
func (c Config) ReportLog(p report.Period) handoff.Log {
	w := handoff.WeekOf(p.To)
	switch {
	case !p.IsWeek():
		return handoff.PeriodLog(p.From, p.To)
	case c.Handoff.Log == manifest.LogWeek:
		return handoff.WeekLog(w)
	}
	return handoff.ReportLog(w)
}

// ShiftLogs returns the issues with the comments of a period's shifts.
func (c Config) ShiftLogs(p report.Period) (report.ShiftLogs, error) {
	logs := report.ShiftLogs{Project: c.Tracker(c.Handoff.Project).Path, Label: c.Labels.Names.Of(label.OncallReport)}
	for _, sh := range c.Oncall.Between(p.Begin(), p.End()) {
		_, log, fixed, err := c.HandoffLog(sh)
		if err != nil {
			return logs, err
		}
		logs.Fixed, logs.Shifts = fixed, append(logs.Shifts, report.ShiftLog{Shift: sh, Log: log})
	}
	return logs, nil
}

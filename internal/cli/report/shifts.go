package report

import (
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/report"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

// shiftLogs is where the comments of the period's shifts are.
func shiftLogs(cfg config.Config, p report.Period) (flow.ShiftLogs, error) {
	logs := flow.ShiftLogs{Project: cfg.Tracker(cfg.Handoff.Project).Path, Label: cfg.Labels.Names.Of(label.OncallReport)}
	if cfg.Handoff.Log == manifest.LogIssue {
		ref, err := cfg.IssueRef(cfg.Handoff.Project, cfg.Handoff.Issue)
		if err != nil {
			return logs, err
		}
		logs.Fixed = ref
	}
	for _, sh := range cfg.Oncall.Between(p.Begin(), p.End()) {
		logs.Shifts = append(logs.Shifts, flow.NamedShift{Shift: sh, ID: sh.ID(), Log: shiftLog(cfg, p, sh)})
	}
	return logs, nil
}

// shiftLog is the issue of the log that a shift's comment is in.
func shiftLog(cfg config.Config, p report.Period, sh oncall.Shift) handoff.Log {
	if cfg.Handoff.Log == manifest.LogShift {
		return handoff.ShiftLog(sh.ID(), sh)
	}
	return handoff.WeekLog(handoff.WeekOf(p.Day(sh.From)))
}

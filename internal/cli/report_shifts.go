package cli

import (
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

// weeklyHandoffDoc is the published form of a shift and of the comment in which it was handed over.
func weeklyHandoffDoc(_ *workflow.ReportPost, h report.Handoff, _ config.Config) jsonv1.WeeklyHandoff {
	return jsonv1.WeeklyHandoff{Shift: jsonv1.Shift{Region: h.Shift.Region, From: instant(h.Shift.From), To: instant(h.Shift.To)}, Posted: instant(h.Posted), By: h.By, WebURL: h.WebURL}
}

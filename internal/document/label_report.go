package document

import (
	"fmt"
	"math/big"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/report"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// maxKinds is how many kinds of toil a report names.
const maxKinds = 10

// LabelReport converts the uses of the measured labels in some timeboxes. open are the open issues with each label.
func LabelReport(in target.Target, boxes []report.Box, open map[string][]issue.Issue, cfg config.Config, now time.Time) jsonv1.LabelReport {
	doc := jsonv1.NewLabelReport(jsonv1.TargetOf(in))
	var toil []issue.Issue
	toilLabel := cfg.Labels.Names.Of(label.Toil)
	for _, b := range boxes {
		doc.Timeboxes = append(doc.Timeboxes, labelTimebox(b))
		for _, i := range b.Issues {
			if i.Has(toilLabel) && !i.Confidential && i.MovedToID == 0 {
				toil = append(toil, i)
			}
		}
	}
	for _, name := range cfg.MeasuredLabels() {
		use := report.UseOf(name, boxes, open[name], now)
		doc.Labels = append(doc.Labels, measuredLabel(use, boxes))
		if name == toilLabel {
			doc.Toil = toilAim(use, cfg.Report.ToilAim)
		}
	}
	kinds := report.Kinds(toil)
	for _, k := range kinds[:min(len(kinds), maxKinds)] {
		doc.Kinds = append(doc.Kinds, toilKind(k))
	}
	if more := len(kinds) - maxKinds; more > 0 {
		doc.Notes = append(doc.Notes, fmt.Sprintf("%s of toil with fewer issues left out", counted(more, "kind")))
	}
	return doc
}

func labelTimebox(b report.Box) jsonv1.LabelTimebox {
	m := b.Milestone
	all := report.UseOf("", []report.Box{b}, nil, time.Time{}).All
	return jsonv1.LabelTimebox{Title: m.Title, Start: m.Start.String(), Due: m.Due.String(), Running: b.Running, Issues: all.Issues,
		Weight: all.Weight}
}

func measuredLabel(u report.LabelUse, boxes []report.Box) jsonv1.MeasuredLabel {
	closed := u.Closed.Spread()
	doc := jsonv1.MeasuredLabel{Name: u.Label, Issues: u.Total.Issues, Weight: u.Total.Weight, Percent: u.Share(),
		WeightPercent: u.WeightShare(), Trend: string(report.TrendOf(u, boxes)), Open: len(u.Open),
		Closed: jsonv1.Spread{Sample: closed.Sample, Missing: closed.Missing, Median: closed.Median, Mean: closed.Mean, P90: closed.P90}}
	for _, t := range u.Boxes {
		doc.Timeboxes = append(doc.Timeboxes, t.Issues)
	}
	if len(u.Open) > 0 {
		doc.Oldest = new(int(u.Open[0] / time.Minute))
	}
	for _, t := range u.Teams {
		doc.Teams = append(doc.Teams, jsonv1.LabelledTeam{Team: t.Team, Count: t.Count})
	}
	return doc
}

// toilAim compares exact numbers: 30.0 % is not above an aim of 30.
func toilAim(u report.LabelUse, aim string) *jsonv1.ToilAim {
	limit, ok := new(big.Rat).SetString(aim)
	if !ok {
		return nil
	}
	doc := &jsonv1.ToilAim{Percent: u.Share(), Aim: aim}
	if u.All.Issues > 0 {
		doc.Above = big.NewRat(100*int64(u.Total.Issues), int64(u.All.Issues)).Cmp(limit) > 0
	}
	return doc
}

func toilKind(k report.Kind) jsonv1.ToilKind {
	doc := jsonv1.ToilKind{Words: k.Words, Count: len(k.Issues), Title: k.Issues[0].Title}
	for _, i := range k.Issues {
		doc.Issues = append(doc.Issues, i.Ref.String())
	}
	return doc
}

package document

import (
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/followup"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

// CorrectiveActions converts a list of corrective actions.
func CorrectiveActions(list []followup.Action, filter []string, today calendar.Date) jsonv1.CorrectiveActions {
	var rows []jsonv1.FollowUp
	doc := jsonv1.NewCorrectiveActions(today.String(), filter, nil)
	var done report.Share
	for _, a := range list {
		rows = append(rows, followUp(a))
		switch a.State {
		case followup.Overdue:
			doc.Open++
			doc.Overdue++
		case followup.Open:
			doc.Open++
		case followup.Done:
			done.Missing++
		case followup.OnTime:
			done.Sample++
			done.Count++
		default:
			done.Sample++
		}
	}
	doc.Actions, doc.OnTime = rows, share(done)
	return doc
}

func share(s report.Share) jsonv1.Share {
	s = s.Exact()
	return jsonv1.Share{Sample: s.Sample, Missing: s.Missing, Count: s.Count, Percent: s.Percent}
}

func followUp(a followup.Action) jsonv1.FollowUp {
	i := a.Issue
	doc := jsonv1.FollowUp{Ref: i.Ref.String(), Title: i.Title, State: string(a.State), Owners: i.Assignees, Teams: a.Teams,
		OpenedAt: Instant(i.CreatedAt), ClosedAt: Instant(i.ClosedAt), Confidential: i.Confidential, WebURL: i.WebURL}
	if a.Severity != incident.UnknownSeverity {
		doc.Severity = string(a.Severity)
	}
	if a.Incident != nil {
		doc.Incident = new(Related(a.Incident.Issue))
	}
	if !i.Due.IsZero() {
		doc.Due = i.Due.String()
	}
	switch a.State {
	case followup.Overdue:
		doc.DaysOverdue = new(a.Days)
	case followup.Late:
		doc.DaysLate = new(a.Days)
	}
	return doc
}

// followUps converts how corrective actions are followed up.
func followUps(f *followup.Figures) *jsonv1.FollowUps {
	if f == nil {
		return nil
	}
	return &jsonv1.FollowUps{Open: f.Open, Overdue: f.Overdue, Undated: f.Undated, Age: spread(report.Sample{Known: f.Ages}),
		OnTime: share(report.Share{Sample: f.Done, Missing: f.Missing, Count: f.OnTime})}
}

func spread(s report.Sample) jsonv1.Spread {
	of := s.Spread()
	return jsonv1.Spread{Sample: of.Sample, Missing: of.Missing, Median: of.Median, Mean: of.Mean, P90: of.P90}
}

// IncidentCheck converts what the rules find in incidents.
func IncidentCheck(list []incident.Finding, checked int) jsonv1.IncidentCheck {
	var docs []jsonv1.IncidentFinding
	for _, f := range list {
		i := f.Incident
		doc := jsonv1.IncidentFinding{Rule: string(f.Rule), Ref: i.Issue.Ref.String(), Title: i.Issue.Title,
			State: jsonv1.IncidentState(i.State), Text: f.Text, Confidential: i.Issue.Confidential, WebURL: i.Issue.WebURL}
		if i.Severity != incident.UnknownSeverity {
			doc.Severity = string(i.Severity)
		}
		var words []string
		for _, w := range f.Fix {
			words = append(words, fault.Quote(w))
		}
		doc.Fix = "prodctl " + strings.Join(words, " ")
		docs = append(docs, doc)
	}
	return jsonv1.NewIncidentCheck(checked, docs)
}

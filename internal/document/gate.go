package document

import (
	"gitlab.com/prodctl/prodctl/internal/fault"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Gate returns the document of a gate check.
func Gate(g flow.Gate) jsonv1.Gate {
	var reasons []jsonv1.Reason
	for _, r := range g.Reasons {
		reasons = append(reasons, jsonv1.Reason{Kind: string(r.Kind), Ref: r.Ref(), Text: r.Text, Until: Instant(r.Until), Hard: r.Hard,
			Title: r.Issue.Title, Confidential: r.Issue.Confidential, WebURL: r.Issue.WebURL, Fix: fix(r, g)})
	}
	doc := jsonv1.NewGate(Instant(g.At), reasons)
	doc.Notes = g.Notes
	doc.Rules = jsonv1.Rules(g.Rules)
	doc.Open, doc.FailedOpen = g.Open(), g.FailedOpen
	if g.Change.Ref.IID != 0 {
		doc.Change = g.Change.Ref.String()
	}
	return doc
}

// fix returns the next step for a reason, a command or a sentence.
func fix(r change.Reason, g flow.Gate) string {
	switch own := g.Change.Ref; {
	case r.Kind == change.ByApproval:
		return "prodctl change approve " + own.String()
	case r.Kind == change.ByState && own.IID != 0:
		return "prodctl change show " + own.String()
	case r.Unadopted:
		return "prodctl incident adopt " + r.Ref()
	case r.Kind == change.ByIncident && r.Severity == "":
		return "To set its severity, use S1, S2, S3 or S4: prodctl incident update " + r.Ref() + " -s S2"
	case r.Kind == change.ByIncident:
		return "Wait until " + r.Ref() + " is mitigated"
	case r.Kind == change.ByChange:
		return "Wait until " + r.Ref() + " is finished"
	case r.Kind == change.ByWindow && !r.Until.IsZero():
		return "Wait until the window opens"
	case r.Kind == change.ByWindow:
		return "prodctl change show " + own.String()
	case r.Kind == change.ByBudget && r.Ref() != "":
		return "prodctl incident show " + r.Ref()
	case r.Kind == change.ByBudget && own.IID != 0:
		return "Wait, or override it: prodctl change start " + own.String() + ` --override "reason"`
	case r.Kind == change.ByBudget:
		return "Wait, or start a change with --override, and gate that with --change"
	case r.Kind == change.ByLock:
		return "Wait until the lock ends"
	case r.Kind == change.ByUnknown && g.Unread != nil && !g.FailedOpen && g.FailOpen().Open():
		return "Run the gate again; in an emergency, add --fail-open"
	case r.Kind == change.ByUnknown && fault.KindOf(g.Unread) == fault.Unreachable && !g.Hidden:
		return "Run the gate again"
	case r.Kind == change.ByUnknown:
		return "prodctl doctor"
	}
	return ""
}

package jsonv1

// KindIssueReady is the kind of [IssueReady].
const KindIssueReady = "issue_ready"

// WorkIssue is one issue of the team's work.
type WorkIssue struct {
	Ref          string       `json:"ref"` // group/project#12
	Title        string       `json:"title,omitempty"`
	Open         bool         `json:"open"`
	Columns      List[string] `json:"columns"`          // of the board; more than one is an error
	Priority     List[string] `json:"priority"`         // the labels that give it its place
	Goal         string       `json:"goal,omitempty"`   // "goal", "meta goal" or "meta"
	Weight       *int         `json:"weight,omitempty"` // absent: none
	Ready        bool         `json:"ready"`            // somebody can pull it
	Missing      List[Unmet]  `json:"missing"`          // why it is not ready
	Milestone    string       `json:"milestone,omitempty"`
	Due          string       `json:"due,omitempty"` // date
	Assignees    List[string] `json:"assignees"`     // user names without @
	Labels       List[string] `json:"labels"`
	AgeDays      *int         `json:"age_days,omitempty"`  // whole days since it was created
	IdleDays     *int         `json:"idle_days,omitempty"` // whole days since its last update
	Carried      *int         `json:"carried,omitempty"`   // how often it was carried over; absent: unknown
	Handoff      bool         `json:"handoff"`             // marked for the next shift
	Confidential bool         `json:"confidential"`
	Withheld     bool         `json:"withheld"` // confidential: only its reference and state are shown
	WebURL       string       `json:"web_url,omitempty"`
}

// Unmet is one criterion that an issue does not meet.
type Unmet struct {
	ID   string `json:"id"`   // "weight-missing", "criteria-missing", ...
	Text string `json:"text"` // what is missing, and how to fix it
}

// Withhold returns the issue. A confidential one keeps only its reference and state.
func (i WorkIssue) Withhold() WorkIssue {
	if !i.Confidential {
		return i
	}
	return WorkIssue{Ref: i.Ref, Open: i.Open, Ready: i.Ready, Confidential: true, Withheld: true, WebURL: i.WebURL}
}

// IssueReady says of issues whether they are ready to pull, in the order in which they were named.
type IssueReady struct {
	Head
	Ready  int             `json:"ready"` // how many are
	Issues List[WorkIssue] `json:"issues"`
	Notes  List[string]    `json:"notes"`
}

// NewIssueReady returns the document of issues.
func NewIssueReady(issues []WorkIssue) IssueReady {
	doc := IssueReady{Head: head(KindIssueReady), Issues: issues}
	for _, i := range issues {
		if i.Ready {
			doc.Ready++
		}
	}
	return doc
}

// Withhold returns the document without the content of confidential issues.
func (d IssueReady) Withhold() IssueReady {
	d.Issues = each(d.Issues, WorkIssue.Withhold)
	return d
}

package jsonv1

import "gitlab.com/prodctl/prodctl/pkg/target"

// KindIssueReady is the kind of [IssueReady].
const KindIssueReady = "issue_ready"

// WorkIssue is one issue of the team's work.
type WorkIssue struct {
	Ref          string       `json:"ref" withheld:"keep"` // group/project#12
	Title        string       `json:"title,omitempty"`
	Open         bool         `json:"open" withheld:"keep"`
	Columns      List[string] `json:"columns"`               // of the board; more than one is an error
	Priority     List[string] `json:"priority"`              // the labels that give it its place
	Goal         string       `json:"goal,omitempty"`        // "goal", "meta goal" or "meta"
	Weight       *int         `json:"weight,omitempty"`      // absent: none
	Ready        bool         `json:"ready" withheld:"keep"` // somebody can pull it
	Missing      List[Unmet]  `json:"missing"`               // why it is not ready
	Milestone    string       `json:"milestone,omitempty"`
	Due          string       `json:"due,omitempty"` // date
	Assignees    List[string] `json:"assignees"`     // user names without @
	Labels       List[string] `json:"labels"`
	AgeDays      *int         `json:"age_days,omitempty"`  // whole days since it was created
	IdleDays     *int         `json:"idle_days,omitempty"` // whole days since its last update
	Carried      *int         `json:"carried,omitempty"`   // how often it was carried over; absent: unknown
	Handoff      bool         `json:"handoff"`             // marked for the next shift
	Confidential bool         `json:"confidential" withheld:"keep"`
	Withheld     bool         `json:"withheld" withheld:"keep"` // confidential: only its reference and state are shown
	WebURL       string       `json:"web_url,omitempty" withheld:"keep"`
}

// Unmet is one criterion that an issue does not meet.
type Unmet struct {
	ID   string `json:"id"`   // "weight-missing", "criteria-missing", ...
	Text string `json:"text"` // what is missing, and how to fix it
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

// KindPriorityMatrix is the kind of [PriorityMatrix].
const KindPriorityMatrix = "priority_matrix"

// PriorityMatrix gives the availability and performance priority of a problem from its urgency and impact.
type PriorityMatrix struct {
	Head
	Urgencies List[Scale]        `json:"urgencies"` // most urgent first
	Impacts   List[Scale]        `json:"impacts"`   // worst first
	Cells     List[PriorityCell] `json:"cells"`     // by urgency, then by impact
}

// Scale is one value of a scale.
type Scale struct {
	Value   string `json:"value"`
	Meaning string `json:"meaning"`
}

// PriorityCell is one cell of the matrix.
type PriorityCell struct {
	Urgency  string `json:"urgency"`
	Impact   string `json:"impact"`
	Priority string `json:"priority"` // the label, under the team's name
	Chosen   bool   `json:"chosen"`   // the cell of the given urgency and impact
}

// NewPriorityMatrix returns the document of cells.
func NewPriorityMatrix(urgencies, impacts []Scale, cells []PriorityCell) PriorityMatrix {
	return PriorityMatrix{head(KindPriorityMatrix), urgencies, impacts, cells}
}

// KindIssues is the kind of [Issues].
const KindIssues = "issues"

// Issues is a list of open issues, in the order in which they are picked.
type Issues struct {
	Head
	Target Target          `json:"target"`
	Filter List[string]    `json:"filter"` // what selected them
	Issues List[WorkIssue] `json:"issues"`
	Notes  List[string]    `json:"notes"`
}

// NewIssues returns the document of issues.
func NewIssues(in target.Target, filter []string, issues []WorkIssue) Issues {
	return Issues{Head: head(KindIssues), Target: TargetOf(in), Filter: filter, Issues: issues}
}

// KindIssue is the kind of [IssueShow].
const KindIssue = "issue"

// IssueShow is one issue with what is known about it.
type IssueShow struct {
	Head
	WorkIssue
	Author       string        `json:"author,omitempty"`
	CreatedAt    string        `json:"created_at,omitempty"`
	Requester    string        `json:"requester,omitempty"`    // user name without @, from the record of a request
	Team         string        `json:"team,omitempty"`         // the team that waits for it
	ColumnSince  string        `json:"column_since,omitempty"` // absent: unknown
	ColumnDays   *int          `json:"column_days,omitempty"`  // whole days in its column
	LeftOff      string        `json:"left_off,omitempty"`     // of its hand-off note
	NextStep     string        `json:"next_step,omitempty"`    // of its hand-off note
	Contingency  string        `json:"contingency,omitempty"`  // of its hand-off note
	MarkedBy     string        `json:"marked_by,omitempty"`    // user name without @
	MarkedAt     string        `json:"marked_at,omitempty"`
	MarkInternal bool          `json:"mark_internal"` // the hand-off note is an internal comment
	Goals        List[Related] `json:"goals"`         // linked goals and meta issues
	Gaps         List[string]  `json:"gaps"`          // what this GitLab does not know
	Notes        List[string]  `json:"notes" withheld:"keep"`
}

// NewIssue returns the document of an issue.
func NewIssue(i WorkIssue) IssueShow { return IssueShow{Head: head(KindIssue), WorkIssue: i} }

func (d *IssueShow) withhold(Audience) {
	if d.MarkInternal && d.LeftOff+d.NextStep+d.Contingency != "" {
		d.LeftOff, d.NextStep, d.Contingency, d.Notes = "", "", "", append(d.Notes[:len(d.Notes):len(d.Notes)], toSeeIt)
	}
}

// KindGoals is the kind of [Goals].
const KindGoals = "goals"

// Goals are the open goals and meta issues of a team: those of the timebox first, then meta goals, then meta issues.
type Goals struct {
	Head
	Target   Target         `json:"target"`
	Quarter  Span           `json:"quarter"`  // the current one
	Open     int            `json:"open"`     // how many goals and meta issues are open, also if only those with problems are listed
	Problems int            `json:"problems"` // how many of them have a problem
	Goals    List[TeamGoal] `json:"goals"`
	Notes    List[string]   `json:"notes"`
}

// Span is a period of days. Both are part of it.
type Span struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// TeamGoal is one goal or meta issue.
type TeamGoal struct {
	Ref          string       `json:"ref" withheld:"keep"` // group/project#12
	Kind         string       `json:"kind"`                // "goal", "meta goal" or "meta"
	Title        string       `json:"title,omitempty"`
	Owners       List[string] `json:"owners"` // user names without @
	Weight       *int         `json:"weight,omitempty"`
	Milestone    string       `json:"milestone,omitempty"`
	Due          string       `json:"due,omitempty"`      // date
	Columns      List[string] `json:"columns"`            // of the board
	Pieces       *Pieces      `json:"pieces,omitempty"`   // of a meta goal or a meta issue
	Forecast     string       `json:"forecast,omitempty"` // date by which the last piece is finished with a chance of 85 %; absent: unknown
	Problems     List[Unmet]  `json:"problems"`
	OK           bool         `json:"ok"` // it has no problem
	Confidential bool         `json:"confidential" withheld:"keep"`
	Withheld     bool         `json:"withheld" withheld:"keep"` // confidential: only its reference is shown
	WebURL       string       `json:"web_url,omitempty" withheld:"keep"`
}

// Pieces counts the linked pieces of a larger issue.
type Pieces struct {
	Done int `json:"done"`
	All  int `json:"all"`
}

// NewGoals returns the document of goals.
func NewGoals(in target.Target, goals []TeamGoal) Goals {
	doc := Goals{Head: head(KindGoals), Target: TargetOf(in), Open: len(goals), Goals: goals}
	for _, g := range goals {
		if !g.OK {
			doc.Problems++
		}
	}
	return doc
}

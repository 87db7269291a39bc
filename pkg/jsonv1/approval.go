package jsonv1

// The kinds of documents about the approval of authentication changes.
const (
	KindApproval      = "approval"
	KindApprovalAudit = "approval_audit"
)

// Approval reports whether a merge request has the approval that the rule for authentication changes requires.
type Approval struct {
	Head
	MergeRequest string       `json:"merge_request"` // group/project!12
	Author       string       `json:"author,omitempty"`
	Required     bool         `json:"required"` // the rule applies to its project and to a path that it changes
	Pass         bool         `json:"pass"`
	ApprovedBy   List[string] `json:"approved_by"`  // all approvers, user names without @
	By           string       `json:"by,omitempty"` // the approver who satisfies the rule
	Reason       string       `json:"reason"`       // a sentence
	Eligible     List[string] `json:"eligible"`     // who else could approve: "a member of production"
	WebURL       string       `json:"web_url,omitempty"`
	Rules        Rules        `json:"rules"` // where the rule came from
	Notes        List[string] `json:"notes"`
}

// NewApproval returns the document of one merge request.
func NewApproval(mergeRequest string, required, pass bool, reason string) Approval {
	return Approval{Head: head(KindApproval), MergeRequest: mergeRequest, Required: required, Pass: pass, Reason: reason}
}

// ApprovalAudit reports whether the listed projects enforce the rule.
type ApprovalAudit struct {
	Head
	OK           bool                     `json:"ok"` // no project has a finding
	Repositories List[ApprovalRepository] `json:"repositories"`
	Notes        List[string]             `json:"notes"`
}

// ApprovalRepository is one project and what is wrong with its settings.
type ApprovalRepository struct {
	Project  string        `json:"project"`
	OK       bool          `json:"ok"`
	Findings List[Finding] `json:"findings"`
}

// Finding is one problem.
type Finding struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	Fix  string `json:"fix,omitempty"` // how to fix it
}

// NewApprovalAudit returns the document of the listed projects. A project without findings is OK.
func NewApprovalAudit(list []ApprovalRepository) ApprovalAudit {
	doc := ApprovalAudit{Head: head(KindApprovalAudit), OK: true}
	for _, r := range list {
		r.OK = len(r.Findings) == 0
		doc.OK = doc.OK && r.OK
		doc.Repositories = append(doc.Repositories, r)
	}
	return doc
}

package jsonv1

// The kinds of the documents about the approval of authentication changes.
const (
	KindApproval      = "approval"
	KindApprovalAudit = "approval_audit"
)

// Approval is whether a merge request has the approval that the rule for authentication changes wants.
type Approval struct {
	Head
	MergeRequest string       `json:"merge_request"` // group/project!12
	Author       string       `json:"author,omitempty"`
	Required     bool         `json:"required"` // the rule holds for its project and for a path that it changes
	Pass         bool         `json:"pass"`
	ApprovedBy   List[string] `json:"approved_by"`  // everybody, user names without @
	By           string       `json:"by,omitempty"` // whose approval passes it
	Reason       string       `json:"reason"`       // a sentence
	Eligible     List[string] `json:"eligible"`     // who else could approve: "a member of production"
	WebURL       string       `json:"web_url,omitempty"`
	Notes        List[string] `json:"notes"`
}

// NewApproval is the document of one merge request.
func NewApproval(mergeRequest string, needed, pass bool, why string) Approval {
	return Approval{Head: head(KindApproval), MergeRequest: mergeRequest, Required: needed, Pass: pass, Reason: why}
}

// ApprovalAudit is whether the listed projects enforce the rule.
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

// Finding is one thing that is wrong.
type Finding struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	Fix  string `json:"fix,omitempty"` // what to do about it
}

// NewApprovalAudit is the document of the listed projects. A project is well when it has no finding.
func NewApprovalAudit(list []ApprovalRepository) ApprovalAudit {
	doc := ApprovalAudit{Head: head(KindApprovalAudit), OK: true}
	for _, r := range list {
		r.OK = len(r.Findings) == 0
		doc.OK = doc.OK && r.OK
		doc.Repositories = append(doc.Repositories, r)
	}
	return doc
}

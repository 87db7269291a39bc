package jsonv1

// KindLabels is the kind of [Labels].
const KindLabels = "labels"

// Labels compares the labels of projects and groups with the declared ones.
type Labels struct {
	Head
	Labels List[Label]  `json:"labels"`
	Notes  List[string] `json:"notes"`
}

// LabelState is the result of comparing a label with its declaration.
type LabelState string

// The states of a label.
const (
	LabelOK      LabelState = "ok"
	LabelMissing LabelState = "missing" // declared but does not exist
	LabelDiffers LabelState = "differs" // differs from its declaration
	LabelRenamed LabelState = "renamed" // exists under an old name
	LabelExtra   LabelState = "extra"   // not declared
	LabelAbove   LabelState = "above"   // belongs to a parent group
)

// Label is one label in one project or group, with its actual values, or the declared ones if it is missing.
type Label struct {
	Target       Target                `json:"target"`
	Name         string                `json:"name"`
	Color        string                `json:"color,omitempty"` // #rrggbb
	Description  string                `json:"description,omitempty"`
	Priority     *int                  `json:"priority,omitempty"` // 0 is the highest
	State        LabelState            `json:"state"`
	RenamedFrom  string                `json:"renamed_from,omitempty"` // if renamed: the old name that it still has
	Differences  List[LabelDifference] `json:"differences"`
	OpenIssues   *int                  `json:"open_issues,omitempty"` // only with --counts
	ClosedIssues *int                  `json:"closed_issues,omitempty"`
}

// LabelDifference is one field that differs from the declaration. An absent value is empty.
type LabelDifference struct {
	Field    string `json:"field"` // "name", "color", "description" or "priority"
	Actual   string `json:"actual,omitempty"`
	Declared string `json:"declared,omitempty"`
}

// NewLabels returns the document of labels.
func NewLabels(labels []Label) Labels { return Labels{Head: head(KindLabels), Labels: labels} }

package jsonv1

// KindLabels is the kind of [Labels].
const KindLabels = "labels"

// Labels is the declared set of labels against what is there.
type Labels struct {
	Head
	Labels List[Label]  `json:"labels"`
	Notes  List[string] `json:"notes"`
}

// LabelState is how a label stands to its declaration.
type LabelState string

// The states of a label.
const (
	LabelOK      LabelState = "ok"
	LabelMissing LabelState = "missing" // declared and not there
	LabelDiffers LabelState = "differs" // there, and not as declared
	LabelRenamed LabelState = "renamed" // there under an old name
	LabelExtra   LabelState = "extra"   // there and not declared
	LabelAbove   LabelState = "above"   // provided by a group above
)

// Label is one label in one project or group. Its values are the actual ones, and the declared ones when it is missing.
type Label struct {
	Target       Target                `json:"target"`
	Name         string                `json:"name"`
	Color        string                `json:"color,omitempty"` // #rrggbb
	Description  string                `json:"description,omitempty"`
	Priority     *int                  `json:"priority,omitempty"` // 0 is the highest
	State        LabelState            `json:"state"`
	RenamedFrom  string                `json:"renamed_from,omitempty"` // of a renamed one: the old name it still has
	Differences  List[LabelDifference] `json:"differences"`
	OpenIssues   *int                  `json:"open_issues,omitempty"` // only where they were counted
	ClosedIssues *int                  `json:"closed_issues,omitempty"`
}

// LabelDiffer is one field that is not as declared; an absent value is none.
type LabelDifference struct {
	Field    string `json:"field"` // "name", "color", "description" or "priority"
	Actual   string `json:"actual,omitempty"`
	Declared string `json:"declared,omitempty"`
}

// NewLabels is the document of labels.
func NewLabels(labels []Label) Labels { return Labels{Head: head(KindLabels), Labels: labels} }

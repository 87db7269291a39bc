package jsonv1

import (
	"strconv"

	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

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

// LabelOf returns one label of a comparison. counted is true if it was read with its counts.
func LabelOf(in target.Target, d label.Difference, counted bool) Label {
	l := d.Actual
	if d.State == label.Missing {
		l = d.Declared.Label(in.Kind == target.Project)
	}
	doc := Label{
		Target: TargetOf(in), Name: d.Name(), State: LabelState(d.State),
		Color: l.Color, Description: l.Description, Priority: l.Priority,
	}
	if d.State == label.Renamed {
		doc.RenamedFrom = d.Actual.Name
	}
	for _, field := range d.Fields {
		doc.Differences = append(doc.Differences, LabelDifference{
			Field: field, Actual: labelValue(d.Actual, field), Declared: labelValue(declaredValues(d.Declared), field),
		})
	}
	if counted && d.State != label.Missing {
		doc.OpenIssues, doc.ClosedIssues = &l.Open, &l.Closed
	}
	return doc
}

func declaredValues(d label.Declared) label.Label {
	return label.Label{Name: d.Name, Color: d.Color, Description: d.Description, Priority: d.Priority}
}

func labelValue(l label.Label, field string) string {
	switch field {
	case "name":
		return l.Name
	case "color":
		return l.Color
	case "description":
		return l.Description
	}
	if l.Priority == nil {
		return ""
	}
	return strconv.Itoa(*l.Priority)
}

package jsonv1

import (
	"strconv"

	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

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

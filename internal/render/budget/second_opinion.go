package budget

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// maxIntervals is how many intervals a page shows. A metric with gaps can have thousands.
const maxIntervals = 20

// secondOpinion is the queue beside a metric.
func (f budgets) secondOpinion() (p form.Part, ok bool) {
	s := f.SecondOpinion
	if s == nil {
		return p, false
	}
	p = form.Part{Name: "Second opinion", Tail: words.SecondOpinion(*s)}
	p.Sheet = layout.Sheet{Columns: []layout.Column{{Name: "Time"}, {Name: "Minutes", Right: true}, {Name: "Found"},
		{Name: "Incidents", Min: 10}, {Name: "Reason", Drop: 1}}, None: "No minutes in the queue or in the metric"}
	if s.Error != "" {
		p.Sheet.None = "The metric could not be read"
	}
	shown := s.Intervals[:min(len(s.Intervals), maxIntervals)]
	for _, i := range shown {
		p.Sheet.Rows = append(p.Sheet.Rows, []layout.Cell{layout.Text(f.in.Window(i.From, i.To)), layout.Text(i.Minutes), found(i),
			form.Listed(i.Refs), layout.Text(i.Reason)})
	}
	if more := len(s.Intervals) - len(shown); more > 0 {
		p.Tail = append(p.Tail, fmt.Sprintf("%s not shown: add -o json", words.Count(more, "interval")))
	}
	return p, true
}

func found(i jsonv1.ComparedInterval) layout.Cell {
	style := layout.Plain
	switch i.Kind {
	case "queue_only", "metric_only":
		if style = layout.Bad; i.Edge {
			style = layout.Faint
		}
	case "unknown", "unknown_down":
		style = layout.Warn
	}
	return layout.Styled(style, words.Compared(i))
}

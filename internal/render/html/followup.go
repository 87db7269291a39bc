package html

import (
	"strconv"

	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// followUpsParts is the part about corrective actions; none if the team has no tracker for them.
func followUpsParts(doc *jsonv1.FollowUps) []part {
	if doc == nil {
		return nil
	}
	p := part{ID: "follow-ups", Title: "Corrective actions"}
	if doc.Open+doc.OnTime.Sample+doc.OnTime.Missing == 0 {
		return []part{p}
	}
	age := soft("-")
	if doc.Age.Sample > 0 {
		age = plain(words.MedianAge(doc.Age))
	}
	t := table{Columns: []column{{"Open", true}, {"Overdue", true}, {"Without a due date", true}, {"Median age", true},
		{"Done in the period", true}, {"On time", false}}}
	number := func(n int) []bit { return bits(plain(strconv.Itoa(n))) }
	t.row(number(doc.Open), number(doc.Overdue), number(doc.Undated), bits(age), number(doc.OnTime.Sample+doc.OnTime.Missing),
		bits(plain(words.ShareOnTime(doc.OnTime))))
	p.Table = &t
	return []part{p}
}

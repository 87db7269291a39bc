package report

import (
	"cmp"
	"math/big"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/request"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Box is a timebox with its issues, for statistics of labels.
type Box struct {
	Milestone milestone.Milestone
	Running   bool // not finished yet
	Issues    []issue.Issue
}

// counted is the number of its issues without those that moved to another project, where they count.
func (b Box) counted() (n int) {
	for _, i := range b.Issues {
		if i.MovedToID == 0 {
			n++
		}
	}
	return n
}

// Tally is a number of issues with their weight; issues without a weight count as 0.
type Tally struct{ Issues, Weight int }

func (t *Tally) add(i issue.Issue) {
	t.Issues++
	t.Weight += milestone.WeightOf(i)
}

// LabelUse is how much of the work of some timeboxes carries a label (handbook, "Labeling": data gathering).
type LabelUse struct {
	Label  string
	Boxes  []Tally // in the order of the timeboxes
	Total  Tally
	All    Tally  // every issue of the timeboxes, with the label or without
	Closed Sample // from creation to closing, of the issues with the label that were closed
	// Open are the ages of the open issues with the label, in these timeboxes or not.
	Open []time.Duration
	// Teams are those whose requests carry the label, the most frequent first, then by name. Issues without a recorded team, and
	// confidential ones, are left out.
	Teams []TeamCount
}

// TeamCount is how many issues a team asked for.
type TeamCount struct {
	Team  string
	Count int
}

// Share returns the share of the issues in percent, as an exact decimal with one digit; empty without issues.
func (u LabelUse) Share() string { return percentOf(u.Total.Issues, u.All.Issues) }

// WeightShare returns the share of the weight in percent, as an exact decimal with one digit; empty without a weight.
func (u LabelUse) WeightShare() string { return percentOf(u.Total.Weight, u.All.Weight) }

func percentOf(part, whole int) string {
	if whole == 0 {
		return ""
	}
	return oneDigit(big.NewRat(100*int64(part), int64(whole)))
}

// Trend is how a share changed: the last finished timebox compared with the earlier ones together.
type Trend string

// The trends. Half a percentage point up or down is steady.
const (
	Up      Trend = "up"
	Down    Trend = "down"
	Steady  Trend = "steady"
	NoTrend Trend = "" // fewer than two finished timeboxes with issues
)

// UseOf measures one label. open are the open issues with the label.
func UseOf(label string, boxes []Box, open []issue.Issue, now time.Time) LabelUse {
	use := LabelUse{Label: label}
	teams := map[string]int{}
	for _, b := range boxes {
		var in Tally
		for _, i := range b.Issues {
			if i.MovedToID != 0 {
				continue // closed because it moved to another project, where it counts
			}
			use.All.add(i)
			if !i.Has(label) {
				continue
			}
			in.add(i)
			if !i.Open() {
				use.Closed.Add(i.ClosedAt.Sub(i.CreatedAt), !i.ClosedAt.IsZero())
			}
			if asked, _ := request.Read(i.Description); asked.Team != "" && !i.Confidential {
				teams[asked.Team]++
			}
		}
		use.Boxes = append(use.Boxes, in)
		use.Total.Issues += in.Issues
		use.Total.Weight += in.Weight
	}
	for _, i := range open {
		use.Open = append(use.Open, max(0, now.Sub(i.CreatedAt)))
	}
	stable.Sort(use.Open, func(a, b time.Duration) int { return cmp.Compare(b, a) })
	for name, count := range teams {
		use.Teams = append(use.Teams, TeamCount{name, count})
	}
	stable.Sort(use.Teams, func(a, b TeamCount) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Team, b.Team)) })
	return use
}

// TrendOf compares the share of a label in the last finished timebox with its share in the earlier ones together.
func TrendOf(u LabelUse, boxes []Box) Trend {
	var parts, wholes []int
	for n, b := range boxes {
		if whole := b.counted(); !b.Running && whole > 0 {
			parts, wholes = append(parts, u.Boxes[n].Issues), append(wholes, whole)
		}
	}
	last := len(parts) - 1
	if last < 1 {
		return NoTrend
	}
	part, whole := 0, 0
	for n := range last {
		part, whole = part+parts[n], whole+wholes[n]
	}
	change := new(big.Rat).Sub(big.NewRat(int64(parts[last]), int64(wholes[last])), big.NewRat(int64(part), int64(whole)))
	half := big.NewRat(1, 200)
	switch {
	case change.Cmp(half) > 0:
		return Up
	case change.Cmp(half.Neg(half)) < 0:
		return Down
	}
	return Steady
}

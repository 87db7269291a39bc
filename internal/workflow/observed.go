package workflow

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// The names of the fingerprints that are not of objects in GitLab.
const (
	observedInputs        = "the command's options"
	observedConfiguration = "the configuration"
)

// Fingerprint returns the fingerprint of an object that a plan is made from.
func Fingerprint(object string, fields ...any) plan.Fingerprint {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", fields))
	return plan.Fingerprint{Object: object, Digest: hex.EncodeToString(sum[:8])}
}

// Settings are the values besides its inputs that a plan depends on. They must have a JSON form.
type Settings []any

// NewPlan returns a plan without steps, with the fingerprints of its inputs, its settings and the observed objects.
func NewPlan(from plan.Origin, command string, inputs any, settings Settings, observed ...plan.Fingerprint) plan.Plan {
	data := Inputs(inputs)
	all := SortObserved(append(ObservedInputs(data, settings...), observed...))
	return plan.Plan{Command: command, Inputs: data, Origin: from, Observed: all}
}

// Inputs returns the JSON form of a command's options, as saved in a plan file. It panics if a value has none, which is a bug.
func Inputs(inputs any) json.RawMessage {
	data, err := json.Marshal(inputs)
	if err != nil {
		panic("workflow: inputs or settings without a JSON form: " + err.Error())
	}
	return data
}

// ObservedInputs returns the fingerprints of the command's options and of its settings, which must have a JSON form.
func ObservedInputs(inputs json.RawMessage, settings ...any) []plan.Fingerprint {
	return []plan.Fingerprint{Fingerprint(observedInputs, string(inputs)), Fingerprint(observedConfiguration, string(Inputs(settings)))}
}

// ObservedMilestone returns the fingerprint of a milestone.
func ObservedMilestone(m milestone.Milestone) plan.Fingerprint {
	return Fingerprint(MilestoneName(m.ID), m.Title, m.Description, string(m.State), m.Start.String(), m.Due.String())
}

// ObservedIssue returns the fingerprint of an issue: its state, milestone and labels.
func ObservedIssue(i issue.Issue) plan.Fingerprint {
	return Fingerprint(IssueName(i.Ref), string(i.State), fmt.Sprint(i.MilestoneID), strings.Join(i.Labels, ","))
}

// ObservedLabel returns the fingerprint of a label. It includes the number of issues if that was read, because it decides whether
// the label is pruned.
func ObservedLabel(in target.Target, l label.Label) plan.Fingerprint {
	priority := ""
	if l.Priority != nil {
		priority = strconv.Itoa(*l.Priority)
	}
	return Fingerprint(labelName(in, l.Name), l.Name, l.Color, l.Description, priority, l.Open, l.Closed)
}

// ObservedMissingLabel returns the fingerprint of a label that does not exist.
func ObservedMissingLabel(in target.Target, name string) plan.Fingerprint {
	return Fingerprint(labelName(in, name), "missing")
}

// ObservedBoard returns the fingerprint of a board. It uses the ids of the labels, because the same plan may rename them.
func ObservedBoard(b board.Board) plan.Fingerprint {
	var lists []string
	for _, l := range b.Lists {
		lists = append(lists, fmt.Sprint(l.ID, l.LabelID, l.Position))
	}
	return Fingerprint(boardName(b.ID), b.Name, strings.Join(lists, ","))
}

// MilestoneName returns the name of a milestone in a fingerprint.
func MilestoneName(id int64) string { return fmt.Sprintf("milestone %d", id) }

// IssueName returns the name of an issue in a fingerprint.
func IssueName(ref issue.Ref) string { return "issue " + ref.String() }

func labelName(in target.Target, name string) string { return fmt.Sprintf("label %q of %s", name, in) }

func boardName(id int64) string { return fmt.Sprintf("board %d", id) }

// FreezeName returns the name of a freeze period in a fingerprint. One that does not exist yet is named by its times.
func FreezeName(in target.Target, f lock.Freeze) string {
	if f.ID == 0 {
		return fmt.Sprintf("freeze period %s of %s", f, in)
	}
	return fmt.Sprintf("freeze period %d of %s", f.ID, in)
}

// objectOf returns the fingerprint name of the object that a step creates or changes.
func objectOf(step plan.Step) string {
	switch s := step.(type) {
	case plan.UpdateMilestone:
		return MilestoneName(s.Ref.ID)
	case plan.DeleteMilestone:
		return MilestoneName(s.Ref.ID)
	case plan.UpdateIssue:
		return IssueName(s.Ref)
	case plan.MoveIssue:
		return IssueName(s.Ref)
	case plan.UpsertIssue:
		return IssueName(s.Ref)
	case plan.CreateNote:
		return IssueName(s.On.Ref)
	case plan.UpsertNote:
		return IssueName(s.On.Ref)
	case plan.CreateLink:
		return IssueName(s.From.Ref)
	case plan.AssignIssue:
		return IssueName(s.On.Ref)
	case plan.ReconcileIssue:
		return IssueName(s.On.Ref)
	case plan.CreateLabel:
		return labelName(s.In, s.Label.Name)
	case plan.UpdateLabel:
		return labelName(s.In, s.Before.Name)
	case plan.DeleteLabel:
		return labelName(s.In, s.Before.Name)
	case plan.DeleteBoard:
		return boardName(s.BoardID)
	case plan.CreateBoardList:
		return boardName(s.Board.ID)
	case plan.MoveBoardList:
		return boardName(s.Board.ID)
	case plan.CreateFreeze:
		return FreezeName(s.In, s.Freeze)
	case plan.DeleteFreeze:
		return FreezeName(s.In, s.Before)
	}
	return ""
}

// SortObserved sorts fingerprints by object and removes duplicates.
func SortObserved(list []plan.Fingerprint) []plan.Fingerprint {
	stable.Sort(list, func(a, b plan.Fingerprint) int { return strings.Compare(a.Object, b.Object) })
	return slices.Compact(list)
}

// ObservedNotes returns the fingerprint of an issue of the production queue with its comments. It includes the id of the last comment
// only.
func ObservedNotes(i issue.Issue, notes []issue.Note) plan.Fingerprint {
	last := int64(0)
	for _, n := range notes {
		last = max(last, n.ID)
	}
	return Fingerprint(IssueName(i.Ref), string(i.State), i.Description, strings.Join(i.Labels, ","), last)
}

// ObservedSettings reports whether a fingerprint is of a command's options or of its settings.
func ObservedSettings(f plan.Fingerprint) bool {
	return f.Object == observedInputs || f.Object == observedConfiguration
}

package drill

import (
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Reconciler writes the results of a drill, which are comments, into the record of its issue, and ticks the targets that were verified.
//
// A result is written once: the record lists the comments that it contains. So what people change in the record or in the checklist stays,
// and the result does not depend on who writes first.
type Reconciler struct{}

// Reconcile returns the edit that adds the results which the record lacks; empty if there are none. It never fails.
func (Reconciler) Reconcile(i issue.Issue, notes []issue.Note) (issue.Change, error) {
	block, _ := record.Find(i.Description, Kind)
	ids := recorded(block)
	events := eventlog.Events(notes, Kind)
	ids = renumbered(ids, eventlog.Renumbered(ids, events, notes))
	edits := anchor(block)
	unchanged := len(edits)
	var ticked []string
	next := nextNumber(block)
	for _, e := range events {
		r, ok := ResultOf(e)
		if !ok || !e.Trusted || slices.Contains(ids, e.NoteID) {
			continue
		}
		edits = append(edits, record.Set(keyRestore+strconv.Itoa(next), r.String()))
		next++
		ids = append(ids, e.NoteID)
		if r.Verified {
			ticked = append(ticked, r.Target)
		}
	}
	if len(edits) == unchanged {
		return issue.Change{}, nil
	}
	slices.Sort(ids)
	var texts []string
	for _, id := range ids {
		texts = append(texts, strconv.FormatInt(id, 10))
	}
	text := block.Apply(append(edits, record.SetList(keyNotes, texts))...)
	for _, name := range ticked {
		text = tick(text, name)
	}
	return issue.Change{Description: &text}, nil
}

// anchor is an edit that changes nothing: new results go below the key that it names, the last one of the results or of the head.
func anchor(block record.Block) []record.Edit {
	last := ""
	for _, key := range block.Keys() {
		if _, ok := restoreNumber(key); ok || slices.Contains([]string{keyOccurrence, keyDay, keyPeople}, key) {
			last = key
		}
	}
	if last == "" {
		return nil
	}
	v, _ := block.Get(last)
	return []record.Edit{{Key: last, Value: v}}
}

// recorded returns the ids of the comments that a record contains.
func recorded(block record.Block) (ids []int64) {
	v, _ := block.Get(keyNotes)
	for _, item := range v.Items() {
		if id, err := strconv.ParseInt(item, 10, 64); err == nil && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// renumbered returns the present ids of comments, for an issue that was moved.
func renumbered(ids []int64, now map[int64]int64) (list []int64) {
	if len(now) == 0 {
		return ids
	}
	for _, id := range ids {
		if now[id] != 0 {
			list = append(list, now[id])
		}
	}
	return list
}

// nextNumber is the number of the next result in a record.
func nextNumber(block record.Block) int {
	last := 0
	for _, key := range block.Keys() {
		if n, ok := restoreNumber(key); ok {
			last = max(last, n)
		}
	}
	return last + 1
}

// tick ticks the first open task of a description that begins with the name of a target. A task in a code block or a quote does not count.
func tick(description, name string) string {
	const open = "[ ] "
	at := 0
	for line := range strings.SplitAfterSeq(safetext.WithoutLiterals(description), "\n") {
		task := strings.TrimLeft(line, " \t")
		box := at + len(line) - len(task) + len("- ")
		if len(task) > len("- ") && strings.ContainsRune("-*+", rune(task[0])) && strings.HasPrefix(task[1:], " "+open) {
			if rest := description[box+len(open):]; strings.HasPrefix(strings.TrimLeft(rest, "`*"), name) && endsName(rest, name) {
				return description[:box] + "[x] " + description[box+len(open):]
			}
		}
		at += len(line)
	}
	return description
}

// endsName reports whether a task is about this target and not about one whose name is longer.
func endsName(task, name string) bool {
	rest := strings.TrimPrefix(strings.TrimLeft(task, "`*"), name)
	return rest == "" || !IsName("a"+rest[:1]) || strings.HasPrefix(rest, ". ")
}

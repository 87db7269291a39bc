package eventlog

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Renumbered returns the present numbers of the comments that a record lists, by their old ones, for an issue that came from another
// project: GitLab copies its comments in their order and gives them new numbers. events are all events that the record may list. It is nil
// if the comments still have the numbers that are listed.
func Renumbered(listed []int64, events []Event, notes []issue.Note) map[int64]int64 {
	var moved int64
	for _, n := range notes {
		if n.System && strings.HasPrefix(n.Body, "moved from ") {
			moved = max(moved, n.ID)
		}
		if slices.Contains(listed, n.ID) {
			return nil
		}
	}
	if moved == 0 {
		return nil
	}
	var copied []int64
	for _, e := range events {
		if e.Trusted && e.NoteID < moved {
			copied = append(copied, e.NoteID)
		}
	}
	now := map[int64]int64{}
	for n, old := range slices.Compact(slices.Sorted(slices.Values(listed))) {
		if n < len(copied) {
			now[old] = copied[n]
		}
	}
	return now
}

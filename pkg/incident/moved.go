package incident

import (
	"strconv"
	"strings"
)

// renumber replaces the numbers of comments, of which now has the present one by the listed one. Numbers that it does not have are of
// comments that no longer exist.
func (r *region) renumber(now map[int64]int64) {
	if len(now) == 0 {
		return
	}
	var ids []int64
	for _, id := range r.noteIDs {
		if now[id] != 0 {
			ids = append(ids, now[id])
		}
	}
	r.setNoteIDs(ids)
	for n, line := range r.lines {
		if id, _, ok := parseOwn(line); ok && now[id] != 0 {
			at := strings.LastIndex(line, "<!-- ") + len("<!-- ")
			r.lines[n] = line[:at] + strings.Replace(line[at:], strconv.FormatInt(id, 10), strconv.FormatInt(now[id], 10), 1)
		}
	}
}

package history

import (
	"slices"
	"strings"
)

// titleBefore reads a remark such as "changed title from **Roll {-out-}** to **Roll {+back+}**", by which the title became after.
// was are all titles that it may have been before: more than one where a title looks like a remark itself,
// none where it does not lead to after. isTitle is false of a remark about something else.
func titleBefore(remark, after string) (was []string, isTitle bool) {
	const from, to, end = "changed title from **", "** to **", "**"
	rest, begins := strings.CutPrefix(remark, from)
	rest, ends := strings.CutSuffix(rest, end)
	if !begins || !ends {
		return nil, strings.HasPrefix(remark, "changed title ")
	}
	for at := range rest {
		if !strings.HasPrefix(rest[at:], to) {
			continue
		}
		fresh := reader{open: "{+", shut: "+}", whole: true, memo: map[[2]int][]string{}}
		for _, common := range fresh.read(rest[at+len(to):], after) {
			old := reader{open: "{-", shut: "-}", memo: map[[2]int][]string{}}
			was = append(was, old.read(rest[:at], common)...)
		}
	}
	slices.Sort(was)
	return slices.Compact(was), true
}

// enough is how many readings of a title are looked for: two are one too many already.
const maxReadings = 8

// reader reads a title in which pieces are marked. What looks like a mark may belong to the title.
type reader struct {
	open, shut string
	whole      bool                // titles are known with the marked pieces, and read without them; else the other way round
	memo       map[[2]int][]string // by how much is left: titles full of marks are read in many ways
}

// read are the titles, without the marked pieces or with them, of which the other form is known.
func (r reader) read(marked, known string) (list []string) {
	key := [2]int{len(marked), len(known)}
	if list, seen := r.memo[key]; seen {
		return list
	}
	defer func() { r.memo[key] = list }()
	literal, inner, found := strings.Cut(marked, r.open)
	rest, ok := strings.CutPrefix(known, literal)
	switch {
	case !found && marked == known:
		return []string{marked}
	case !found || !ok:
		return nil
	}
	for _, piece := range pieces(inner, r.shut) {
		told, left, ok := piece, rest, true
		if r.whole {
			told = ""
			left, ok = strings.CutPrefix(rest, piece)
		}
		if ok {
			list = prefixed(list, literal+told, r.read(inner[len(piece)+len(r.shut):], left))
		}
	}
	if left, ok := strings.CutPrefix(rest, r.open); ok {
		list = prefixed(list, literal+r.open, r.read(inner, left))
	}
	return list
}

// pieces are what may stand within a mark that is open: something up to one of the next ends.
func pieces(inner, shut string) (list []string) {
	for at := range inner {
		if at > 0 && strings.HasPrefix(inner[at:], shut) && len(list) < maxReadings {
			list = append(list, inner[:at])
		}
	}
	return list
}

// add puts a beginning before each reading, and leaves out what is too much.
func prefixed(list []string, begin string, rest []string) []string {
	for _, r := range rest {
		if len(list) < maxReadings {
			list = append(list, begin+r)
		}
	}
	return list
}

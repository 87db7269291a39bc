package history

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// titlePattern is the system note on a changed title of a current GitLab: HTML, in which the changed pieces are in spans.
var titlePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:<p>)?changed title from <code class="idiff">(.*)</code> to <code class="idiff">(.*)</code>(?:</p>)?$`)
})

// spanPattern is the markup of a changed piece. In the titles themselves, < is escaped.
var spanPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`</?span[^>]*>`) })

// FormerTitles returns the titles that an issue had before the current one, newest first, from its system notes. It ends where a note is
// ambiguous or does not fit.
func FormerTitles(notes []issue.Note, current string) []string {
	var titles []string
	for _, n := range slices.Backward(notes) {
		if !n.System {
			continue
		}
		before, isTitle := titleBefore(n.Body, current)
		if !isTitle {
			continue
		}
		if len(before) != 1 {
			break
		}
		current = before[0]
		titles = append(titles, current)
	}
	return titles
}

// titleBefore parses a system note that changed the title to after.
// before lists all possible previous titles: more than one if an old note is ambiguous, none if the note does not lead to after.
// isTitle is false for a system note about something else.
func titleBefore(note, after string) (before []string, isTitle bool) {
	m := titlePattern().FindStringSubmatch(note)
	if m == nil {
		return markedTitleBefore(note, after)
	}
	plain := func(marked string) string { return html.UnescapeString(spanPattern().ReplaceAllString(marked, "")) }
	if plain(m[2]) != after {
		return nil, true
	}
	return []string{plain(m[1])}, true
}

// markedTitleBefore parses a system note of an older GitLab, such as "changed title from **Roll {-out-}** to **Roll {+back+}**".
// It is ambiguous if a title contains such markup itself.
func markedTitleBefore(note, after string) (before []string, isTitle bool) {
	const from, to, end = "changed title from **", "** to **", "**"
	rest, starts := strings.CutPrefix(note, from)
	rest, ends := strings.CutSuffix(rest, end)
	if !starts || !ends {
		return nil, strings.HasPrefix(note, "changed title ")
	}
	for at := range rest {
		if !strings.HasPrefix(rest[at:], to) {
			continue
		}
		newTitle := reader{open: "{+", shut: "+}", whole: true, memo: map[[2]int][]string{}}
		for _, common := range newTitle.read(rest[at+len(to):], after) {
			oldTitle := reader{open: "{-", shut: "-}", memo: map[[2]int][]string{}}
			before = append(before, oldTitle.read(rest[:at], common)...)
		}
	}
	slices.Sort(before)
	return slices.Compact(before), true
}

// maxReadings limits the readings of a title: two are already ambiguous.
const maxReadings = 8

// reader parses a title with marked pieces. What looks like a marker may be part of the title.
type reader struct {
	open, shut string
	whole      bool                // the known title includes the marked pieces, the result does not; otherwise the other way round
	memo       map[[2]int][]string // by the remaining lengths: a title full of markers has many readings
}

// read returns the possible titles without the marked pieces, or with them, given the other form.
func (r reader) read(marked, known string) (list []string) {
	key := [2]int{len(marked), len(known)}
	if list, ok := r.memo[key]; ok {
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
		kept, left, ok := piece, rest, true
		if r.whole {
			kept = ""
			left, ok = strings.CutPrefix(rest, piece)
		}
		if ok {
			list = prefixed(list, literal+kept, r.read(inner[len(piece)+len(r.shut):], left))
		}
	}
	if left, ok := strings.CutPrefix(rest, r.open); ok {
		list = prefixed(list, literal+r.open, r.read(inner, left))
	}
	return list
}

// pieces returns the possible contents of an open marker: the text up to one of the next closing markers.
func pieces(inner, shut string) (list []string) {
	for at := range inner {
		if at > 0 && strings.HasPrefix(inner[at:], shut) && len(list) < maxReadings {
			list = append(list, inner[:at])
		}
	}
	return list
}

// prefixed appends each reading with a prefix, up to maxReadings.
func prefixed(list []string, prefix string, rest []string) []string {
	for _, r := range rest {
		if len(list) < maxReadings {
			list = append(list, prefix+r)
		}
	}
	return list
}

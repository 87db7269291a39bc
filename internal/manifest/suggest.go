package manifest

import "strings"

// didYouMean is ": did you mean x?" for the known word nearest to a mistyped one, or nothing when none is near.
// Of more words than a team has it tells none: a file of a megabyte must not keep anybody waiting.
func didYouMean(word string, known []string) string {
	const most = 200
	if len(known) > most {
		return ""
	}
	best, least := "", 1+len(word)/3
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d <= least && (best == "" || d < least) {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return ": did you mean " + best + "?"
}

// elsewhere tells where in such a file an unknown key would be known, after the nearest one that is known here.
func (r *reader) elsewhere(key string, known []string) string {
	if near := didYouMean(key, known); near != "" {
		return near
	}
	if r.known == nil {
		return ""
	}
	for _, full := range r.known() {
		if above, ok := strings.CutSuffix(full, "."+key); ok {
			return ": it belongs below " + strings.TrimSuffix(strings.TrimSuffix(above, itemsOfList), itemsOfMap)
		}
		if full == key {
			return ": it belongs to the outermost level"
		}
	}
	return ""
}

// distance counts the letters to put in, take out or exchange to get from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

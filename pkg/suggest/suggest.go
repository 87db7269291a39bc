// Package suggest finds the known word that is most similar to a mistyped one. Start with [Nearest].
//
// Word lists and the texts of suggestions do not belong here.
package suggest

import "strings"

// mostKnown limits the number of known words, so that a huge file does not cause a delay.
const mostKnown = 200

// Nearest returns the known word that differs from a word in the fewest letters, and in at most a third of them, ignoring case. It
// returns the empty string if there is none, or if more than 200 words are known.
func Nearest(word string, known []string) string {
	if len(known) > mostKnown {
		return ""
	}
	best, least := "", 1+len(word)/3
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d <= least && (best == "" || d < least) {
			best, least = k, d
		}
	}
	return best
}

// distance counts the letters to insert, delete or replace to get from a to b.
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

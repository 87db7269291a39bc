// Package suggest finds the known word that a mistyped one was probably meant to be.
//
// It knows no words of its own, and how the suggestion is put into a sentence is its caller's.
package suggest

import "strings"

// mostKnown bounds the known words: a file of a megabyte must not keep anybody waiting.
const mostKnown = 200

// Nearest is the known word that is at most a third of its letters away from a word, letter case aside; empty when none is,
// or when more than 200 are known.
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

package graphql

import (
	"sort"
	"strings"
)

// didYouMean returns GitLab's hint at a name like an unknown one, "" if there is none.
func didYouMean(name string, known []string) string {
	var quoted []string
	for _, s := range suggestions(name, known) {
		quoted = append(quoted, "`"+s+"`")
	}
	switch n := len(quoted); n {
	case 0:
		return ""
	case 1:
		return " (Did you mean " + quoted[0] + "?)"
	default:
		return " (Did you mean " + strings.Join(quoted[:n-1], ", ") + " or " + quoted[n-1] + "?)"
	}
}

// suggestions returns the known names that a name is likely to mean: all with few wrong letters, else the most similar.
func suggestions(name string, known []string) []string {
	input := strings.ToLower(name)
	threshold := 0.834
	if len(input) <= 3 {
		threshold = 0.77
	}
	var similar []string
	for _, word := range known {
		if word != name && similarity(strings.ToLower(word), input) >= threshold {
			similar = append(similar, word)
		}
	}
	sort.SliceStable(similar, func(a, b int) bool { return similarity(similar[a], input) > similarity(similar[b], input) })
	var mistyped, misspelt []string
	for _, word := range similar {
		wrong := distance(strings.ToLower(word), input)
		if wrong <= (len(input)+3)/4 {
			mistyped = append(mistyped, word)
		}
		if wrong < min(len(word), len(input)) && misspelt == nil {
			misspelt = []string{word}
		}
	}
	if mistyped != nil {
		return mistyped
	}
	return misspelt
}

// distance is the number of letters to insert, delete or replace to get from one word to the other.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

// similarity is the Jaro-Winkler similarity: 1 for equal words, 0 for words without a common letter.
func similarity(a, b string) float64 {
	jaro := jaroSimilarity(a, b)
	if jaro <= 0.7 {
		return jaro
	}
	prefix := 0
	for prefix < min(4, len(a), len(b)) && a[prefix] == b[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*0.1*(1-jaro)
}

func jaroSimilarity(a, b string) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	inA, inB := matches(a, b)
	if len(inA) == 0 {
		return 0
	}
	swapped := 0
	for n := range inA {
		if inA[n] != inB[n] {
			swapped++
		}
	}
	m := float64(len(inA))
	return (m/float64(len(a)) + m/float64(len(b)) + (m-float64(swapped/2))/m) / 3
}

// matches returns the letters of each word that the other has near the same place, in the order of each.
func matches(a, b string) (inA, inB []byte) {
	reach := max(len(b)/2-1, 0)
	used := make([]bool, len(b))
	for i := range len(a) {
		for j := max(i-reach, 0); j < min(i+reach+1, len(b)); j++ {
			if !used[j] && a[i] == b[j] {
				used[j] = true
				inA = append(inA, a[i])
				break
			}
		}
	}
	for j, yes := range used {
		if yes {
			inB = append(inB, b[j])
		}
	}
	return inA, inB
}

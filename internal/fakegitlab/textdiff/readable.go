package textdiff

import (
	"slices"
	"unicode"
)

// readable makes a difference easier to read: fewer, larger changes, with edges between words.
func readable(all []Piece) []Piece {
	if out, changed := swallow(all); changed {
		all = merge(out)
	}
	return overlaps(align(all))
}

// swallow makes changes of equalities that are no longer than the changes on both sides.
func swallow(all []Piece) (out []Piece, changed bool) {
	var equalities []int
	var before, after size
	pending := false
	for n := 0; n < len(all); n++ {
		p := all[n]
		if p.Kind == Equal {
			equalities = append(equalities, n)
			before, after, pending = after, size{}, true
			continue
		}
		after.add(p)
		top := len(equalities) - 1
		if !pending || top < 0 || !before.covers(all[equalities[top]]) || !after.covers(all[equalities[top]]) {
			continue
		}
		at := equalities[top]
		all = slices.Insert(all, at, Piece{Deleted, all[at].Text})
		all[at+1].Kind = Inserted
		equalities = equalities[:max(top-1, 0)]
		n = -1
		if last := len(equalities) - 1; last >= 0 {
			n = equalities[last]
		}
		before, after, pending, changed = size{}, size{}, false, true
	}
	return all, changed
}

// size is the length of what was deleted and inserted.
type size struct{ deleted, inserted int }

func (s *size) add(p Piece) {
	if p.Kind == Deleted {
		s.deleted += len(p.Text)
	} else {
		s.inserted += len(p.Text)
	}
}

func (s size) covers(p Piece) bool { return len(p.Text) <= max(s.deleted, s.inserted) }

// align moves each change between two equalities to where its edges are between words, lines or at the ends.
func align(all []Piece) []Piece {
	for n := 1; n < len(all)-1; n++ {
		if all[n-1].Kind != Equal || all[n].Kind == Equal || all[n+1].Kind != Equal {
			continue
		}
		left, edit, right := bestPlace(all[n-1].Text, all[n].Text, all[n+1].Text)
		all[n-1].Text, all[n].Text, all[n+1].Text = left, edit, right
		if len(right) == 0 {
			all = slices.Delete(all, n+1, n+2)
		}
		if len(left) == 0 {
			all = slices.Delete(all, n-1, n)
			n--
		}
	}
	return all
}

// bestPlace shifts a change to the left as far as possible, and then to the right; the last of the best places wins.
func bestPlace(left, edit, right []rune) (bestLeft, best, bestRight []rune) {
	n := suffix(left, edit)
	common := edit[len(edit)-n:]
	left, edit, right = left[:len(left)-n], slices.Concat(common, edit[:len(edit)-n]), slices.Concat(common, right)
	bestLeft, best, bestRight = left, edit, right
	score := edge(left, edit) + edge(edit, right)
	for len(edit) > 0 && len(right) > 0 && edit[0] == right[0] {
		left = slices.Concat(left, edit[:1])
		edit = slices.Concat(edit[1:], right[:1])
		right = right[1:]
		if now := edge(left, edit) + edge(edit, right); now >= score {
			score, bestLeft, best, bestRight = now, left, edit, right
		}
	}
	return bestLeft, best, bestRight
}

// edge rates the place between two texts, from 6 for an end to 0 for the inside of a word.
func edge(one, two []rune) int {
	if len(one) == 0 || len(two) == 0 {
		return 6
	}
	a, b := one[len(one)-1], two[0]
	switch {
	case isBreak(a) || isBreak(b):
		return 4
	case !isWord(a) && !unicode.IsSpace(a) && unicode.IsSpace(b):
		return 3 // after a sentence
	case unicode.IsSpace(a) || unicode.IsSpace(b):
		return 2
	case !isWord(a) || !isWord(b):
		return 1
	}
	return 0
}

func isBreak(r rune) bool { return r == '\n' || r == '\r' }

func isWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// overlaps makes an equality of what a deletion ends with and the insertion after it begins with, or the other way
// round, if it is at least half of one of them.
func overlaps(all []Piece) []Piece {
	for n := 1; n < len(all); n++ {
		if all[n-1].Kind != Deleted || all[n].Kind != Inserted {
			continue
		}
		gone, come := all[n-1].Text, all[n].Text
		k, turned := overlap(gone, come), overlap(come, gone)
		switch {
		case k >= turned && large(k, gone, come):
			all[n-1].Text, all[n].Text = gone[:len(gone)-k], come[k:]
			all = slices.Insert(all, n, Piece{Equal, come[:k]})
			n++
		case k < turned && large(turned, gone, come):
			all[n-1] = Piece{Inserted, come[:len(come)-turned]}
			all[n] = Piece{Deleted, gone[turned:]}
			all = slices.Insert(all, n, Piece{Equal, gone[:turned]})
			n++
		}
		n++
	}
	return slices.DeleteFunc(all, func(p Piece) bool { return len(p.Text) == 0 })
}

func large(n int, a, b []rune) bool { return n > 0 && (2*n >= len(a) || 2*n >= len(b)) }

// overlap is the length of the longest end of one text with which the other begins.
func overlap(one, two []rune) int {
	for n := min(len(one), len(two)); n > 0; n-- {
		if prefix(one[len(one)-n:], two) == n {
			return n
		}
	}
	return 0
}

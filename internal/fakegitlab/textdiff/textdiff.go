// Package textdiff compares two short texts character by character, the way GitLab shows a changed title. Start with
// Compare. How a difference is marked up is not here but in package edit.
package textdiff

import "slices"

// Kind says whether a piece is in both texts.
type Kind int

// The kinds of pieces.
const (
	Equal Kind = iota
	Deleted
	Inserted
)

// Piece is a piece of one of the texts, or of both.
type Piece struct {
	Kind Kind
	Text []rune
}

// Compare returns the pieces of two texts: the shortest difference, in which short equalities between large changes are
// changes too, and edges lie between words where they can.
func Compare(before, after string) []Piece {
	return readable(compare([]rune(before), []rune(after)))
}

// compare returns the shortest difference, or nearly that if half of the longer text is in both.
func compare(a, b []rune) []Piece {
	head := prefix(a, b)
	tail := suffix(a[head:], b[head:])
	middle := changed(a[head:len(a)-tail], b[head:len(b)-tail])
	all := append([]Piece{{Equal, a[:head]}}, middle...)
	return merge(append(all, Piece{Equal, a[len(a)-tail:]}))
}

// changed compares texts that have no common beginning or end.
func changed(a, b []rune) []Piece {
	switch {
	case len(a) == 0 || len(b) == 0:
		return []Piece{{Deleted, a}, {Inserted, b}}
	case index(a, b, 0) >= 0:
		at := index(a, b, 0)
		return []Piece{{Deleted, a[:at]}, {Equal, b}, {Deleted, a[at+len(b):]}}
	case index(b, a, 0) >= 0:
		at := index(b, a, 0)
		return []Piece{{Inserted, b[:at]}, {Equal, a}, {Inserted, b[at+len(a):]}}
	case len(a) == 1 || len(b) == 1:
		return []Piece{{Deleted, a}, {Inserted, b}}
	}
	if h, ok := halfMatch(a, b); ok {
		left := append(compare(a[:h.a], b[:h.b]), Piece{Equal, a[h.a : h.a+h.length]})
		return append(left, compare(a[h.a+h.length:], b[h.b+h.length:])...)
	}
	x, y, ok := middleSnake(a, b)
	if !ok {
		return []Piece{{Deleted, a}, {Inserted, b}}
	}
	return append(compare(a[:x], b[:y]), compare(a[x:], b[y:])...)
}

// match is a text that is at two places.
type match struct{ a, b, length int }

// halfMatch finds a text in both that has at least half of the length of the longer one. It looks from a quarter and
// from the middle of that.
func halfMatch(a, b []rune) (match, bool) {
	if len(a) < len(b) {
		m, ok := halfMatch(b, a)
		return match{m.b, m.a, m.length}, ok
	}
	if len(a) < 4 || len(b)*2 < len(a) {
		return match{}, false
	}
	quarter, half := matchFrom(a, b, (len(a)+3)/4), matchFrom(a, b, (len(a)+1)/2)
	best := half
	if quarter.length > half.length {
		best = quarter
	}
	return best, best.length*2 >= len(a) && best.length > 0
}

// matchFrom finds the longest text in both that contains the quarter of a that begins at a position. Matches below half
// of a do not count.
func matchFrom(a, b []rune, from int) match {
	var best match
	seed := a[from : from+len(a)/4]
	for at := index(b, seed, 0); at >= 0; at = index(b, seed, at+1) {
		after, before := prefix(a[from:], b[at:]), suffix(a[:from], b[:at])
		if before+after > best.length {
			best = match{from - before, at - before, before + after}
		}
	}
	if best.length*2 < len(a) {
		return match{}
	}
	return best
}

// merge joins neighbours of one kind, moves what deletions and insertions have in common out of them, and drops empty
// pieces, until nothing changes.
func merge(all []Piece) []Piece {
	for {
		merged, moved := shift(join(all))
		if !moved {
			return merged
		}
		all = merged
	}
}

// join leaves at most one deletion and one insertion between two equalities.
func join(all []Piece) []Piece {
	var out []Piece
	var deleted, inserted, carry []rune
	flush := func() {
		head := prefix(deleted, inserted)
		out = appendEqual(out, deleted[:head])
		deleted, inserted = deleted[head:], inserted[head:]
		tail := suffix(deleted, inserted)
		carry = deleted[len(deleted)-tail:]
		out = appendPiece(out, Piece{Deleted, deleted[:len(deleted)-tail]})
		out = appendPiece(out, Piece{Inserted, inserted[:len(inserted)-tail]})
		deleted, inserted = nil, nil
	}
	for _, p := range all {
		switch {
		case len(p.Text) == 0:
		case p.Kind == Deleted:
			deleted = slices.Concat(deleted, p.Text)
		case p.Kind == Inserted:
			inserted = slices.Concat(inserted, p.Text)
		default:
			flush()
			out = appendEqual(out, slices.Concat(carry, p.Text))
		}
	}
	flush()
	return appendEqual(out, carry)
}

func appendPiece(all []Piece, p Piece) []Piece {
	if len(p.Text) == 0 {
		return all
	}
	return append(all, p)
}

func appendEqual(all []Piece, text []rune) []Piece {
	if last := len(all) - 1; last >= 0 && all[last].Kind == Equal {
		all[last].Text = slices.Concat(all[last].Text, text)
		return all
	}
	return appendPiece(all, Piece{Equal, text})
}

// shift moves a change sideways over a neighbour that it ends or begins with, which removes that equality.
func shift(all []Piece) (out []Piece, moved bool) {
	for n := 1; n < len(all)-1; n++ {
		left, edit, right := all[n-1], all[n], all[n+1]
		if left.Kind != Equal || edit.Kind == Equal || right.Kind != Equal {
			continue
		}
		switch {
		case suffix(edit.Text, left.Text) == len(left.Text):
			cut := len(edit.Text) - len(left.Text)
			all[n] = Piece{edit.Kind, slices.Concat(left.Text, edit.Text[:cut])}
			all[n+1].Text = slices.Concat(left.Text, right.Text)
			return slices.Delete(all, n-1, n), true
		case prefix(edit.Text, right.Text) == len(right.Text):
			all[n-1].Text = slices.Concat(left.Text, right.Text)
			all[n] = Piece{edit.Kind, slices.Concat(edit.Text[len(right.Text):], right.Text)}
			return slices.Delete(all, n+1, n+2), true
		}
	}
	return all, false
}

// prefix is the length of the common beginning of two texts.
func prefix(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// suffix is the length of their common end.
func suffix(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

// index is the first place at or after from at which a part is, -1 if it is not there.
func index(text, part []rune, from int) int {
	for at := from; at+len(part) <= len(text); at++ {
		if prefix(text[at:], part) == len(part) {
			return at
		}
	}
	return -1
}

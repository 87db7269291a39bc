package textdiff

// search walks the grid of two texts from one corner, along the paths with the fewest changes. far has how far it came on
// each diagonal, -1 where it was not.
type search struct {
	a, b       []rune
	back       bool // from the end
	far        []int
	from, upto int // diagonals left out because they run over an edge
}

func newSearch(a, b []rune, back bool, reach int) *search {
	s := &search{a: a, b: b, back: back, far: make([]int, 2*reach+2)}
	for n := range s.far {
		s.far[n] = -1
	}
	s.far[reach+1] = 0
	return s
}

// middleSnake finds where a shortest difference of two texts can be cut in two: searches from both ends meet there. ok is
// false if they have nothing in common.
func middleSnake(a, b []rune) (x, y int, ok bool) {
	reach := (len(a) + len(b) + 1) / 2
	delta := len(a) - len(b)
	odd := delta%2 != 0
	front, back := newSearch(a, b, false, reach), newSearch(a, b, true, reach)
	for d := range reach {
		if k, at := front.step(d, reach, func(k, at int) bool { return odd && back.meets(reach+delta-k, len(a)-at) }); at >= 0 {
			return at, at - k, true
		}
		met := -1
		_, at := back.step(d, reach, func(k, at int) bool {
			other := reach + delta - k
			if odd || other < 0 || other >= 2*reach || front.far[other] < len(a)-at || front.far[other] < 0 {
				return false
			}
			met = other
			return true
		})
		if at >= 0 {
			x := front.far[met]
			return x, x - (met - reach), true
		}
	}
	return 0, 0, false
}

// meets reports whether the search came at least as far on a diagonal as the rest that the other search left.
func (s *search) meets(diagonal, rest int) bool {
	return diagonal >= 0 && diagonal < len(s.far)-2 && s.far[diagonal] >= 0 && s.far[diagonal] >= rest
}

// step makes one more change on each diagonal. It stops on the diagonal on which it meets the other search; otherwise
// at is -1.
func (s *search) step(d, reach int, meets func(k, at int) bool) (diagonal, at int) {
	for k := s.from - d; k <= d-s.upto; k += 2 {
		x := s.advance(k, d, reach)
		s.far[reach+k] = x
		switch {
		case x > len(s.a):
			s.upto += 2
		case x-k > len(s.b):
			s.from += 2
		case meets(k, x):
			return k, x
		}
	}
	return 0, -1
}

// advance takes the better of two changes and then follows what is equal.
func (s *search) advance(k, d, reach int) int {
	at := reach + k
	x := s.far[at+1]
	if k != -d && (k == d || s.far[at-1] >= s.far[at+1]) {
		x = s.far[at-1] + 1
	}
	for x >= max(k, 0) && x < len(s.a) && x-k < len(s.b) && s.same(x, x-k) {
		x++
	}
	return x
}

func (s *search) same(x, y int) bool {
	if s.back {
		return s.a[len(s.a)-1-x] == s.b[len(s.b)-1-y]
	}
	return s.a[x] == s.b[y]
}

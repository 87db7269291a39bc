package budget

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// span is a half-open time.
type span struct{ from, to time.Time }

// spans are times. Merged ones are in order, not empty, and do not touch.
type spans []span

// merged returns the union of spans in any order.
func (s spans) merged() spans {
	var sorted, out spans
	for _, x := range s {
		if x.from.Before(x.to) {
			sorted = append(sorted, x)
		}
	}
	stable.Sort(sorted, func(a, b span) int { return a.from.Compare(b.from) })
	for _, x := range sorted {
		if last := len(out) - 1; last >= 0 && !x.from.After(out[last].to) {
			if x.to.After(out[last].to) {
				out[last].to = x.to
			}
			continue
		}
		out = append(out, x)
	}
	return out
}

// and returns what two merged lists have in common.
func (s spans) and(other spans) spans {
	var out spans
	for a, b := 0, 0; a < len(s) && b < len(other); {
		x := span{calendar.Later(s[a].from, other[b].from), calendar.Earlier(s[a].to, other[b].to)}
		if x.from.Before(x.to) {
			out = append(out, x)
		}
		if s[a].to.Before(other[b].to) {
			a++
		} else {
			b++
		}
	}
	return out
}

// without returns the part of a merged list that is not in another.
func (s spans) without(other spans) spans {
	var out spans
	b := 0
	for _, x := range s {
		for b < len(other) && !other[b].to.After(x.from) {
			b++
		}
		at := x.from
		for n := b; n < len(other) && other[n].from.Before(x.to); n++ {
			if at.Before(other[n].from) {
				out = append(out, span{at, other[n].from})
			}
			at = calendar.Later(at, other[n].to)
		}
		if at.Before(x.to) {
			out = append(out, span{at, x.to})
		}
	}
	return out
}

// length returns the length of a merged list.
func (s spans) length() (sum time.Duration) {
	for _, x := range s {
		sum += x.to.Sub(x.from)
	}
	return sum
}

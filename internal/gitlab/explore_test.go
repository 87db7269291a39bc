package gitlab

import (
	"net/http"
	"os"
	"slices"
)

// bounded returns one preemption less, but two at least of two actors and one of more, unless the large tests run whole.
func bounded(bound, actors int) int {
	if os.Getenv("PRODCTL_MATRIX") == "whole" {
		return bound
	}
	return min(bound, max(bound-1, 4-actors, 1))
}

// explore calls run once for every order of its steps within the bound, which is the number of preemptions: how often an actor that could
// continue has to wait for another. run gets the chooser of a schedule, which picks one of the actors that are ready; the same choices must
// lead to the same steps. It returns the number of schedules.
func explore(bound int, run func(choose func(ready []int) int)) int {
	var prefix []int
	for count := 1; ; count++ {
		var taken, options []int
		last, preemptions := -1, 0
		run(func(ready []int) int {
			slices.Sort(ready)
			if n := slices.Index(ready, last); n > 0 { // the last actor first, so that choice 0 lets it continue
				ready = slices.Concat([]int{last}, ready[:n], ready[n+1:])
			}
			may := len(ready)
			if ready[0] == last && preemptions == bound {
				may = 1
			}
			choice := 0
			if n := len(taken); n < len(prefix) {
				choice = prefix[n]
			}
			if ready[0] == last && choice > 0 {
				preemptions++
			}
			taken, options = append(taken, choice), append(options, may)
			last = ready[choice]
			return last
		})
		n := len(taken) - 1
		for ; n >= 0 && taken[n]+1 >= options[n]; n-- {
		}
		if n < 0 {
			return count
		}
		prefix = append(taken[:n:n], taken[n]+1)
	}
}

// interleave runs the actors one step at a time. Each asks for its turn before a step.
func interleave(actors []func(turn func()), choose func(ready []int) int) {
	type actor struct{ asks, granted chan struct{} }
	var all []actor
	waiting := map[int]bool{}
	arrive := func(n int) {
		if _, ok := <-all[n].asks; ok {
			waiting[n] = true
		}
	}
	for _, run := range actors {
		a := actor{make(chan struct{}), make(chan struct{})}
		all = append(all, a)
		go func() {
			run(func() { a.asks <- struct{}{}; <-a.granted })
			close(a.asks)
		}()
		arrive(len(all) - 1)
	}
	for len(waiting) > 0 {
		var ready []int
		for n := range waiting {
			ready = append(ready, n)
		}
		n := choose(ready)
		delete(waiting, n)
		all[n].granted <- struct{}{}
		arrive(n)
	}
}

// takingTurns makes each request of a client a step of an actor.
func takingTurns(turn func()) func(*Options) {
	return func(o *Options) {
		inner := o.Transport
		o.Parallel = 1
		o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			turn()
			return inner.RoundTrip(r)
		})
	}
}

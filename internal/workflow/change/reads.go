package change

import (
	"errors"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// reads runs reads in parallel and keeps all their errors: what was read counts, whatever else could not be read.
type reads struct {
	running sync.WaitGroup
	mu      sync.Mutex
	number  int
	errs    []error
}

func (r *reads) read(f func() error) {
	r.mu.Lock()
	r.number++
	r.mu.Unlock()
	r.running.Go(func() {
		if err := f(); err != nil {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.errs = append(r.errs, err)
		}
	})
}

func (r *reads) wait() { r.running.Wait() }

// worst returns the error that decides about the exit code: an interruption, then a refusal, any other, or that GitLab did not answer; nil
// if everything was read.
func (r *reads) worst() error {
	order := []fault.Kind{fault.Interrupted, fault.Auth, fault.Failed, fault.Refused, fault.Usage, fault.Unreachable}
	for _, kind := range order {
		for _, err := range r.errs {
			if fault.KindOf(err) == kind {
				return err
			}
		}
	}
	return errors.Join(r.errs...)
}

// silent reports whether nothing at all was read, because GitLab did not answer.
func (r *reads) silent() bool {
	return r.number > 0 && len(r.errs) == r.number && fault.KindOf(r.worst()) == fault.Unreachable
}

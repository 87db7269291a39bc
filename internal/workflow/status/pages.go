package status

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// PageReader reads the first page of a list of issues.
type PageReader interface {
	IssuePage(ctx context.Context, in target.Target, q issue.Query) (milestone.Page, error)
}

// pages reads first pages, each once however many rules ask for it. A rule that gives up must not stop the others, so they are read within
// the context of the whole status.
type pages struct {
	ctx   context.Context
	read  PageReader
	mu    sync.Mutex
	known map[string]*entry
}

type entry struct {
	there chan struct{} // closed when the page is there
	page  milestone.Page
	err   error
}

// of returns the first page of a list.
func (p *pages) of(in target.Target, q issue.Query) (milestone.Page, error) {
	e, first := p.entry(in, q)
	if first {
		e.page, e.err = p.read.IssuePage(p.ctx, in, q)
		close(e.there)
	}
	<-e.there
	return e.page, e.err
}

// entry returns the page, and whether the caller is the first to ask for it.
func (p *pages) entry(in target.Target, q issue.Query) (e *entry, first bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := fmt.Sprintf("%+v %+v", in, q)
	if p.known[key] == nil {
		p.known[key], first = &entry{there: make(chan struct{})}, true
	}
	return p.known[key], first
}

// count returns how many pages were read.
func (p *pages) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.known)
}

// errLonger is the error of a gate that is open by the first pages of longer lists.
const errLonger NotRead = "a list of issues is longer than one page"

// firstPages is a lister of issues that reads no more than the first page of each list.
type firstPages struct {
	*pages
	instead func(issue.Query) (wider []issue.Query, ok bool) // lists that are read anyway and contain another one
	more    bool                                             // a list was longer
	mu      sync.Mutex
}

// Issues streams the issues of the first page.
func (l *firstPages) Issues(_ context.Context, in target.Target, q issue.Query) iter.Seq2[issue.Issue, error] {
	return func(yield func(issue.Issue, error) bool) {
		asked := []issue.Query{q}
		if wider, ok := l.instead(q); ok {
			asked = wider
		}
		for _, a := range asked {
			page, err := l.of(in, a)
			if err != nil {
				yield(issue.Issue{}, err)
				return
			}
			l.note(page.More)
			for _, i := range page.Issues {
				if matches(i, q) && !yield(i, nil) {
					return
				}
			}
		}
	}
}

func (l *firstPages) note(more bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.more = l.more || more
}

// matches reports whether a list with labels and a state contains an issue of a wider list.
func matches(i issue.Issue, q issue.Query) bool {
	lacks := func(label string) bool { return !i.Has(label) }
	return (q.State == "" || i.State == q.State) && !slices.ContainsFunc(q.Labels, lacks)
}

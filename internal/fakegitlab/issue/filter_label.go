package issue

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// This file has the filters of the issue lists by label.

// labels requires all the labels. If none or any is among them, only that counts. Within a project or group the labels
// are looked up first, and a label named twice is one less than asked for: nothing is found.
func (q *query) labels(c *rest.Call) {
	names := c.Params.Names("labels").Value
	q.byLabels = names
	switch {
	case slices.ContainsFunc(names, isNone):
		q.add(isLabelled, true)
	case slices.ContainsFunc(names, isAny):
		q.add(isLabelled, false)
	case c.Params.Has("id") && hasTwice(names):
		q.add(func(*store.Issue) bool { return false }, false)
	default:
		for _, name := range names {
			q.add(labelled(name, c.Store.Edition.Paid()), false)
		}
	}
}

// notLabels leaves out issues with any of the labels. The words for none and any are names like others.
func (q *query) notLabels(c *rest.Call, p *param.Params) {
	for _, name := range p.Names("labels").Value {
		q.add(labelled(name, c.Store.Edition.Paid()), true)
	}
}

func isLabelled(i *store.Issue) bool { return len(i.Labels) > 0 }

// labelled compares names exactly. With scopes, key::* is any label of that scope.
func labelled(name string, scopes bool) predicate {
	scope, wild := strings.CutSuffix(name, "::*")
	return func(i *store.Issue) bool {
		for _, l := range i.Labels {
			if l.Name == name || scopes && wild && l.Scope() == scope {
				return true
			}
		}
		return false
	}
}

func hasTwice(names []string) bool {
	for n, name := range names {
		if slices.Contains(names[:n], name) {
			return true
		}
	}
	return false
}

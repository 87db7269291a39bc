package incident

import (
	"fmt"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// findByKey finds the event with the key from --key or --new and with the same words. If the key was used for other words, the event gets
// a key of its own: a key that others may use as well must not suppress words.
func (e *Event) findByKey(all []eventlog.Event, event eventlog.Event, key *issue.IdempotencyKey) (eventlog.Event, bool) {
	if !e.Inputs.explicitKey() {
		return eventlog.Event{}, false
	}
	for _, name := range []issue.IdempotencyKey{*key, workflow.WordedKey(*key, fmt.Sprint(event.Text, withoutClose(event.Fields)))} {
		own, err := idempotency.NewKey(name.Kind, name.Name)
		used := func(old eventlog.Event) bool { return err == nil && old.Trusted && old.Key == own.String() }
		same := func(old eventlog.Event) bool { return used(old) && eventlog.SameContent(old, event) }
		if at := slices.IndexFunc(all, same); at >= 0 {
			return all[at], true
		}
		*key = name
		if !slices.ContainsFunc(all, used) {
			break
		}
		e.reused = true
	}
	return eventlog.Event{}, false
}

package quickaction

import (
	"net/http"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// allowedToAI are the quick actions of tokens for AI workflows: they set what the parameters of a request can set too.
const allowedToAI = " label unlabel relabel milestone remove_milestone assign unassign reassign title due remove_due_date " +
	"estimate remove_estimate status "

// Refuse returns the refusal of commands that a token for AI workflows may not run; nil if there are none. GitLab's
// community edition has no such tokens.
func Refuse(s *store.Store, t *store.Token, commands []Command) error {
	if t == nil || !s.Edition.Enterprise() || !slices.Contains(t.Scopes, store.AIScope) {
		return nil
	}
	var blocked []string
	for _, c := range commands {
		if !strings.Contains(allowedToAI, " "+c.name+" ") {
			blocked = append(blocked, c.name)
		}
	}
	if len(blocked) == 0 {
		return nil
	}
	return failure.Text(http.StatusForbidden,
		"403 Forbidden - Quick actions "+strings.Join(blocked, ", ")+" cannot be used with AI workflows.")
}

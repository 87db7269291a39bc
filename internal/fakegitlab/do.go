package fakegitlab

import (
	"fmt"
	"net/http"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Do carries out one request as the named user, past faults, limits, latency and journal: somebody else works on the
// same GitLab while the program under test does. The path lies below /api/v4; a body that begins with { is JSON, any
// other a form. It panics on an impossible
// path and if there is no such user, since that is a mistake in the test.
func (s *Server) Do(username, method, path, body string) (status int, answer string) {
	s.mu.RLock()
	u, root := s.store.UserNamed(username), s.base.Root
	s.mu.RUnlock()
	if u == nil {
		panic(fmt.Sprintf("fakegitlab: Do as %q, who is no user of this instance", username))
	}
	r, err := http.NewRequest(method, root+"/api/v4"+path, strings.NewReader(body))
	if err != nil {
		panic(fmt.Sprintf("fakegitlab: Do: %v", err))
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	x := s.newExchange(r)
	x.User, x.token = u, &store.Token{User: u, Kind: store.PersonalToken, Scopes: []string{"api"}}
	rep := s.answer(x)
	return rep.Status, string(rep.Body)
}

// MustDo is Do for a request that must succeed; it panics with the answer otherwise.
func (s *Server) MustDo(username, method, path, body string) string {
	status, answer := s.Do(username, method, path, body)
	if status >= http.StatusBadRequest {
		panic(fmt.Sprintf("fakegitlab: %s %s as %s: %d %s", method, path, username, status, answer))
	}
	return answer
}

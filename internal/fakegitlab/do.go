package fakegitlab

import (
	"fmt"
	"net/http"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Do carries out one request as the named user, without faults, limits, latency or request log: a second person who
// uses the same GitLab while the program under test runs. The path is relative to /api/v4; a body that begins with {
// is JSON, any other is a form. Do panics on an invalid path and on an unknown user, because both are mistakes in
// the test.
func (s *Server) Do(username, method, path, body string) (status int, answer string) {
	s.deliver()
	s.mu.RLock()
	u, root := s.store.UserNamed(username), s.base.Root
	s.mu.RUnlock()
	if u == nil {
		panic(fmt.Sprintf("fakegitlab: Do: user %q not found", username))
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
	x.User, x.Token = u, &store.Token{User: u, Kind: store.PersonalToken, Scopes: []string{"api", "sudo"}}
	rep := s.answer(x)
	return rep.Status, string(rep.Body)
}

// MustDo is Do for a request that must succeed; otherwise it panics with the answer.
func (s *Server) MustDo(username, method, path, body string) string {
	status, answer := s.Do(username, method, path, body)
	if status >= http.StatusBadRequest {
		panic(fmt.Sprintf("fakegitlab: %s %s as %s: %d %s", method, path, username, status, answer))
	}
	return answer
}

package transport

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	permissions "gitlab.com/prodctl/prodctl/pkg/permission"
)

// permission is what a fine-grained token lacks for a request, as GitLab's refusal names it. A group that requires such tokens refuses
// tokens with scopes in the same words.
type permission struct {
	names      []string // create_issue or, since GitLab 19, "Work Item: Create"
	place      string   // full path; empty: the user or the instance
	undeclared bool     // GitLab offers no permission for the request
}

// refusedPermission reads a refusal; nil if it is another one.
func refusedPermission(body []byte) *permission {
	var doc struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(body, &doc) != nil || doc.Error != "insufficient_granular_scope" {
		return nil
	}
	names := regexp.MustCompile(`\[([^\]]*)\]`).FindStringSubmatch(doc.Description) // compiled here, because refusals are rare
	if names == nil {
		return &permission{undeclared: true}
	}
	p := permission{}
	for name := range strings.SplitSeq(names[1], ",") {
		if name = OneLine(name, 60); name != "" {
			p.names = append(p.names, name)
		}
	}
	if place := regexp.MustCompile(` for "([^"]*)"`).FindStringSubmatch(doc.Description); place != nil {
		p.place = OneLine(place[1], 200)
	}
	p.undeclared = len(p.names) == 0
	return &p
}

// noQueries is GitLab's answer to a GraphQL query of a fine-grained token.
const noQueries = "Granular tokens are not yet supported"

// QueryError is the error for a GraphQL query that GitLab answered with a message.
func (t *Transport) QueryError(message string) *Error {
	e := &Error{Method: http.MethodPost, Path: "graphql", Attempts: 1, Status: http.StatusOK, Message: message, host: t.Host()}
	if strings.Contains(message, noQueries) {
		e.permission = &permission{undeclared: true}
	}
	return e
}

// cause says what the token lacks.
func (p permission) cause() string {
	if p.undeclared {
		return "GitLab offers no permission for this to fine-grained tokens"
	}
	text := "the token lacks the permission " + strings.Join(p.names, " and ")
	if p.place != "" {
		text += " in " + p.place
	}
	return text
}

// hint names what to pick in GitLab: it offers groups of permissions.
func (p permission) hint(host string) string {
	if p.undeclared {
		return newTokenHint(host, "api")
	}
	var picks []string
	for _, name := range p.names {
		if pick := permissions.Pick(name); !slices.Contains(picks, pick) {
			picks = append(picks, pick)
		}
	}
	where := ""
	if p.place != "" {
		where = " for " + p.place
	}
	return "Create a fine-grained token with " + strings.Join(picks, " and ") + where + ": " +
		fault.Quote(host+"/-/user_settings/personal_access_tokens")
}

package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// FaultKind is permission, unreachable, interrupted, or failed.
func (e *Error) FaultKind() fault.Kind {
	switch {
	case errors.Is(e.Err, context.Canceled):
		return fault.Interrupted
	case e.Class == fault.Dropped, e.Class == fault.NotFound, e.Class == fault.Taken,
		e.Class == fault.NotOffered && !e.Denied:
		return fault.Failed
	case e.ReadOnly():
		return fault.Unreachable
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden, e.permission != nil, e.page && e.Status < 300, e.signIn():
		return fault.Auth
	case e.Status < 300, e.Status == http.StatusRequestTimeout, e.Status == http.StatusTooManyRequests, e.Status >= 500, e.Err != nil:
		return fault.Unreachable
	}
	return fault.Failed
}

// Hints that several errors share. Where the caller prints the command line to retry, it replaces "run the same command again".
const (
	hintDown    = "Check that GitLab is up, then run the same command again"
	hintLater   = "Wait, then run the same command again"
	hintNewPath = "Put the new path into .prodctl.yaml, then run: prodctl doctor"
)

// FaultHint is what to do next; empty when there is nothing better than the message.
func (e *Error) FaultHint() string {
	switch {
	case e.Class == fault.Taken:
		return "Choose another name: a parent group or a subproject that the token cannot see uses this one"
	case e.Class == fault.Dropped:
		return "To see what your role may not set, run: prodctl doctor"
	case e.ReadOnly():
		return "Wait until the maintenance of GitLab is over, then run the same command again"
	case e.permission != nil:
		return e.permission.hint(e.host)
	case e.forAI():
		return newTokenHint(e.host, "api")
	case e.typeSwitchedOff():
		return "Ask a Maintainer to allow the type there"
	case e.missingScope != "":
		return newTokenHint(e.host, e.missingScope)
	case e.Status == http.StatusUnauthorized:
		return tokenHint(e.host)
	case e.Status == http.StatusForbidden:
		return e.roleHint()
	case e.Status == http.StatusNotFound:
		return e.notFoundHint()
	case e.Status == http.StatusMethodNotAllowed && strings.Contains(e.Message, "moved"):
		return hintNewPath
	case e.page && e.Status < 300, e.signIn():
		return "Check --host, or sign in to the proxy or single sign-on in front of GitLab"
	case e.MovedTo != "":
		return hintNewPath
	case e.Class == fault.Busy:
		return hintLater
	case e.location != "":
		return "Set --host to the address that GitLab redirects to"
	case e.limitedUntil != "", e.Status == http.StatusTooManyRequests, e.outlasted():
		return hintLater
	}
	return e.wireHint()
}

// wireHint is for requests that reached no server, or a server that failed.
func (e *Error) wireHint() string {
	if refused, ok := errors.AsType[*tls.CertificateVerificationError](e.Err); ok {
		_, hint := certificateProblem(refused)
		return hint
	}
	if proxy, ok := errors.AsType[*proxyRefusal](e.Err); ok {
		return proxy.hint()
	}
	if plainHTTP(e.Err) {
		return "Check --host: the server does not use HTTPS on that port"
	}
	if dns, ok := errors.AsType[*net.DNSError](e.Err); ok && dns.IsNotFound {
		return "Check --host, PRODCTL_HOST, or host in .prodctl.yaml"
	}
	if e.FaultKind() == fault.Unreachable {
		return hintDown
	}
	return ""
}

// ReadOnly reports whether GitLab refuses all writes for a while, whoever sends them: it is in maintenance mode.
func (e *Error) ReadOnly() bool {
	text := strings.ToLower(e.Message)
	return e.Status == http.StatusForbidden && (strings.Contains(text, "read-only instance") || strings.Contains(text, "maintenance"))
}

// forAI reports whether GitLab refuses quick actions because the token is one for AI workflows.
func (e *Error) forAI() bool {
	return e.Status == http.StatusForbidden && strings.Contains(e.Message, "cannot be used with AI workflows")
}

// typeSwitchedOff reports whether the project or group does not allow issues of the type.
func (e *Error) typeSwitchedOff() bool {
	return e.Status == http.StatusBadRequest && strings.Contains(e.Message, "is disabled or archived")
}

func (e *Error) signIn() bool {
	return e.location != "" && (strings.Contains(e.location, "sign_in") || strings.Contains(e.location, "login"))
}

// roleHint names the role that prodctl needs for what was attempted, unless every role will do. Doctor shows the user's role, and also
// finds an archived project, in which nobody may write.
func (e *Error) roleHint() string {
	r := parsePath(e.Path)
	if r.kind == "" || len(r.rest) == 0 || e.Method == http.MethodGet {
		return "Check your role and the token's scopes: prodctl doctor"
	}
	place := r.kind + " " + r.owner
	switch what := r.rest[0]; {
	case what == "issues" && len(r.rest) == 2 && e.Method == http.MethodDelete:
		return needRole("Planner or Owner", place)
	case what == "issues" && len(r.rest) > 2 && r.rest[2] == "links":
		return "Check your role in the projects of both issues: prodctl doctor"
	case what == "milestones", what == "labels", what == "boards", what == "issues" && len(r.rest) <= 2:
		return needRole("Planner or Reporter", place)
	}
	return "Check your role in " + place + ": prodctl doctor"
}

func needRole(role, place string) string {
	return "Check that you have the " + role + " role in " + place + ": prodctl doctor"
}

// notFoundHint distinguishes a wrong address from a missing object. GitLab also answers 404 for what the token may not see.
func (e *Error) notFoundHint() string {
	r := parsePath(e.Path)
	switch {
	case e.page || strings.HasPrefix(e.Message, webPagePrefix):
		return "Check --host: the server at that address is not GitLab"
	case e.Message == "404 Not Found":
		return "Check --host and the version of GitLab: prodctl doctor"
	case strings.Contains(e.Message, "Project Not Found"), strings.Contains(e.Message, "Group Not Found"), len(r.rest) == 0:
		return "Check the path of " + r.kind + " " + r.owner + " and that the token may see it: prodctl doctor"
	}
	if r.rest[0] == "issues" || r.rest[0] == "merge_requests" {
		return "Check the number: the " + strings.ReplaceAll(strings.TrimSuffix(r.rest[0], "s"), "_", " ") +
			" was deleted, or the token's user cannot see it"
	}
	return "Check that it exists and that the token's user can see it"
}

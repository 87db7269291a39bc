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

// FaultKind says how the command ends: permission, unreachable, interrupted, or just failed.
func (e *Error) FaultKind() fault.Kind {
	switch {
	case errors.Is(e.Err, context.Canceled):
		return fault.Interrupted
	case e.Class == fault.Dropped, e.Class == fault.NotFound, e.Class == fault.Taken:
		return fault.Failed
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden, e.page && e.Status < 300, e.signIn():
		return fault.Auth
	case e.Status < 300, e.Status == http.StatusRequestTimeout, e.Status == http.StatusTooManyRequests, e.Status >= 500, e.Err != nil:
		return fault.Unreachable
	}
	return fault.Failed
}

// FaultHint says what to type or look at next.
func (e *Error) FaultHint() string {
	switch {
	case e.Class == fault.Taken:
		return "it is in use where this token may not see it, in a group above or a project below: choose another, or ask its owner"
	case e.Class == fault.Dropped:
		return "GitLab leaves out what the token's user may not set, or what does not exist: prodctl doctor"
	case e.missingScope != "":
		return "the token lacks the scope " + e.missingScope + ": make one that has it, then prodctl auth login"
	case e.Status == http.StatusUnauthorized:
		return tokenHint
	case e.Status == http.StatusForbidden:
		return e.roleHint()
	case e.Status == http.StatusNotFound:
		return e.missingHint()
	case e.Status == http.StatusMethodNotAllowed && strings.Contains(e.Message, "moved"):
		return "the project was renamed: put its new path into .prodctl.yaml, then prodctl doctor"
	case e.page && e.Status < 300, e.signIn():
		return "a sign-on page or proxy stands before GitLab: check --host, or sign in there; then prodctl doctor"
	case e.MovedTo != "":
		return "put its new path into .prodctl.yaml, then prodctl doctor"
	case e.location != "":
		return "redirects to other places are not followed: put the right address into --host"
	case !e.limitedUntil.IsZero(), e.Status == http.StatusTooManyRequests:
		return "run the same command again later; it goes on where it stopped"
	}
	return e.wireHint()
}

// wireHint is for requests that found no server, or a server with a fault of its own.
func (e *Error) wireHint() string {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](e.Err); ok {
		return "the server's certificate is not trusted: name your authority's file with ca_file in .prodctl.yaml"
	}
	if plainHTTP(e.Err) {
		return "the server speaks plain http on that port: check --host"
	}
	if dns, ok := errors.AsType[*net.DNSError](e.Err); ok && dns.IsNotFound {
		return "no such host: check --host, PRODCTL_HOST or host in .prodctl.yaml"
	}
	if e.FaultKind() == fault.Unreachable {
		return "see whether GitLab is up, then run the same command again; it goes on where it stopped"
	}
	return ""
}

func (e *Error) signIn() bool {
	return e.location != "" && (strings.Contains(e.location, "sign_in") || strings.Contains(e.location, "login"))
}

// roleHint names the least role for what was tried, where GitLab documents one.
func (e *Error) roleHint() string {
	r := parsePath(e.Path)
	if len(r.rest) == 0 || e.Method == http.MethodGet {
		return "the token's user may not do that; see prodctl doctor"
	}
	what := r.rest[0]
	switch {
	case what == "issues" && len(r.rest) == 2 && e.Method == http.MethodDelete:
		return "deleting issues needs the role Planner or Owner in " + r.kind + " " + r.owner
	case what == "issues" && len(r.rest) > 2 && r.rest[2] == "notes":
		return "commenting needs at least the role Guest in " + r.kind + " " + r.owner
	case what == "issues" && len(r.rest) > 2 && r.rest[2] == "links":
		return "linking needs a role in the projects of both issues; see prodctl doctor"
	case what == "milestones", what == "labels", what == "boards", what == "issues" && len(r.rest) == 2:
		return "changing " + what + " needs the role Planner, or Reporter and above, in " + r.kind + " " + r.owner +
			", which may not be archived; see prodctl doctor"
	}
	return "the token's user may not do that in " + r.kind + " " + r.owner + "; see prodctl doctor"
}

// missingHint tells a wrong address from a missing object; GitLab says 404 for what the token may not see as well.
func (e *Error) missingHint() string {
	r := parsePath(e.Path)
	switch {
	case e.page || strings.HasPrefix(e.Message, "a web page"):
		return "the server at that address does not look like GitLab: check --host"
	case e.Message == "404 Not Found":
		return "this GitLab has no such endpoint, or its address is wrong: check --host; see prodctl doctor"
	case strings.Contains(e.Message, "Project Not Found"), strings.Contains(e.Message, "Group Not Found"), len(r.rest) == 0:
		return "check the path of " + r.kind + " " + r.owner + "; GitLab also hides what the token may not see: prodctl doctor"
	}
	return "it is not there, or the token may not see it"
}

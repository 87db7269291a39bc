// Package account tells the accounts of people from those of access tokens and of GitLab itself. Start with [Name].
//
// GitLab gives tokens accounts with made-up user names, such as project_31_bot_5f2c9a1e. People read what such an account is, and a mention
// never addresses one. Roles and requests do not belong here.
package account

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Places returns the full path of the project or group with the id; empty if it is unknown. kind is "project" or "group".
type Places func(kind string, id int64) string

var patterns = sync.OnceValue(func() struct{ token, service, deploy, own *regexp.Regexp } {
	return struct{ token, service, deploy, own *regexp.Regexp }{
		token:   regexp.MustCompile(`(?i)^(project|group)_(\d+)_bot(?:_[0-9a-z_-]*|\d*)$`),
		service: regexp.MustCompile(`(?i)^service_account_(?:(project|group)_(\d+)_)?`),
		deploy:  regexp.MustCompile(`(?i)^gitlab\+deploy-token-(\d+)$`),
		own:     regexp.MustCompile(`(?i)^(?:(ghost)|(?:gitlab-)?(support|alert|security|migration|automation)-bot)\d*$`),
	}
})

// IsPerson reports whether the user name may be that of a person. A service account with a name of its own looks like one.
func IsPerson(username string) bool { return Places(nil).name(username) == "" }

// IsDeleted reports whether GitLab gave the user name to what deleted users left.
func IsDeleted(username string) bool { return Name(username) == deleted }

const deleted = "deleted user"

// Name is how people read a user name: @mara, or what the account is, such as "project access token of project 31".
func Name(username string) string { return Places(nil).Name(username) }

// Names is [Name] for each user name, joined by the separator.
func Names(usernames []string, separator string) string {
	named := make([]string, len(usernames))
	for i, u := range usernames {
		named[i] = Name(u)
	}
	return strings.Join(named, separator)
}

// Name is [Name] with paths, such as "project access token of acme/production".
func (places Places) Name(username string) string {
	if username == "" || strings.Contains(username, " ") || strings.HasSuffix(username, ".") { // it is named already, or initials
		return username
	}
	if other := places.name(username); other != "" {
		return other
	}
	return "@" + username
}

// name is what the account is if it is not a person's; else empty.
func (places Places) name(username string) string {
	p := patterns()
	username = strings.TrimPrefix(username, "@")
	if m := p.token.FindStringSubmatch(username); m != nil {
		return places.of(strings.ToLower(m[1])+" access token", m[1], m[2])
	}
	if m := p.service.FindStringSubmatch(username); m != nil {
		return places.of("service account", m[1], m[2])
	}
	if m := p.deploy.FindStringSubmatch(username); m != nil {
		return "deploy token " + m[1]
	}
	switch m := p.own.FindStringSubmatch(username); {
	case m == nil:
		return ""
	case m[1] != "":
		return deleted
	default:
		return "GitLab's " + strings.ToLower(m[2]) + " bot"
	}
}

// of adds the place of an account, by its path or else by its id.
func (places Places) of(what, kind, number string) string {
	kind = strings.ToLower(kind)
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return what
	}
	if places != nil {
		if path := places(kind, id); path != "" {
			return what + " of " + path
		}
	}
	return what + " of " + kind + " " + number
}

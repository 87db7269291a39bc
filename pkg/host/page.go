package host

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// PagePath returns the path of a page of a GitLab, relative to its root, without query and fragment. It reports false for an address of
// another GitLab. hosts are its addresses, with a scheme. The letter case and a trailing dot of a name do not matter, nor do the default
// port, and http instead of https. The address to clone a project from is a page, too.
func PagePath(address string, hosts ...string) (path string, ok bool) {
	page, err := url.Parse(cloned(strings.TrimSpace(address)))
	if err != nil {
		return "", false
	}
	for _, host := range hosts {
		base, err := url.Parse(host)
		if err != nil || origin(page) != origin(base) || origin(page) == "" {
			continue
		}
		if path, below := strings.CutPrefix(page.Path, strings.TrimSuffix(base.Path, "/")+"/"); below {
			return "/" + path, true
		}
	}
	return "", false
}

// IsAddress reports whether a text is the address of a page, and not the path of a project or group.
func IsAddress(text string) bool {
	return strings.Contains(text, "://") || scp().MatchString(strings.TrimSpace(text))
}

// scp is the form of an address to clone from that has no scheme.
var scp = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w.-]+@([\w.-]+):([^/\s]\S*)$`) })

// cloned turns an address to clone from with SSH into that of the page. The port of SSH says nothing about it.
func cloned(address string) string {
	if m := scp().FindStringSubmatch(address); m != nil {
		return "https://" + m[1] + "/" + m[2]
	}
	if u, err := url.Parse(address); err == nil && strings.EqualFold(u.Scheme, "ssh") {
		return "https://" + u.Hostname() + u.EscapedPath()
	}
	return address
}

// oldPage is the end of the address of a page as it was before GitLab 16, and as people still write it.
var oldPage = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`/(?:issues|merge_requests|milestones|boards|work_items)/(?:incident/)?\d+(?:/.*)?$`)
})

// ProjectOf returns the full path of the project that a page belongs to.
func ProjectOf(page string) string {
	path, _, _ := strings.Cut(page, "/-/")
	path = oldPage().ReplaceAllString(path, "")
	return strings.TrimSuffix(strings.Trim(path, "/"), ".git")
}

// GroupOf returns the full path of the group that a page belongs to.
func GroupOf(page string) string { return strings.TrimPrefix(ProjectOf(page), "groups/") }

// origin returns a host, with its port unless that is the default of its scheme; empty for what is not a web address.
func origin(u *url.URL) string {
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	usual := map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
	if usual == "" {
		return ""
	}
	if port := cmp.Or(u.Port(), usual); port != usual {
		name += ":" + port
	}
	return name
}

// NewToken is the page of a GitLab instance on which a user creates a token for prodctl, with its name and scope filled in.
func NewToken(address string) string {
	return address + "/-/user_settings/personal_access_tokens?name=prodctl&scopes=api"
}

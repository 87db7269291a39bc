package host

import "testing"

func TestPagePath(t *testing.T) {
	t.Parallel()
	hosts := []string{"https://gitlab.example.com/git", "http://gitlab.corp:8080"}
	for address, want := range map[string]string{
		"https://gitlab.example.com/git/acme/x":                      "/acme/x",
		" https://gitlab.example.com/git/acme/x?a=b#c ":              "/acme/x",
		"http://GITLAB.example.com.:80/git/acme/x/":                  "/acme/x/",
		"http://gitlab.corp:8080/acme/x":                             "/acme/x",
		"https://user@gitlab.example.com/git/acme/x":                 "/acme/x",
		"https://gitlab.example.com/git/acme%2Fx":                    "/acme/x",
		"git@gitlab.example.com:git/acme/x.git":                      "/acme/x.git",
		"ssh://git@gitlab.example.com:2222/git/acme/x.git":           "/acme/x.git",
		"https://gitlab.example.com/git":                             "",
		"https://gitlab.example.com/github/acme/x":                   "",
		"https://gitlab.example.com/acme/x":                          "",
		"https://gitlab.example.com:8443/git/acme/x":                 "",
		"https://gitlab.corp/acme/x":                                 "",
		"https://evil.example/git/acme/x":                            "",
		"https://gitlab.example.com@evil.example/git/acme/x":         "",
		"https://evil.example/https://gitlab.example.com/git/acme/x": "",
		"git@evil.example:git/acme/x.git":                            "",
		"ftp://gitlab.example.com/git/acme/x":                        "",
		"://x":                                                       "",
		"https:///git/acme/x":                                        "",
	} {
		if got, ours := PagePath(address, hosts...); got != want || ours != (want != "") {
			t.Errorf("%q: %q, %v, want %q", address, got, ours, want)
		}
	}
	if got, ours := PagePath("https:///acme/x", "", "https://"); ours {
		t.Errorf("no host: %q", got)
	}
}

func TestProjectAndGroupOfAPage(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		"/acme/x": "acme/x", "/acme/x/": "acme/x", "/acme/x.git": "acme/x", "/acme/x/-/issues/8/designs": "acme/x", "/acme/x/-/tree/a/-/b": "acme/x",
		"/acme/x/issues/8": "acme/x", "/acme/x/merge_requests/8/diffs": "acme/x", "/acme/x/issues": "acme/x/issues", "/acme/issues/8x": "acme/issues/8x", "/": "", "": "",
	} {
		if got := ProjectOf(page); got != want {
			t.Errorf("%q is a page of %q, want %q", page, got, want)
		}
	}
	for page, want := range map[string]string{
		"/acme": "acme", "/groups/acme/sre/-/milestones/3": "acme/sre", "/acme/groups": "acme/groups", "/groups": "groups", "/": "",
	} {
		if got := GroupOf(page); got != want {
			t.Errorf("%q is a page of group %q, want %q", page, got, want)
		}
	}
}

func TestIsAddress(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"acme/x": false, "acme": false, "": false, "@acme": false, "acme/x@y": false, "https://h/x": true, "git@h:a/b.git": true, "deploy-1@h.example:x": true, "a:b": false,
	} {
		if IsAddress(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

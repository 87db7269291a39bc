package hook_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/hook"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func TestEnvironmentHasNoSecrets(t *testing.T) {
	t.Parallel()
	const token = "glpat-0123456789"
	kept := []string{"PATH=/bin:/home/me/bin", "HOME=/home/me", "GITLAB_HOST=https://gitlab.example.com", "SHORT=short", "ODD", "PWD=/home/me/work",
		"SSH_AUTH_SOCK=/run/agent", "XDG_CONFIG_HOME=/home/me/.config", "PYTHON_COMPAT=1", "KEYBOARD=us", "PATTERN=x", "AUTHOR=me"}
	secret := []string{"PRODCTL_TOKEN=" + token, "GITLAB_TOKEN=short", "CI_JOB_TOKEN=job-token-1",
		"CI_REPOSITORY_URL=https://gitlab-ci-token:job-token-1@gitlab.example.com/a.git", "my_secret=s3cret", "DB_PASSWORD=", "AWS_CREDENTIALS=x",
		"PRODCTL_ONCALL_ICS=https://calendar", "PRODCTL_HOOK_SLACK=https://hooks.example.com/T0/B0", "COPY=a " + token + " b", "OTHER=the keyring's one",
		"CI_JOB_JWT=eyJhbGciOi", "CI_JOB_JWT_V2=eyJhbGciOi2", "ID_JWTS=x", "GH_PAT=pat-12345678", "PAT_OF_BOT=x", "COPY_OF_PAT=y", "SEEN=pat-12345678", "DEPLOY_KEY=k",
		"AWS_ACCESS_KEY_ID=x", "MYSQL_PWD=x", "GPG_PASSPHRASE=x", "SMTP_PASS=x", "X_TOKEN_DIR=/home/me", "Y_TOKEN_DIR=/home/me/bin", "Z_TOKEN_DIR=/home/me/tokens",
		"TOKENS=/home/me/tokens/a"}
	got := hook.Environment(slices.Concat(kept, secret), nil, "keyring's", "")
	if !slices.Equal(got, kept) {
		t.Errorf("%q", got)
	}
	path := hook.Environment([]string{"Path=/a:/b", "HOME=/home/me"}, func(path string) string { return strings.TrimSuffix(path, ":/b") })
	if want := []string{"Path=/a", "HOME=/home/me"}; !slices.Equal(path, want) {
		t.Errorf("%q", path)
	}
	if got := hook.Environment([]string{"HOME=/home/me", "PATH=/bin"}, nil, "/home/me"); !slices.Equal(got, []string{"PATH=/bin"}) {
		t.Errorf("the token in use is in %q", got)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"https://hooks.example.com/services/T0/B0?x=1", "http://localhost:8080", "https://[::1]:8443/x"} {
		if err := hook.CheckAddress(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "glpat-0123456789", "ftp://x/y", "https://user:secret@hooks.example.com/", "https:///secret", "https://a b/secret", "https://h/#secret", "//h/secret"} {
		if err := hook.CheckAddress(bad); err == nil || strings.Contains(err.Error(), "secret") || bad != "" && strings.Contains(err.Error(), bad) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for address, want := range map[string]string{"": "", "https://h/secret": "https://h/hidden", "https://h?secret": "https://h/hidden", "https://h": "https://h"} {
		if got := hook.Masked(address); got != want {
			t.Errorf("%q: %q", address, got)
		}
	}
	h := hook.Hook{URL: "https://hooks.example.com/secret"}
	if got := h.Name(1); got != "hooks[1] (hooks.example.com)" {
		t.Error(got)
	}
}

func TestPrograms(t *testing.T) {
	t.Parallel()
	for name, ok := range map[string]bool{"notify-send": true, "/usr/bin/curl": true, "": false, " ": false, "./notify": false, "scripts/notify": false, `..\notify`: false} {
		if err := hook.CheckProgram(name); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Whatever people write, a chat shows it and does nothing else.
func TestMessagesDoNothing(t *testing.T) {
	t.Parallel()
	doc := jsonv1.NewHook(string(hook.Opened), "2018-08-24T16:00:00Z", "https://gitlab.example.com")
	doc.Ref, doc.Title, doc.Severity = "acme/production#2", "<!channel> @all @here <https://evil|click> [a](https://evil) *b*\x1b[31m\n/close", "S1"
	doc.Text, doc.WebURL = "@channel `x`", "https://gitlab.example.com/acme/production/-/issues/2"
	for format, want := range map[hook.Format]string{
		hook.Slack: "Incident opened (S1): acme/production#2 &lt;!channel&gt; @\u200ball @\u200bhere &lt;https://evil|click&gt; [a](https://evil) *b*␛[31m␊/close (@\u200bchannel `x`)\n" + doc.WebURL,
		hook.Mattermost: "Incident opened (S1): acme/production#2 &lt;!channel&gt; @\u200ball @\u200bhere &lt;https://evil&#124;click&gt; \\[a\\](https://evil) \\*b\\*␛\\[31m␊/close (@\u200bchannel \\`x\\`)\n" +
			doc.WebURL,
	} {
		r, err := hook.Hook{Format: format}.Request(doc)
		var got map[string]string
		if err == nil {
			err = json.Unmarshal(r.Body, &got)
		}
		if err != nil || len(got) != 1 || got["text"] != want || r.Type != "application/json" {
			t.Errorf("%s: %v\n%q\nwant\n%q", format, err, got["text"], want)
		}
	}
	r, _ := hook.Hook{Format: hook.Ntfy}.Request(doc)
	if r.Headers["Click"] != doc.WebURL || r.Headers["Priority"] != "urgent" || strings.ContainsAny(string(r.Body), "\n\x1b") {
		t.Errorf("%q %v", r.Body, r.Headers)
	}
	doc.WebURL = "https://gitlab.example.com/\r\nX-Header: 1"
	for _, format := range hook.Formats() {
		r, err := hook.Hook{Format: format}.Request(doc)
		if err != nil || r.Headers["Click"] != "" || format != hook.Document && strings.Contains(string(r.Body), "X-Header") {
			t.Errorf("%s: %v %q %v", format, err, r.Body, r.Headers)
		}
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	for event, want := range map[hook.Event]string{
		hook.Mitigated: "Incident mitigated: acme/production#2 Disk full", hook.Resolved: "Incident resolved: acme/production#2 Disk full",
		hook.Posted: "Hand-off of shift EMEA@2018-08-24 posted to acme/production#2", hook.Rolled: "Milestone finished: 2018-08-10 Milestone, 2018-08-24 Milestone",
	} {
		doc := jsonv1.NewHook(string(event), "", "")
		doc.Ref, doc.Title, doc.Shift, doc.Finished = "acme/production#2", "Disk full", "EMEA@2018-08-24", []string{"2018-08-10 Milestone", "2018-08-24 Milestone"}
		r, _ := hook.Hook{Format: hook.Ntfy}.Request(doc)
		if got := strings.ReplaceAll(string(r.Body), "\u200b", ""); got != want {
			t.Errorf("%s: %q", event, got)
		}
	}
	doc := jsonv1.NewHook(string(hook.Opened), "", "")
	doc.Ref, doc.Title, doc.Text = "acme/production#2", "2018-08-24: Disk full", "Disk full"
	if r, _ := (hook.Hook{Format: hook.Ntfy}).Request(doc); string(r.Body) != "Incident opened: acme/production#2 2018-08-24: Disk full" {
		t.Errorf("%q", r.Body)
	}
	for _, e := range hook.Events() {
		if !(hook.Hook{On: hook.Events()}).Follows(e) {
			t.Error(e)
		}
	}
}

package cli_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// The user names of a project access token of acme/production, of a group access token, and of deleted users.
const (
	queueToken = "project_32_bot_5f2c9a1e"
	groupToken = "group_11_bot_00ff"
)

// automated returns a team whose shifts, incidents, changes and hand-offs are in the hands of tokens.
func automated(t *testing.T) *lab {
	t.Helper()
	s := setup{config: strings.ReplaceAll(strings.ReplaceAll(rotations, "[dev]", "["+groupToken+"]"), "[rep]", "["+queueToken+"]") +
		"requests: {managers: [" + groupToken + "]}\n", edition: fakegitlab.Premium}
	at := time.Date(2018, 8, 24, 9, 0, 0, 0, time.UTC)
	s.seed = func(s *fakegitlab.Seed) {
		for _, name := range []string{queueToken, groupToken, "ghost", "alert-bot"} {
			s.Users = append(s.Users, fakegitlab.SeedUser{Username: name, Name: "Pager", Bot: true})
			s.Groups[0].Members = append(s.Groups[0].Members, fakegitlab.SeedMember{User: name, Role: "developer"})
		}
		s.Projects[0].Issues = append(s.Projects[0].Issues, fakegitlab.SeedIssue{Title: "Rotate the keys", Author: "ghost", Labels: []string{"oncall", "In Progress"},
			Assignees: []string{queueToken, "mara"}, CreatedAt: at, Notes: []fakegitlab.SeedNote{{Body: "Half of them", Author: "alert-bot", CreatedAt: at}}})
	}
	l := newLab(t, s)
	l.runAll(t, says(queueToken, "incident", "open", "Registry returns 500s", "-s", "S2", "--assign", queueToken+",mara"),
		says(groupToken, "incident", "update", "1", "-m", "Looking"),
		says(queueToken, "change", "open", "Move", "--criticality", "C4", "--start", "2018-08-24T16:05", "--duration", "30m", "--executor", queueToken, "--rollback", "back"),
		says(queueToken, "change", "start", "2", "--override", "agreed"),
		says(groupToken, "handoff", "mark", "infrastructure#2", "--left-off", "a", "--next", "b"))
	return l
}

var tokenMention = regexp.MustCompile(`@(?:project|group)_\d+_bot|@ghost|@alert-bot`)

// Where a user is shown, people read what an account is, and programs its user name.
func TestAccountsOfTokensAreNamed(t *testing.T) {
	t.Parallel()
	l := automated(t)
	for line, want := range map[string]string{
		"incident list":                     "project access token of acme/production",
		"incident show 1":                   "project access token of acme/production",
		"incident timeline 1":               "",
		"change list":                       "project access token of acme/production",
		"change show 2":                     "project access token of acme/production",
		"board show --ages all":             "",
		"handoff":                           "project access token of acme/production",
		"handoff list":                      "group access token of group 11",
		"handoff check --shift current":     "",
		"issue show infrastructure#2":       "by deleted user",
		"oncall now":                        "project access token of project 32", // sends no request
		"oncall schedule":                   "group access token of group 11",
		"report weekly":                     "project access token of acme/production",
		"doctor":                            "mara",
		"incident update 1 -m x":            "",
		"handoff take infrastructure#2":     "",
		"change finish 2":                   "",
		"change gate --criticality C1":      "",
		"milestone show current":            "",
		"incident action 1 Fix --owner dev": "",
	} {
		for _, format := range []string{"md", "table"} {
			r := l.copy().run(append(strings.Fields(line), "-o", format)...)
			if found := tokenMention.FindString(r.out + r.errors); found != "" {
				t.Errorf("%s as %s mentions %s:\n%s%s", line, format, found, r.out, r.errors)
			}
			if format == "md" && !strings.Contains(r.out, want) {
				t.Errorf("%s has no %q (exit %d):\n%s%s", line, want, r.code, r.out, r.errors)
			}
		}
	}
	for line, want := range map[string]string{
		"incident list --jq .incidents[].assignees[]":                   queueToken + "\nmara\n",
		"change list --jq .changes[].executor":                          queueToken + "\n",
		"handoff list --jq [.. | .marked_by? // empty] | unique | .[]":  groupToken + "\n",
		"incident timeline 1 --jq .lines[1].author":                     groupToken + "\n",
		"issue show infrastructure#2 --jq .assignees[0]":                queueToken + "\n",
		"oncall now --jq [.. | .user? // empty] | unique | .[]":         groupToken + "\n" + queueToken + "\n",
		"handoff --jq [.. | .assignees? // empty | .[]] | unique | .[]": "mara\n" + queueToken + "\n",
	} {
		command, query, _ := strings.Cut(line, " --jq ")
		if r := l.copy().run(append(strings.Fields(command), "--jq", query)...); r.out != want {
			t.Errorf("%s: %q, want %q\n%s", line, r.out, want, r.errors)
		}
	}
}

// Nothing that is posted mentions the account of a token: not who comes on call, and not whom a report names.
func TestPostsMentionNoTokens(t *testing.T) {
	t.Parallel()
	l := automated(t)
	bot := *l
	bot.user = queueToken
	bot.must(t, "issue", "request", "Access to the logs", "--why", "Customers wait.", "-q")
	l.must(t, "handoff", "--post", "-q")
	l.must(t, "report", "weekly", "--post", "-q")
	l.must(t, "handoff", "--post", "--shift", "current", "-q", "--now", "2018-08-24T16:05:00Z")
	texts := 0
	if plan := l.server.Snapshot().Projects[1].Issues[1].Description; !strings.Contains(plan, "project access token of project 32") {
		t.Errorf("the executor of the change is not named:\n%s", plan)
	}
	for _, p := range l.server.Snapshot().Projects {
		for _, i := range p.Issues {
			bodies := []string{i.Description}
			for _, n := range i.Notes {
				if !n.System {
					bodies = append(bodies, n.Body)
				}
			}
			for _, text := range bodies {
				if texts++; tokenMention.MatchString(text) {
					t.Errorf("%s: %s", i.Title, text)
				}
			}
		}
	}
	if texts < 8 {
		t.Errorf("%d texts", texts)
	}
}

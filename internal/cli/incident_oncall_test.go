package cli_test

import (
	"slices"
	"strings"
	"testing"
)

const onCallConfig = `
oncall:
  regions:
    - {name: EMEA, from: "04:00", to: "16:00", rotation: {members: [nobody-here], period: 1w, start: 2018-08-06}}
    - {name: AMER, from: "16:00", to: "04:00", rotation: {members: ["@rep"], period: 1w, start: 2018-08-06}}
`

// An incident is assigned to whoever is on call, unless --assign names somebody or nobody.
func TestIncidentOpenAssignsOnCall(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config string
		args   []string
		want   []string
		note   string
		lookup int // requests for people
	}{
		"on call":            {config: onCallConfig, want: []string{"rep"}, lookup: 1},
		"nobody":             {config: onCallConfig, args: []string{"--assign", "none"}},
		"somebody named":     {config: onCallConfig, args: []string{"--assign", "mara"}, want: []string{"mara"}, lookup: 1},
		"no rotation":        {},
		"unknown user":       {config: onCallConfig, args: []string{"--now", "2018-08-24T10:00:00Z"}, note: "acme/production#1 is not assigned: @nobody-here is on call", lookup: 1},
		"not in the project": {config: strings.Replace(onCallConfig, "nobody-here", "stranger", 1), args: []string{"--now", "2018-08-24T10:00:00Z"}, note: "is not assigned: @stranger is on call", lookup: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{config: c.config})
			r := l.must(t, append([]string{"incident", "open", "Registry returns 500s"}, c.args...)...)
			if got := l.incident(t, 1).Assignees; !slices.Equal(got, c.want) {
				t.Errorf("it is assigned to %q, want %q", got, c.want)
			}
			if c.note != "" && !strings.Contains(r.errors, c.note) || c.note == "" && strings.Contains(r.errors, "is not assigned") {
				t.Errorf("the note is %q, want %q", r.errors, c.note)
			}
			lookups := 0
			for _, sent := range l.requests() {
				if strings.Contains(sent, "/users") || strings.Contains(sent, "/members") {
					lookups++
				}
			}
			if lookups != c.lookup {
				t.Errorf("%d requests for people, want %d:\n%s", lookups, c.lookup, strings.Join(l.requests(), "\n"))
			}
		})
	}
}

// An override of somebody who is never on call does nothing; the name is probably misspelled.
func TestOncallCheckReportsUnusedOverrides(t *testing.T) {
	t.Parallel()
	config := "oncall:\n  regions:\n    - {name: EMEA, from: \"04:00\", to: \"16:00\", rotation: {members: [mara, dev], period: 1w, start: 2018-08-06}}\n" +
		"    - {name: AMER, from: \"16:00\", to: \"04:00\"}\n  overrides:\n"
	for override, want := range map[string]bool{
		"{region: EMEA, person: dev, instead_of: maraa, from: 2018-08-22, to: 2018-08-25}": true,
		"{region: AMER, person: dev, instead_of: mara, from: 2018-08-22, to: 2018-08-25}":  true,
		"{region: EMEA, person: dev, instead_of: Mara, from: 2018-08-22, to: 2018-08-25}":  false,
		"{region: AMER, person: dev, from: 2018-08-22, to: 2018-08-25}":                    false,
	} {
		l := newLab(t, setup{config: config + "    - " + override + "\n"})
		if r := l.must(t, "oncall", "check", "-o", "json", "--jq", ".notes[]"); strings.Contains(r.out, "never applies") != want {
			t.Errorf("%s: %s", override, r.out)
		}
	}
}

// Somebody on call without an account does not fail the command. A list that GitLab does not have does:
// nobody knows who is in it.
func TestOnCallWithoutAListOfMembers(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: onCallConfig})
	l.wire = &refusing{inner: l.wire, path: "members/all", status: 404}
	if r := l.run("incident", "open", "Registry returns 500s"); r.code != 3 || !strings.Contains(r.errors, "is open, but a later step failed") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

package cli_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// rotations has dev as outgoing and rep as incoming person at 16:00.
const rotations = `oncall:
  regions:
    - {name: EMEA, from: "04:00", to: "16:00", rotation: {members: [dev], period: 1w, start: 2018-08-20}}
    - {name: AMER, from: "16:00", to: "04:00", rotation: {members: [rep], period: 1w, start: 2018-08-20}}
`

// shiftEnd is a small setup at the shift change, with one active incident and one on-call issue.
func shiftEnd(more string) setup {
	return setup{config: rotations + more, queue: true, seed: func(s *fakegitlab.Seed) {
		at := time.Date(2018, 8, 24, 9, 0, 0, 0, time.UTC)
		s.Projects[0].Milestones, s.Projects[0].Issues, s.Projects[0].Labels = nil, nil, nil
		s.Projects[1].Issues = []fakegitlab.SeedIssue{
			{Title: "Registry is slow", Author: "dev", Labels: []string{"incident", "Incident::Active", "S2"}, CreatedAt: at},
			{Title: "Renew a certificate", Author: "dev", Labels: []string{"oncall"}, Assignees: []string{"dev"}, CreatedAt: at.Add(time.Minute)},
		}
	}}
}

const postedEarlier = "2018-08-24T15:00:00Z"

// handoffPostScenarios post the report of a shift, each with a different initial state.
func handoffPostScenarios() []scenario {
	post := []string{"handoff", "--post", "-q"}
	list := []scenario{
		{name: "handoff --post", setup: shiftEnd(""), args: post},
		{name: "handoff --post again", setup: shiftEnd(""), args: post, story: []invocation{{"mara", append(post, "--now", postedEarlier)}}},
		{name: "handoff --post into an existing log", setup: shiftEnd(""), args: post, story: []invocation{{"mara", append(post, "--now", "2018-08-24T03:00:00Z")}}},
		{name: "handoff --post --reassign", setup: shiftEnd(""), args: append(post, "--reassign", "--yes")},
	}
	list = append(list, acceptScenarios()...)
	for n := range list {
		list[n].reads = true
	}
	return list
}

// acceptScenarios accept a hand-off that is posted.
func acceptScenarios() []scenario {
	posted := invocation{"mara", []string{"handoff", "--post", "-q"}}
	accept := []string{"handoff", "accept", "-m", "Watch the registry", "-q"}
	return []scenario{
		{name: "handoff accept", setup: shiftEnd(""), args: accept, story: []invocation{posted}, user: "rep"},
		{name: "handoff accept --for", setup: shiftEnd(""), args: append(accept, "--for", "rep"), story: []invocation{posted}},
	}
}

// logs returns the visible issues of the on-call log.
func (l *lab) logs() (live []fakegitlab.IssueState) {
	for _, i := range l.incidents() {
		if strings.Contains(i.Description, "prodctl:key=oncall-log/") {
			live = append(live, i)
		}
	}
	return live
}

// shiftNotes returns the comments of a shift in a log issue.
func shiftNotes(i fakegitlab.IssueState, shift string) (list []string) {
	for _, text := range commentsOf(i) {
		if strings.HasSuffix(text, trailer("handoff/"+shift)) {
			list = append(list, text)
		}
	}
	return list
}

const emeaShift, amerShift = "2018-08-24T04:00Z/EMEA", "2018-08-23T16:00Z/AMER"

// Two people post the same hand-off at once, with times a minute apart. In any order of their requests one log and one comment remain, and the
// comment is one complete report.
func TestTwoPostAtOnce(t *testing.T) {
	t.Parallel()
	whole := map[string]bool{}
	moments := []string{"2018-08-24T15:58:00Z", "2018-08-24T15:59:00Z"}
	for _, now := range moments {
		l := newLab(t, shiftEnd(oneAtATime))
		l.must(t, "handoff", "--post", "-q", "--now", now)
		whole[shiftNotes(l.logs()[0], emeaShift)[0]] = true
	}
	if len(whole) != 2 {
		t.Fatal("the two reports do not differ")
	}
	for _, c := range []struct {
		name   string
		people [2]string
		exits  string // besides 0
	}{{"maintainers", [2]string{"mara", "mara"}, ""}, {"maintainer and developer", [2]string{"mara", "dev"}, "34"}} {
		play := func(name string, choose func(waiting []int) int) int {
			l := newLab(t, shiftEnd(oneAtATime))
			var actors []actor
			for n, user := range c.people {
				actors = append(actors, func(own *lab) ran {
					own.user = user
					return own.runIn(context.Background(), "handoff", "--post", "-q", "--now", moments[n])
				})
			}
			results, _ := l.play(newTurnstile(l.wire), actors, choose)
			logs := l.logs()
			if len(logs) != 1 {
				t.Fatalf("%s, %s: %d logs\n%s", c.name, name, len(logs), strings.Join(l.requests(), "\n"))
			}
			notes := shiftNotes(logs[0], emeaShift)
			if len(notes) != 1 || !whole[notes[0]] {
				t.Fatalf("%s, %s: %d comments\n%s\n%s", c.name, name, len(notes), strings.Join(notes, "\n=====\n"), strings.Join(l.requests(), "\n"))
			}
			for n, r := range results {
				if r.code != 0 && (c.exits == "" || !strings.Contains(c.exits, fmt.Sprint(r.code)) || !strings.Contains(r.errors, "is @mara's") && !strings.Contains(r.errors, "is @dev's")) {
					t.Fatalf("%s, %s: %s ends with %d: %s", c.name, name, c.people[n], r.code, r.errors)
				}
			}
			return len(l.requests())
		}
		all := 0
		for cut := 0; cut <= all/2+1; cut++ { // the first runs up to each of its requests, then the other one to the end
			turns := 0
			all = max(all, play(fmt.Sprintf("cut at %d", cut), func(waiting []int) int {
				for n, run := range waiting {
					if run == 0 && turns < cut || run == 1 && turns >= cut {
						turns++
						return n
					}
				}
				return 0
			}))
		}
		draw := rand.New(rand.NewPCG(11, uint64(len(c.name))))
		for n := range 40 {
			play(fmt.Sprintf("drawn order %d", n), func(waiting []int) int { return draw.IntN(len(waiting)) })
		}
	}
}

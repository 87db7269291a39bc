package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// made is an issue or a comment that a command created.
type made struct {
	project string
	iid     int // of the comment's issue; 0: an issue
	title   string
	body    string
}

// hidden are the lines of prodctl in a text, and keys those with its key.
var (
	hidden = regexp.MustCompile(`(?m)^<!-- prodctl:.*-->$`)
	dated  = regexp.MustCompile(`^\d{4}-\d\d-\d\d: `)
	keys   = regexp.MustCompile(`(?m)^<!-- prodctl:(key|id)=.*-->$`)
)

// words are what people read of it.
func (m made) words() string {
	text := strings.TrimSpace(hidden.ReplaceAllString(m.body, ""))
	line, _, _ := strings.Cut(text, "\n")
	if m.iid == 0 {
		return dated.ReplaceAllString(m.title, "")
	}
	_, rest, _ := strings.Cut(text, "\n\n")
	if rest, _, _ = strings.Cut(strings.TrimSpace(rest), "\n"); rest != "" {
		return rest
	}
	return line
}

// madeSince are the issues and comments with a key that were created since an earlier state.
func (l *lab) madeSince(before fakegitlab.Snapshot) (all []made) {
	for _, p := range l.server.Snapshot().Projects {
		old := map[int]int{}
		for _, i := range before.Project(p.Path).Issues {
			old[i.IID] = len(i.Notes) + 1
		}
		for _, i := range p.Issues {
			if old[i.IID] == 0 {
				all = append(all, made{p.Path, 0, i.Title, i.Description})
				continue
			}
			for _, n := range i.Notes[old[i.IID]-1:] {
				if !n.System && strings.Contains(n.Body, "<!-- prodctl:key=") {
					all = append(all, made{p.Path, i.IID, "", n.Body})
				}
			}
		}
	}
	return all
}

// plant creates something else with the same hidden lines, as somebody who has guessed the key.
func (l *lab) plant(user string, m made) {
	path, words := "/projects/"+url.PathEscape(m.project)+"/issues", "Planted.\n\n"+strings.Join(keys.FindAllString(m.body, -1), "\n")
	params := map[string]string{"title": "Planted", "description": words}
	if m.iid != 0 {
		path, params = fmt.Sprintf("%s/%d/notes", path, m.iid), map[string]string{"body": words}
	}
	body, _ := json.Marshal(params)
	l.server.MustDo(user, http.MethodPost, path, string(body))
}

// TestPredictedKeySuppressesNothing lets somebody else, with any role, create something with the key of each issue and comment that a
// command is about to create. The command's words are there in the end all the same, once, and what was planted is as it was.
func TestPredictedKeySuppressesNothing(t *testing.T) {
	t.Parallel()
	cases := 0
	t.Cleanup(func() { t.Logf("%d cases, with a predicted key", cases) })
	for _, s := range scenarios() {
		if s.plan != nil || s.reads {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			start, args := s.prepared(t)
			l := start.copy()
			l.must(t, args...)
			for _, m := range l.madeSince(start.server.Snapshot()) {
				if strings.Contains(m.body, "prodctl:key=review/") {
					continue // a form that people fill in: it is found whatever is in it
				}
				for _, user := range []string{"guest", "rep", "dev"} {
					if user == start.user {
						continue
					}
					cases++
					l := start.copy()
					l.plant(user, m)
					r := l.run(args...)
					all := strings.Join(l.picture(), "\n")
					taken := m.iid == 0 && strings.Contains(strings.Join(args, " "), "--key ") // what has the caller's key gets the words
					if r.code != 0 && !(taken && r.code == 3) || !strings.Contains(all, "Planted.") {
						t.Errorf("%s plants %q: exit %d: %s\n%s", user, m.words(), r.code, r.errors, all)
					}
					before := strings.Join(start.picture(), "\n")
					if strings.Count(all, m.words()) <= strings.Count(before, m.words()) && !(taken && strings.Contains(all, "another attempt")) {
						t.Errorf("%s plants, and %q is missing: %s\n%s", user, m.words(), r.errors, all)
					}
				}
			}
		})
	}
}

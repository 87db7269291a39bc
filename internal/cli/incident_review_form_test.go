package cli_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// The review form is added once, whoever asks for it again, also after people have filled it in and its timeline has grown.
func TestReviewFormIsAddedOnce(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry returns 500s", "-s", "S1", "--started", "2h")
	l.must(t, "incident", "resolve", "1")
	l.must(t, "incident", "review", "1")
	forms := func() (all []struct {
		ID   int
		Body string
	}) {
		var notes []struct {
			ID   int
			Body string
		}
		if err := json.Unmarshal([]byte(l.web("mara", "GET", "/issues/1/notes?per_page=100", "")), &notes); err != nil {
			t.Fatal(err)
		}
		for _, n := range notes {
			if strings.Contains(n.Body, "prodctl:key=review/") {
				all = append(all, n)
			}
		}
		return all
	}
	form := forms()[0]
	body, _ := json.Marshal(strings.Replace(form.Body, "1. Why?", "1. Why? The disk was full.", 1))
	l.web("mara", "PUT", fmt.Sprintf("/issues/1/notes/%d", form.ID), `{"body":%s}`, body)
	for _, user := range []string{"mara", "dev", "rep"} {
		l.user = user
		l.must(t, "incident", "review", "1")
		if all := forms(); len(all) != 1 || !strings.Contains(all[0].Body, "The disk was full.") {
			t.Errorf("after @%s: %d forms\n%+v", user, len(all), all)
		}
	}
}

package workflow

import (
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Two issues with one key are duplicates if they were created at about the same time; with a key that is made of words only if they have one
// title, because everybody can make that key.
func TestDuplicates(t *testing.T) {
	t.Parallel()
	at := time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		key, first, second string
		later              time.Duration
		want               bool
	}{
		"the same title":                {"auto-20180824-1", "Registry returns 500s", "Registry returns 500s", time.Second, true},
		"the same title, other letters": {"auto-20180824-1", "2018-08-24: Registry returns 500s", "registry  returns 500s", time.Second, true},
		"another title":                 {"auto-20180824-1", "Registry returns 500s", "Planted", time.Second, false},
		"another title in CI":           {"ci-7-9003-deploy-1", "deployment of web", "Planted", time.Second, false},
		"a pager that rewords":          {"pager-12", "Registry returns 500s", "Registry returns 502s", time.Second, true},
		"a copy of the week before":     {"pager-12", "Registry returns 500s", "Registry returns 500s", 7 * 24 * time.Hour, false},
	} {
		key, err := idempotency.NewKey("incident", c.key)
		if err != nil {
			t.Fatal(err)
		}
		found := Duplicates([]issue.Issue{
			{ID: 2, Title: c.second, Description: idempotency.Stamp("", key), CreatedAt: at.Add(c.later)},
			{ID: 1, Title: c.first, Description: idempotency.Stamp("", key), CreatedAt: at},
		})
		if (len(found) == 1) != c.want || c.want && (found[0].Issue.ID != 2 || found[0].Original.ID != 1 || found[0].Key != c.key) {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

// An incident that somebody took over keeps its assignee if the command that opened it is run again.
func TestIncidentOpenKeepsNewAssignee(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	open := []string{"incident", "open", "Registry returns 500s", "--assign", "rep"}
	l.must(t, "incident", "open", "Registry returns 500s")
	l.must(t, open...) // it was unassigned
	of := func() []string { return l.server.Snapshot().Project(prod).Issues[0].Assignees }
	if !slices.Equal(of(), []string{"rep"}) {
		t.Errorf("assigned to %q", of())
	}
	var dev struct{ ID int64 }
	if err := json.Unmarshal([]byte(l.server.MustDo("dev", "GET", "/user", "")), &dev); err != nil {
		t.Fatal(err)
	}
	l.server.MustDo("dev", "PUT", "/projects/acme%2Fproduction/issues/1", fmt.Sprintf(`{"assignee_ids":[%d]}`, dev.ID))
	l.must(t, open...)
	if !slices.Equal(of(), []string{"dev"}) {
		t.Errorf("after the retry it is assigned to %q", of())
	}
}

package fakegitlab

import (
	"fmt"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func TestPaidPlanningByEdition(t *testing.T) {
	t.Parallel()
	for edition, want := range map[store.Edition]string{
		store.Community: "404 404 404 404", store.Free: "403 403 200 405", store.Premium: "200 200 200 200", store.Ultimate: "200 200 200 200",
	} {
		w := newWorld(t, Options{Edition: edition})
		m := w.must(201, "owner", "POST", w.path(w.infra, "/milestones"), `{"title":"M","start_date":"2018-08-01","due_date":"2018-08-31"}`)
		w.must(201, "owner", "POST", w.path(w.infra, "/issues"), `{"title":"one"}`)
		var got []string
		for _, path := range []string{
			w.path(w.infra, "/iterations"), w.path(w.acme, "/epics"), w.path(w.infra, "/issues/1/resource_weight_events"),
			w.path(w.infra, fmt.Sprintf("/milestones/%d/burndown_events", m.num("id"))),
		} {
			got = append(got, fmt.Sprint(w.ask("owner", "GET", path, "").Code))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", edition, got, want)
		}
	}
}

func TestWeightEventsAndBurndown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Edition: store.Premium})
	issues := w.path(w.infra, "/issues")
	m := w.must(201, "owner", "POST", w.path(w.infra, "/milestones"), `{"title":"M","start_date":"2018-08-01","due_date":"2018-08-31"}`).num("id")
	burndown := w.path(w.infra, fmt.Sprintf("/milestones/%d/burndown_events", m))
	w.must(201, "owner", "POST", issues, fmt.Sprintf(`{"title":"one","weight":3,"milestone_id":%d}`, m))
	w.must(200, "owner", "PUT", issues+"/1", `{"weight":5}`)
	w.must(200, "owner", "PUT", issues+"/1", `{"weight":5}`)
	w.must(200, "owner", "PUT", issues+"/1", `{"weight":null}`)
	var weights []any
	for _, ev := range w.list("owner", issues+"/1/resource_weight_events") {
		weights = append(weights, ev["weight"])
	}
	if got := fmt.Sprint(weights); got != "[3 5 <nil>]" {
		t.Errorf("weights %s", got)
	}
	w.must(200, "owner", "PUT", issues+"/1", `{"state_event":"close"}`)
	w.must(201, "owner", "POST", issues, `{"title":"elsewhere"}`)
	var actions []any
	for _, ev := range w.list("owner", burndown) {
		actions = append(actions, ev["action"])
	}
	if got := fmt.Sprint(actions); got != "[created closed]" {
		t.Errorf("burndown %s", got)
	}
	w.must(200, "owner", "PUT", w.path(w.infra, fmt.Sprintf("/milestones/%d", m)), `{"due_date":""}`)
	if rec := w.ask("owner", "GET", burndown, ""); rec.Code != 405 || !strings.Contains(rec.Body.String(), "does not support burndown chart") {
		t.Errorf("without a due date: %d %s", rec.Code, rec.Body)
	}
}

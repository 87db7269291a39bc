package fakegitlab

import (
	"fmt"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// TestActions sends each command as a note to an issue and checks the issue afterwards, and GitLab's message.
func TestActions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		who, text string
		edition   store.Edition
		field     string // of the issue
		want      string // after the command
		summary   string // "" for 400
	}{
		{"reporter", "/close because", store.Free, "state", "closed", "Closed this issue."},
		{"guest", "/close", store.Free, "state", "opened", "Could not apply close command."},
		{"reporter", "/reopen", store.Free, "state", "opened", "Could not apply reopen command."},
		{"reporter", "/title  A better one ", store.Free, "title", "A better one", `Changed the title to "A better one".`},
		{"reporter", "/title", store.Free, "title", "An issue", ""},
		{"reporter", `/label ~b ~"two words"`, store.Free, "labels", "[a b two words]", `Added ~"b" ~"two words" labels.`},
		{"reporter", "/label b", store.Free, "labels", "[a b]", `Added ~"b" label.`},
		{"reporter", `/label "two words"`, store.Free, "labels", "[a two words]", `Added ~"two words" label.`},
		{"reporter", "/label ~2002", store.Free, "labels", "[a b]", `Added ~"b" label.`},
		{"reporter", "/label ~unknown", store.Free, "labels", "[a]", ""},
		{"reporter", "/label ~B", store.Free, "labels", "[a]", ""},
		{"guest", "/label ~b", store.Free, "labels", "[a]", "Could not apply label command."},
		{"planner", "/label ~b", store.Free, "labels", "[a b]", `Added ~"b" label.`},
		{"reporter", "/unlabel ~a", store.Free, "labels", "[]", `Removed ~"a" label.`},
		{"reporter", "/remove_label", store.Free, "labels", "[]", "Removed all labels."},
		{"reporter", "/unlabel ~unknown", store.Free, "labels", "[a]", "Removed all labels."},
		{"reporter", "/relabel ~b", store.Free, "labels", "[b]", `Replaced all labels with ~"b" label.`},
		{"reporter", `/milestone %"Next one"`, store.Free, "milestone", "Next one", `Set the milestone to %"Next one".`},
		{"reporter", "/milestone Next one", store.Free, "milestone", "Next one", `Set the milestone to %"Next one".`},
		{"reporter", "/milestone %2", store.Free, "milestone", "Next one", `Set the milestone to %"Next one".`},
		{"reporter", "/milestone %Group", store.Free, "milestone", "Group", "Set the milestone to %Group."},
		{"reporter", "/milestone %Closed", store.Free, "milestone", "Now", ""},
		{"reporter", "/remove_milestone", store.Free, "milestone", "<nil>", "Removed %Now milestone."},
		{"reporter", "/assign @guest", store.Free, "assignee", "guest", "Assigned @guest."},
		{"reporter", "/assign me", store.Free, "assignee", "reporter", "Assigned @reporter."},
		{"reporter", "/assign @guest @planner", store.Free, "assignees", "guest", "Assigned @guest."},
		{"reporter", "/assign @guest @planner", store.Premium, "assignees", "owner guest planner", "Assigned @guest and @planner."},
		{"reporter", "/reassign @guest", store.Premium, "assignees", "guest", "Changed assignees."},
		{"reporter", "/reassign @guest", store.Free, "assignees", "owner", "Could not apply reassign command."},
		{"reporter", "/assign @nobody", store.Free, "assignee", "owner", "Could not apply assign command. Failed to find users for '@nobody'."},
		{"reporter", "/assign guest, @nobody and @no-one", store.Free, "assignee", "owner",
			"Could not apply assign command. Failed to find users for '@nobody' and '@no-one'."},
		{"reporter", "/assign me and @guest", store.Premium, "assignees", "owner reporter guest", "Assigned @reporter and @guest."},
		{"reporter", "/assign", store.Free, "assignee", "owner", "Failed to assign a user because no user was found."},
		{"reporter", "/unassign @nobody", store.Free, "assignee", "<nil>", "Removed assignee @owner."},
		{"reporter", "/unassign @nobody", store.Premium, "assignee", "owner",
			"Could not apply unassign command. Failed to find users for '@nobody'."},
		{"reporter", "/copy_metadata #77", store.Free, "state", "opened",
			"Could not apply copy_metadata command. Failed to find work item or merge request."},
		{"reporter", "/relate #2 #3", store.Free, "state", "opened", "Added #2 and #3 as a linked item related to this issue."},
		{"reporter", "/relate #1", store.Free, "state", "opened", "Added #1 as a linked item related to this issue."},
		{"reporter", "/relate", store.Free, "state", "opened", ""},
		{"guest", "/react look :+1: here", store.Free, "upvotes", "1", "Toggled :+1: emoji reaction."},
		{"reporter", "/todo", store.Free, "state", "opened", "Added a to-do item."},
		{"reporter", "/done", store.Free, "state", "opened", "Could not apply done command."},
		{"reporter", "/assign @outsider", store.Free, "assignee", "owner", "Assigned @outsider."},
		{"reporter", "/unassign", store.Free, "assignee", "<nil>", "Removed assignee @owner."},
		{"reporter", "/due 2018-09-01", store.Free, "due_date", "2018-09-01", "Set the due date to Sep 1, 2018."},
		{"reporter", "/due in 2 days", store.Free, "due_date", "2018-08-26", "Set the due date to Aug 26, 2018."},
		{"reporter", "/due this friday", store.Free, "due_date", "2018-08-31", "Set the due date to Aug 31, 2018."},
		{"reporter", "/due someday", store.Free, "due_date", "2018-12-24", "Failed to set due date because the date format is invalid."},
		{"reporter", "/remove_due_date", store.Free, "due_date", "<nil>", "Removed the due date."},
		{"reporter", "/weight 5", store.Premium, "weight", "5", "Set weight to 5."},
		{"reporter", "/weight -5", store.Premium, "weight", "3", ""},
		{"reporter", "/clear_weight", store.Premium, "weight", "<nil>", "Cleared weight."},
		{"reporter", "/weight 5", store.Free, "weight", "<nil>", "Could not apply weight command."},
		{"reporter", "/confidential", store.Free, "confidential", "true", "Made this issue confidential."},
		{"reporter", "/lock", store.Free, "discussion_locked", "true", "Locked the discussion."},
		{"reporter", "/unlock", store.Free, "discussion_locked", "<nil>", "Could not apply unlock command."},
		{"reporter", "/duplicate #2", store.Free, "state", "closed", "Closed this issue. Marked as related to, and a duplicate of, #2."},
		{"reporter", "/duplicate #1", store.Free, "state", "opened", "Failed to mark this issue as a duplicate because referenced item was not found."},
		{"reporter", "/estimate 1w 2h", store.Free, "time_stats", "151200", "Set time estimate to 1w 2h."},
		{"reporter", "/estimate soon", store.Free, "time_stats", "0", ""},
		{"reporter", "/promote_to_incident", store.Free, "issue_type", "incident", "Issue has been promoted to incident"},
		{"guest", "/unsubscribe", store.Free, "state", "opened", "Could not apply unsubscribe command."},
		{"reporter", "/unsubscribe", store.Free, "state", "opened", "Unsubscribed from notifications."},
		{"guest", "/award :tada:", store.Free, "state", "opened", "Toggled :tada: emoji reaction."},
		{"guest", "/award :nonsense:", store.Free, "state", "opened", ""},
		{"root", "/merge", store.Free, "state", "opened", "Could not apply merge command."},
		{"reporter", "/label ~b\n/close\n/close\n/reopen", store.Free, "state", "closed", `Added ~"b" label. Closed this issue. Could not apply reopen command.`},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s by %s on %s", tt.text, tt.who, tt.edition), func(t *testing.T) {
			t.Parallel()
			w, issue := actionWorld(t, tt.edition)
			rec := w.ask(tt.who, "POST", issue+"/notes", fmt.Sprintf(`{"body":%q}`, tt.text))
			status, got := 400, `"400 Bad request - Failed to apply commands."`
			if tt.summary != "" {
				status, got = 202, fmt.Sprintf(`"summary":[%q]`, tt.summary)
			}
			if rec.Code != status || !strings.Contains(rec.Body.String(), got) {
				t.Errorf("got %d %s, want %d with %s", rec.Code, rec.Body, status, got)
			}
			if got := show(w.must(200, "root", "GET", issue, "")[tt.field]); got != tt.want {
				t.Errorf("%s is %s, want %s", tt.field, got, tt.want)
			}
		})
	}
}

// actionWorld has an issue with everything that can be removed from it, a second issue, and objects to refer to.
func actionWorld(t *testing.T, edition store.Edition) (*world, string) {
	w := newWorld(t, Options{Edition: edition})
	w.newLabel(w.infra, "a")
	w.newLabel(w.acme, "b")
	w.newLabel(w.infra, "two words")
	now := w.must(201, "reporter", "POST", w.path(w.infra, "/milestones"), "title=Now").num("id")
	w.must(201, "reporter", "POST", w.path(w.infra, "/milestones"), "title=Next+one")
	closed := w.must(201, "reporter", "POST", w.path(w.infra, "/milestones"), "title=Closed").num("id")
	w.must(200, "reporter", "PUT", w.path(w.infra, fmt.Sprintf("/milestones/%d", closed)), "state_event=close")
	w.must(201, "reporter", "POST", w.path(w.acme, "/milestones"), "title=Group")
	issue := w.newIssue(fmt.Sprintf("&labels=a&milestone_id=%d&assignee_ids[]=%d&due_date=2018-12-24&weight=3", now, w.users["owner"].ID))
	w.newIssue("")
	return w, issue
}

// show formats a field of an issue for comparisons.
func show(v any) string {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range []string{"title", "username", "time_estimate"} {
			if v[name] != nil {
				return fmt.Sprint(v[name])
			}
		}
	case []any:
		var all []string
		for _, item := range v {
			if user, ok := item.(map[string]any); ok {
				all = append(all, fmt.Sprint(user["username"]))
			}
		}
		if all != nil {
			return strings.Join(all, " ")
		}
	}
	return fmt.Sprint(v)
}

func TestRelate(t *testing.T) {
	t.Parallel()
	w, issue := actionWorld(t, store.Premium)
	other := w.must(201, "reporter", "POST", w.path(w.prod, "/issues"), "title=x")
	w.newIssue("")
	w.must(202, "guest", "POST", issue+"/notes", "body=/relate+%232+acme/prod%231")
	w.must(202, "guest", "POST", issue+"/notes", fmt.Sprintf("body=/blocked_by+%s", w.must(200, "guest", "GET", w.path(w.infra, "/issues/3"), "").str("web_url")))
	rows := w.list("guest", issue+"/links")
	if got := fieldOf(rows, "link_type"); got != "relates_to relates_to is_blocked_by" {
		t.Errorf("links: %s", got)
	}
	if rows[1].num("id") != other.num("id") {
		t.Errorf("second link: %v", rows[1])
	}
	w.must(202, "guest", "POST", issue+"/notes", "body=/unlink+%232")
	w.refused(202, `{"commands_changes":{},"summary":["No linked issue matches the provided parameter."]}`, "guest", "POST", issue+"/notes", "body=/unlink+%232")
	w.refused(202, `{"commands_changes":{},"summary":["Added #77 as a linked item related to this issue."]}`, "guest", "POST", issue+"/notes", "body=/relate+%2377")
	if got := len(w.list("guest", issue+"/links")); got != 2 {
		t.Errorf("%d links left", got)
	}
	w.must(202, "reporter", "POST", issue+"/notes", "body=/duplicate+%232")
	i := w.must(200, "guest", "GET", issue, "")
	links, _ := i["_links"].(map[string]any)
	if dup := object(links).str("closed_as_duplicate_of"); !strings.HasSuffix(dup, "/issues/2") {
		t.Errorf("closed_as_duplicate_of %s", dup)
	}
}

func TestSpendAddsUpAndAwardToggles(t *testing.T) {
	t.Parallel()
	w, issue := actionWorld(t, store.Free)
	for _, want := range []string{"3600", "7200", "5400", "0"} {
		body := map[string]string{"5400": "/spend+-30m", "0": "/remove_time_spent"}[want]
		if body == "" {
			body = "/spend+1h+2018-08-01"
		}
		w.must(202, "reporter", "POST", issue+"/notes", "body="+body)
		stats, _ := w.must(200, "guest", "GET", issue, "")["time_stats"].(map[string]any)
		if got := fmt.Sprint(stats["total_time_spent"]); got != want {
			t.Errorf("after %s: spent %s, want %s", body, got, want)
		}
	}
	for _, want := range []int{1, 0, 1} {
		w.must(202, "guest", "POST", issue+"/notes", "body=/award+:thumbsup:")
		if got := w.must(200, "guest", "GET", issue, "").num("upvotes"); got != want {
			t.Errorf("upvotes %d, want %d", got, want)
		}
	}
}

// TestActionsInDescriptions checks that a Guest may label a new issue, that it can be closed at once, that actions that
// need an existing issue do nothing in a new one, and that an update runs only the commands that it adds.
func TestActionsInDescriptions(t *testing.T) {
	t.Parallel()
	w, _ := actionWorld(t, store.Free)
	i := w.must(201, "guest", "POST", w.path(w.infra, "/issues"),
		`{"title":"New","description":"Text\n/label ~b\n/milestone %Now\n/assign me\n/close\n/title Other\n/relate #1\nmore"}`)
	got := fmt.Sprint(i["description"], "|", i["labels"], "|", show(i["milestone"]), "|", show(i["assignee"]), "|", i["state"], "|", i["title"])
	if want := "Text\nmore|[b]|Now|guest|closed|New"; got != want {
		t.Errorf("created: got %q, want %q", got, want)
	}
	path := w.path(w.infra, fmt.Sprintf("/issues/%d", i.num("iid")))
	if rows := w.list("guest", path+"/links"); len(rows) != 1 {
		t.Errorf("links of the new issue: %v", rows)
	}
	w.must(200, "guest", "PUT", path, "state_event=reopen")
	i = w.must(200, "guest", "PUT", path, `{"description":"Again\n/close\n/label ~a"}`)
	got = fmt.Sprint(i["description"], "|", i["labels"], "|", i["state"])
	if want := "Again|[b]|closed"; got != want { // the author may close, but no longer label
		t.Errorf("updated: got %q, want %q", got, want)
	}
	w.infra.IssueByIID[i.num("iid")].Description = "Stored\n/reopen"
	i = w.must(200, "reporter", "PUT", path, `{"description":"Sent\n/reopen"}`)
	if i.str("description") != "Sent" || i.str("state") != "closed" {
		t.Errorf("a command that stood there already: got %v", i)
	}
}

// TestActionThatMakesIssueInvalid checks that a command with an invalid value changes nothing and is refused, but a text
// beside it is saved.
func TestActionThatMakesIssueInvalid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	const want = `{"message":"400 Bad request - Note {:validation=>[\"Title is too long (maximum is 255 characters)\"]}"}`
	command := "/title " + strings.Repeat("x", 256)
	w.refused(400, want, "reporter", "POST", issue+"/notes", "body="+command)
	w.refused(400, want, "reporter", "POST", issue+"/notes", fmt.Sprintf(`{"body":%q}`, "text\n"+command))
	if got := fieldOf(w.list("reporter", issue+"/notes"), "body"); got != "text" {
		t.Errorf("notes: %q", got)
	}
	if got := w.must(200, "reporter", "GET", issue, "").str("title"); got != "An issue" {
		t.Errorf("title: %q", got)
	}
}

func TestMoveByQuickAction(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		who, text, summary string
		moved              string // state, labels and number of comments of the issue in the target, "" for none
		stay               int    // issues of the own project in the end
	}{
		{"reporter", "/move acme/prod", "Moved this issue to acme/prod.", "opened [b] 1", 2},
		{"reporter", "/label ~b\n/move Acme/Prod", `Added ~"b" label. Moved this issue to Acme/Prod.`, "opened [b] 1", 2},
		{"reporter", "/move acme/nowhere", "Failed to move this issue because target project doesn't exist.", "", 2},
		{"reporter", "/move prod", "Failed to move this issue because target project doesn't exist.", "", 2},
		{"reporter", "/move acme/infra", "Moved this issue to acme/infra.", "", 2},
		{"guest", "/move acme/prod", "Could not apply move command.", "", 2},
		{"prodless", "/move acme/prod", "Moved this issue to acme/prod.", "", 2},
		{"reporter", "/clone acme/prod", "Cloned this issue to acme/prod.", "opened [b] 0", 2},
		{"reporter", "/clone --with_notes acme/prod", "Cloned this issue to acme/prod.", "opened [b] 1", 2},
		{"reporter", "/clone", "Cloned this issue to acme/infra.", "", 3},
		{"reporter", "/clone acme/prod please", "Failed to clone this issue: wrong parameters.", "", 2},
		{"reporter", "/clone acme/nowhere", "Failed to clone this issue because target project doesn't exist.", "", 2},
	} {
		w, issue := actionWorld(t, store.Free)
		user := w.user("prodless")
		w.infra.Members = append(w.infra.Members, &store.Member{User: user, Level: store.Maintainer, CreatedAt: at})
		w.must(200, "reporter", "PUT", issue, "add_labels=b")
		w.must(201, "reporter", "POST", issue+"/notes", "body=before")
		w.refused(202, fmt.Sprintf(`{"commands_changes":%s,"summary":[%q]}`, changesOfLabel(w, tt.text), tt.summary),
			tt.who, "POST", issue+"/notes", fmt.Sprintf(`{"body":%q}`, tt.text))
		got := ""
		if there := w.list("root", w.path(w.prod, "/issues")); len(there) == 1 {
			got = fmt.Sprintf("%v %v %v", there[0]["state"], there[0]["labels"], there[0]["user_notes_count"])
		}
		if got != tt.moved {
			t.Errorf("%s by %s: the target has %q, want %q", tt.text, tt.who, got, tt.moved)
		}
		if n := len(w.list("root", w.path(w.infra, "/issues"))); n != tt.stay {
			t.Errorf("%s by %s: the own project has %d issues", tt.text, tt.who, n)
		}
		moved := strings.HasPrefix(tt.moved, "opened") && strings.Contains(tt.text, "/move")
		if state := w.must(200, "root", "GET", issue, "").str("state"); (state == "closed") != moved {
			t.Errorf("%s by %s: the source is %s", tt.text, tt.who, state)
		}
	}
}

// changesOfLabel is commands_changes of a text that may add the label b.
func changesOfLabel(w *world, text string) string {
	if strings.Contains(text, "~b") {
		return fmt.Sprintf(`{"add_label_ids":[%d]}`, w.acme.Labels[0].ID)
	}
	return "{}"
}

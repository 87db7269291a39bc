package permission_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/permission"
)

func TestOf(t *testing.T) {
	t.Parallel()
	const project, group = "/projects/acme%2Fproduction", "/groups/acme"
	for request, want := range map[string]string{
		"GET " + project + "/issues": "read_work_item@project", "POST " + project + "/issues": "write_work_item@project",
		"PUT " + project + "/issues/7": "write_work_item@project", "DELETE " + project + "/issues/7/notes/4": "delete_work_item@project",
		"GET " + project + "/issues/7/resource_label_events": "read_issue_label_event@project",
		"GET " + project + "/issues/7/resource_state_events": "read_work_item@project", "GET " + group + "/issues": "read_work_item@group",
		"GET " + project + "/labels": "", "DELETE " + project + "/labels/S1": "", "POST " + group + "/labels": "write_work_item@group",
		"PUT " + project + "/boards/3/lists/4": "write_work_item@project", "GET " + project: "read_project@project", "GET " + group: "read_group@group",
		"GET /projects": "read_project@user", "GET /projects/31/milestones": "read_work_item@project",
		"GET " + project + "/members/all": "read_member@project", "GET " + project + "/members/all/7": "read_member@project",
		"GET " + group + "/members/7": "read_member@group", "GET " + project + "/merge_requests/1": "read_merge_request@project",
		"GET " + project + "/merge_requests/1/approvals": "read_merge_request_approval_state@project",
		"GET " + project + "/merge_requests/1/notes":     "read_work_item@project",
		"GET " + project + "/approvals":                  "read_approval_configuration@project", "GET " + project + "/approval_rules": "read_approval_rule@project",
		"GET " + project + "/repository/branches/main": "", "GET " + project + "/repository/files/x": "",
		"GET /user": "read_user@user", "GET /metadata": "read_metadata@instance", "GET /version": "read_metadata@instance",
		"GET /users": "", "GET /personal_access_tokens/self": "", "POST /graphql": "", "GET /": "",
	} {
		method, path, _ := strings.Cut(request, " ")
		p, ok := permission.Of(method, path)
		if got := p.String(); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %s, %t; want %q", request, got, ok, want)
		}
	}
}

// What a refusal names belongs to what is picked for the request.
func TestPick(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"create_issue": "write_work_item", "read_issue_note": "read_work_item", "delete_milestone": "delete_work_item", "move_issue": "write_work_item",
		"update_issue_board_list": "write_work_item", "read_issue_label_event": "read_issue_label_event", "read_member": "read_member",
		"read_merge_request_note": "read_work_item", "read_user": "read_user", "Work Item: Create": "Work Item: Create", "odd": "odd",
	} {
		if got := permission.Pick(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestNeedsReadBack(t *testing.T) {
	t.Parallel()
	all := permission.Needs()
	for _, n := range all {
		if strings.HasPrefix(n.Flags, "----") || n.Command == "" || strings.Contains(n.Line(), "@ ") {
			t.Errorf("%+v", n)
		}
	}
	if len(permission.Find(nil)) != len(all) || len(permission.Find([]string{"no", "such"})) != 0 {
		t.Error("all commands, or none")
	}
	open := permission.Find([]string{"incident", "open"})
	if len(open) != 3 || open[0].Line() != "incident open: read_work_item@project write_work_item@project; read_project@project read_user@user" && open[0].Flags != "" {
		t.Errorf("%+v", open)
	}
	for _, n := range permission.Find([]string{"incident"}) {
		if !strings.HasPrefix(n.Command, "incident ") {
			t.Errorf("%+v", n)
		}
	}
	want := "read_member@project read_work_item@project write_work_item@project"
	var got []string
	for _, p := range permission.Together(open) {
		got = append(got, p.String())
	}
	if strings.Join(got, " ") != want {
		t.Errorf("together %q, want %q", got, want)
	}
}

package account_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

func places(kind string, id int64) string {
	return map[string]map[int64]string{"project": {31: "acme/production"}, "group": {7: "acme"}}[kind][id]
}

func TestName(t *testing.T) {
	t.Parallel()
	for username, want := range map[string]string{
		"project_31_bot_5f2c9a1e": "project access token of acme/production", "Project_31_Bot": "project access token of acme/production",
		"project_31_bot1": "project access token of acme/production", "@project_31_bot_0": "project access token of acme/production",
		"project_32_bot_5f2c9a1e": "project access token of project 32", "group_7_bot_00ff": "group access token of acme", "group_8_bot": "group access token of group 8",
		"project_99999999999999999999_bot_1": "project access token", "service_account_group_7_5f2c": "service account of acme",
		"service_account_project_31_5f": "service account of acme/production", "service_account_5f2c": "service account",
		"gitlab+deploy-token-12": "deploy token 12", "ghost": "deleted user", "ghost1": "deleted user", "Ghost": "deleted user",
		"support-bot": "GitLab's support bot", "alert-bot1": "GitLab's alert bot", "GitLab-Security-Bot": "GitLab's security bot",
		"mara": "@mara", "ghostwriter": "@ghostwriter", "bot": "@bot", "support-bots": "@support-bots", "project_31": "@project_31",
		"project_bot": "@project_bot", "my-project_31_bot_5": "@my-project_31_bot_5", "robot": "@robot", "": "",
		"project access token of acme/production": "project access token of acme/production",
	} {
		if got := account.Places(places).Name(username); got != want {
			t.Errorf("%s: %q, want %q", username, got, want)
		}
		if person := account.IsPerson(username); person != (want == "" || want[0] == '@' || want == username) {
			t.Errorf("%s: person %t", username, person)
		}
	}
	if got := account.Name("project_31_bot_5"); got != "project access token of project 31" {
		t.Error(got)
	}
}

// Only the fields with user names change, however deep, and only in the copy.
func TestShown(t *testing.T) {
	t.Parallel()
	const bot = "project_31_bot_5f2c9a1e"
	doc := jsonv1.NewBoard(target.ProjectAt("acme/infrastructure"), "")
	doc.Columns = jsonv1.List[jsonv1.Column]{{Title: bot, Issues: jsonv1.List[jsonv1.Card]{{Title: bot, Assignees: jsonv1.List[string]{"mara", bot, "ghost"}}}}}
	shown := account.Shown(doc, places)
	if diff := cmp.Diff(jsonv1.List[string]{"mara", "project access token of acme/production", "deleted user"}, shown.Columns[0].Issues[0].Assignees); diff != "" {
		t.Error(diff)
	}
	if shown.Columns[0].Issues[0].Title != bot || shown.Columns[0].Title != bot {
		t.Errorf("a title or a column changed: %+v", shown.Columns[0])
	}
	if doc.Columns[0].Issues[0].Assignees[1] != bot {
		t.Error("the original changed")
	}
}

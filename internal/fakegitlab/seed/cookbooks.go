package seed

// This file has the teams of the handbook seed and its changes under review. Some of them change how people sign in;
// these need the approval of the production or security team, or of a senior developer outside the author's team.

// The repositories with authentication in them.
const (
	proxyPath = "acme/oauth2-proxy-cookbook"
	usersPath = "acme/users-cookbook"
)

// backendUsers are developers outside the group.
func backendUsers() []User {
	return []User{{Username: "noor", Name: "Noor Haddad"}, {Username: "felix", Name: "Felix Braun"}}
}

// teams are the subgroups, each with its own people.
func teams() []Group {
	team := func(path, name string, people ...string) Group {
		g := Group{Path: groupPath + "/" + path, Name: name}
		for _, who := range people {
			g.Members = append(g.Members, Member{who, "developer"})
		}
		return g
	}
	return []Group{
		team("sre", "Site reliability", engineers...),
		team("security", "Security", "sven"),
		team("backend", "Backend", "noor", "felix"),
		team("staff", "Staff engineers", "noor", "aisha"),
		team("managers", "Managers", "maria"),
	}
}

// cookbooks are one repository that enforces the rule on authentication, and one that does not.
func (h timeline) cookbooks() []Project {
	developers := []Member{{"noor", "developer"}, {"felix", "developer"}}
	return []Project{
		{
			Path: proxyPath, Name: "oauth2-proxy cookbook", Description: "Sign-in in front of internal services", Members: developers,
			MergeRequests: h.proxyRequests(),
			Approvals:     Approvals{Required: 1, CommittersMayNot: true, NoOverride: true},
			ApprovalRules: []ApprovalRule{
				{Name: "Authentication changes", Required: 1, Users: []string{"noor"}, Groups: []string{"acme/sre", "acme/security"}},
			},
		},
		{
			Path: usersPath, Name: "Users cookbook", Description: "Accounts on the servers", Members: developers,
			MergeRequests: h.usersRequests(),
			Approvals:     Approvals{AuthorMayApprove: true, KeepOnPush: true},
			ApprovalRules: []ApprovalRule{{Name: "All members", Type: "any_approver"}},
		},
	}
}

func (h timeline) proxyRequests() []MergeRequest {
	return []MergeRequest{
		{ // approved by security
			Title: "Sign in through the new identity provider", Author: "felix", SourceBranch: "identity-provider", CreatedAt: h.at(0, 2, 9),
			Reviewers: []string{"sven"}, ApprovedBy: []string{"sven"}, ApprovalsRequired: 1, Description: "Both providers work for a week.",
			Files: []File{{Path: "attributes/default.rb"}, {Path: "templates/default/oauth2_proxy.cfg.erb"}},
		},
		{ // approved, but not by anyone whose approval counts
			Title: "Let the proxy read its secret from the vault", Author: "ines", SourceBranch: "vault", CreatedAt: h.at(0, 4, 10),
			ApprovedBy: []string{"felix"}, ApprovalsRequired: 1,
			Files: []File{{Path: "recipes/default.rb"}, {Path: "libraries/vault.rb", Added: true}},
		},
		{ // approved by a senior developer of another team
			Title: "Shorten the session's lifetime", Author: "kate", SourceBranch: "session-lifetime", CreatedAt: h.at(0, 5, 11),
			ApprovedBy: []string{"noor"}, ApprovalsRequired: 1, Files: []File{{Path: "attributes/default.rb"}},
		},
		{ // not approved
			Title: "Draft: Drop the old cookie", Author: "sven", SourceBranch: "old-cookie", CreatedAt: h.at(0, 7, 13), ApprovalsRequired: 1,
			Files: []File{{Path: "files/default/cookie.lua", Deleted: true}, {Path: "recipes/cookies.rb", From: "recipes/cookie.rb"}},
		},
		{ // text only
			Title: "Document in the README who may approve", Author: "noor", SourceBranch: "readme", CreatedAt: h.at(0, 1, 9), State: "merged",
			ApprovedBy: []string{"tomas"}, ApprovalsRequired: 1, MergedAt: h.at(0, 1, 14), MergedBy: "tomas", Files: []File{{Path: "README.md"}},
		},
	}
}

func (h timeline) usersRequests() []MergeRequest {
	return []MergeRequest{
		{ // approved by its own author
			Title: "Remove a former contractor", Author: "tomas", SourceBranch: "remove-user", CreatedAt: h.at(0, 7, 16),
			Reviewers: []string{"kate"}, ApprovedBy: []string{"tomas"}, Files: []File{{Path: "data_bags/users/rolf.json", Deleted: true}},
		},
		{ // approved by a senior developer of the author's own team
			Title: "Give the backend team a shell on staging", Author: "felix", SourceBranch: "staging-shell", CreatedAt: h.at(0, 6, 10),
			ApprovedBy: []string{"noor"}, Files: []File{{Path: "data_bags/groups/backend.json"}, {Path: "roles/staging.rb"}},
		},
	}
}

// mergeRequests are those of the infrastructure tracker.
func (h timeline) mergeRequests() []MergeRequest {
	return []MergeRequest{
		{
			Title: "Shorten the lifetime of sessions in the OAuth2 proxy", Author: "diego", Reviewers: []string{"sven"},
			SourceBranch: "session-lifetime", ApprovedBy: []string{"sven"}, ApprovalsRequired: 1, CreatedAt: h.at(0, 6, 9),
			Files: []File{{Path: "roles/oauth2-proxy.yml"}},
		},
		{
			Title: "Remove a former contractor from the users cookbook", Author: "tomas", Reviewers: []string{"kate"},
			SourceBranch: "remove-user", ApprovedBy: []string{"tomas"}, ApprovalsRequired: 1, CreatedAt: h.at(0, 7, 16),
			Files: []File{{Path: "Berksfile.lock"}},
		},
		{
			Title: "Raise the limit of open files on the load balancers", Author: "liam", State: "merged", SourceBranch: "nofile",
			ApprovedBy: []string{"maria"}, ApprovalsRequired: 1, CreatedAt: h.at(0, 2, 9), MergedAt: h.at(0, 2, 16), MergedBy: "maria",
			Files: []File{{Path: "roles/balancer.yml"}},
		},
	}
}

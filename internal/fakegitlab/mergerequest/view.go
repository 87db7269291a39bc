package mergerequest

import (
	"crypto/sha1"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/label"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/markdown"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/milestone"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// Write writes a merge request as an object.
func Write(e *jsonenc.Encoder, c *rest.Call, mr *store.MergeRequest) {
	e.Open('{')
	fields(e, c, mr)
	e.Shut('}')
}

// writeSimple writes the shortest form.
func writeSimple(e *jsonenc.Encoder, c *rest.Call, mr *store.MergeRequest) {
	e.Open('{')
	heading(mr, e)
	e.Str("web_url", webURL(c, mr))
	e.Shut('}')
}

// heading writes the first fields of a merge request, which its approvals have too.
func heading(mr *store.MergeRequest, e *jsonenc.Encoder) {
	e.Num("id", mr.ID)
	e.Num("iid", mr.IID)
	e.Num("project_id", mr.Project.ID)
	e.Str("title", mr.Title)
	e.Str("description", mr.Description)
	e.Str("state", mr.State)
	e.Time("created_at", mr.CreatedAt)
	e.Time("updated_at", mr.UpdatedAt)
}

// fields writes a merge request without the braces.
func fields(e *jsonenc.Encoder, c *rest.Call, mr *store.MergeRequest) {
	heading(mr, e)
	user.WriteOrNull(e, c, "merged_by", mr.MergedBy)
	user.WriteOrNull(e, c, "merge_user", mr.MergedBy)
	e.Time("merged_at", mr.MergedAt)
	user.WriteOrNull(e, c, "closed_by", mr.ClosedBy)
	e.Time("closed_at", mr.ClosedAt)
	e.Str("target_branch", mr.Target)
	e.Str("source_branch", mr.Source)
	e.Num("user_notes_count", comments(mr))
	e.Num("upvotes", votes(mr, "thumbsup"))
	e.Num("downvotes", votes(mr, "thumbsdown"))
	writePeople(e, c, mr)
	e.Num("source_project_id", mr.Project.ID)
	e.Num("target_project_id", mr.Project.ID)
	writeLabels(e, mr, c.View.LabelDetails)
	e.Bool("draft", mr.Draft())
	e.Bool("imported", false)
	e.Str("imported_from", "none")
	e.Bool("work_in_progress", mr.Draft())
	milestone.WriteOrNull(e, c, "milestone", mr.Milestone)
	writeMergeState(e, mr)
	e.Null("discussion_locked")
	e.Null("should_remove_source_branch")
	e.Null("force_remove_source_branch")
	e.Time("prepared_at", mr.CreatedAt)
	writeReferences(e, c, mr)
	e.Str("web_url", webURL(c, mr))
	writeTimeStats(e)
	e.Bool("squash", false)
	e.Bool("squash_on_merge", false)
	writeTasks(e, mr)
	e.Bool("has_conflicts", false)
	e.Bool("blocking_discussions_resolved", true)
	if c.Store.Edition.Enterprise() {
		e.Null("approvals_before_merge")
	}
}

func writePeople(e *jsonenc.Encoder, c *rest.Call, mr *store.MergeRequest) {
	user.WriteOrNull(e, c, "author", mr.Author)
	user.WriteAll(e, c, "assignees", mr.Assignees)
	var first *store.User
	if len(mr.Assignees) > 0 {
		first = mr.Assignees[0]
	}
	user.WriteOrNull(e, c, "assignee", first)
	user.WriteAll(e, c, "reviewers", mr.Reviewers)
}

func writeLabels(e *jsonenc.Encoder, mr *store.MergeRequest, details bool) {
	byName := func(a, b *store.Label) int { return strings.Compare(a.Name, b.Name) }
	e.Key("labels")
	e.Open('[')
	for _, l := range slices.SortedFunc(slices.Values(mr.Labels), byName) {
		if details {
			label.Write(e, l)
		} else {
			e.Text(l.Name)
		}
	}
	e.Shut(']')
}

// writeMergeState writes whether and how it can be merged, and the commits.
func writeMergeState(e *jsonenc.Encoder, mr *store.MergeRequest) {
	e.Bool("merge_when_pipeline_succeeds", false)
	e.Str("merge_status", "can_be_merged")
	e.Str("detailed_merge_status", mergeStatus(mr))
	e.Null("merge_after")
	e.Str("sha", commit(mr, "head"))
	merged := ""
	if mr.State == "merged" {
		merged = commit(mr, "merge")
	}
	e.StrOrNull("merge_commit_sha", merged)
	e.Null("squash_commit_sha")
}

func mergeStatus(mr *store.MergeRequest) string {
	switch {
	case mr.State != "opened":
		return "not_open"
	case mr.Draft():
		return "draft_status"
	case approvalsLeft(mr) > 0:
		return "not_approved"
	}
	return "mergeable"
}

func approvalsLeft(mr *store.MergeRequest) int {
	return max(mr.ApprovalsRequired-len(mr.ApprovedBy), 0)
}

// commit returns a made-up hash for one of the commits of a merge request, always the same.
func commit(mr *store.MergeRequest, which string) string {
	sum := sha1.Sum([]byte(which + " of " + mr.Project.FullPath() + "!" + strconv.Itoa(mr.IID)))
	return hex.EncodeToString(sum[:])
}

func writeReferences(e *jsonenc.Encoder, c *rest.Call, mr *store.MergeRequest) {
	short, path := "!"+strconv.Itoa(mr.IID), mr.Project.FullPath()
	full := path + short
	shown, relative := short, short
	switch {
	case c.View.Within != nil:
		shown, relative = full, strings.TrimPrefix(full, c.View.Within.FullPath()+"/")
	case c.View.Everywhere:
		shown, relative = full, full
	}
	e.Str("reference", shown)
	e.Key("references")
	e.Open('{')
	e.Str("short", short)
	e.Str("relative", relative)
	e.Str("full", full)
	e.Shut('}')
}

func webURL(c *rest.Call, mr *store.MergeRequest) string {
	return c.Base.URL + "/" + mr.Project.FullPath() + "/-/merge_requests/" + strconv.Itoa(mr.IID)
}

// writeTimeStats is empty: nobody tracks the time of merge requests here.
func writeTimeStats(e *jsonenc.Encoder) {
	e.Key("time_stats")
	e.Open('{')
	e.Num("time_estimate", 0)
	e.Num("total_time_spent", 0)
	e.Null("human_time_estimate")
	e.Null("human_total_time_spent")
	e.Shut('}')
}

func writeTasks(e *jsonenc.Encoder, mr *store.MergeRequest) {
	count, done := markdown.TaskCount(mr.Description)
	e.Key("task_completion_status")
	e.Open('{')
	e.Num("count", count)
	e.Num("completed_count", done)
	e.Shut('}')
}

// singleFields are what only a single merge request has. Nothing was built or deployed.
func singleFields(e *jsonenc.Encoder, c *rest.Call, mr *store.MergeRequest) {
	e.Bool("subscribed", c.User != nil && (mr.Author == c.User || slices.Contains(mr.Assignees, c.User)))
	e.Str("changes_count", changesCount(mr))
	for _, name := range []string{
		"latest_build_started_at", "latest_build_finished_at", "first_deployed_to_production_at", "pipeline", "head_pipeline",
	} {
		e.Null(name)
	}
	e.Key("diff_refs")
	e.Open('{')
	e.Str("base_sha", commit(mr, "base"))
	e.Str("head_sha", commit(mr, "head"))
	e.Str("start_sha", commit(mr, "base"))
	e.Shut('}')
	e.Null("merge_error")
	if c.Params.Bool("include_rebase_in_progress").Value {
		e.Bool("rebase_in_progress", false)
	}
	if c.Params.Bool("include_diverged_commits_count").Value {
		e.Num("diverged_commits_count", 0)
	}
	e.Bool("first_contribution", false)
	e.Key("user")
	e.Open('{')
	e.Bool("can_merge", access.MayMerge(c.User, mr.Project))
	e.Shut('}')
}

package mergerequest

import (
	"net/http"
	"slices"
	"strconv"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// maxDiffFiles is how many files of a merge request are shown; the rest is left out.
const maxDiffFiles = 1000

// listDiffs silently leaves out files above the limit.
func listDiffs(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	c.Params.Bool("unidiff")
	mr, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return rest.List(c, pg, mr.Files[:min(len(mr.Files), maxDiffFiles)], writeDiff)
}

// getChanges is the old form: the merge request with all its files. A field shows that some are left out.
func getChanges(c *rest.Call) (rest.Reply, error) {
	c.Params.Bool("unidiff")
	mr, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		e.Open('{')
		fields(e, c, mr)
		singleFields(e, c, mr)
		e.Key("changes")
		e.Open('[')
		for _, f := range mr.Files[:min(len(mr.Files), maxDiffFiles)] {
			writeDiff(e, f)
		}
		e.Shut(']')
		e.Bool("overflow", len(mr.Files) > maxDiffFiles)
		e.Shut('}')
	})
}

// changesCount is a string, because it ends in a plus if there are more.
func changesCount(mr *store.MergeRequest) string {
	if len(mr.Files) > maxDiffFiles {
		return strconv.Itoa(maxDiffFiles) + "+"
	}
	return strconv.Itoa(len(mr.Files))
}

// listVersions has the state after each push, the newest first.
func listVersions(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	mr, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	newest := slices.Clone(mr.Versions)
	slices.Reverse(newest)
	return rest.List(c, pg, newest, func(e *jsonenc.Encoder, v store.Version) {
		e.Open('{')
		e.Num("id", v.ID)
		e.Str("head_commit_sha", v.Head)
		e.Str("base_commit_sha", mr.Versions[0].Head)
		e.Str("start_commit_sha", mr.Versions[0].Head)
		e.Time("created_at", v.CreatedAt)
		e.Num("merge_request_id", mr.ID)
		e.Str("state", "collected")
		e.Str("real_size", changesCount(mr))
		e.Str("patch_id_sha", v.Head)
		e.Shut('}')
	})
}

func writeDiff(e *jsonenc.Encoder, f store.ChangedFile) {
	before, after := "100644", "100644"
	if f.Added {
		before = "0"
	}
	if f.Deleted {
		after = "0"
	}
	e.Open('{')
	e.Str("diff", f.Diff)
	e.Bool("collapsed", false)
	e.Bool("too_large", false)
	e.Str("new_path", f.Path)
	e.Str("old_path", f.From)
	e.Str("a_mode", before)
	e.Str("b_mode", after)
	e.Bool("new_file", f.Added)
	e.Bool("renamed_file", f.From != f.Path)
	e.Bool("deleted_file", f.Deleted)
	e.Bool("generated_file", false)
	e.Shut('}')
}

package fakegitlab

import "net/http"

// maxDiffFiles is how many files of a merge request are shown; what is beyond is left out.
const maxDiffFiles = 1000

// listDiffs leaves out what is beyond the limit without a word.
func listDiffs(c *call) (reply, error) {
	pg := c.paging()
	c.p.bool("unidiff")
	mr, err := mergeRequestOfPath(c)
	if err != nil {
		return reply{}, err
	}
	return listReply(c, pg, mr.files[:min(len(mr.files), maxDiffFiles)], writeDiff)
}

// getChanges is the old form: the merge request with its files, all at once. It tells when some are left out.
func getChanges(c *call) (reply, error) {
	c.p.bool("unidiff")
	mr, err := mergeRequestOfPath(c)
	if err != nil {
		return reply{}, err
	}
	return c.json(http.StatusOK, func(e *enc) {
		e.open('{')
		mergeRequestFields(e, c, mr)
		e.str("changes_count", changesCount(mr))
		e.key("changes")
		e.open('[')
		for _, f := range mr.files[:min(len(mr.files), maxDiffFiles)] {
			writeDiff(e, f)
		}
		e.shut(']')
		e.bool("overflow", len(mr.files) > maxDiffFiles)
		e.shut('}')
	})
}

// changesCount is a text, since it ends in a plus when there are more.
func changesCount(mr *mergeRequest) string {
	if len(mr.files) > maxDiffFiles {
		return itoa(maxDiffFiles) + "+"
	}
	return itoa(len(mr.files))
}

func writeDiff(e *enc, f changedFile) {
	before, after := "100644", "100644"
	if f.added {
		before = "0"
	}
	if f.deleted {
		after = "0"
	}
	e.open('{')
	e.str("diff", f.diff)
	e.bool("collapsed", false)
	e.bool("too_large", false)
	e.str("new_path", f.path)
	e.str("old_path", f.from)
	e.str("a_mode", before)
	e.str("b_mode", after)
	e.bool("new_file", f.added)
	e.bool("renamed_file", f.from != f.path)
	e.bool("deleted_file", f.deleted)
	e.bool("generated_file", false)
	e.shut('}')
}

package issue

import (
	"regexp"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/mergerequest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

var closingWords = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?):?\s+$`)
})

// relatedMergeRequests lists merge requests of the same project whose text mentions the issue.
func relatedMergeRequests(c *rest.Call) (rest.Reply, error) {
	return mentioning(c, func(*store.MergeRequest, string) bool { return true })
}

// closingMergeRequests lists open merge requests that would close the issue when merged.
func closingMergeRequests(c *rest.Call) (rest.Reply, error) {
	return mentioning(c, func(mr *store.MergeRequest, before string) bool {
		return mr.State == "opened" && closingWords().MatchString(before)
	})
}

// mentioning lists the merge requests that mention the issue and fit. fits gets the text before the reference.
func mentioning(c *rest.Call, fits func(mr *store.MergeRequest, before string) bool) (rest.Reply, error) {
	pg := c.Paging()
	i, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	var found []*store.MergeRequest
	for _, mr := range i.Project.MergeRequests {
		before, after, ok := strings.Cut(mr.Title+"\n"+mr.Description+"\n", i.Reference(i.Project))
		if ok && access.MayReadMergeRequests(c.User, i.Project) && strings.Trim(after[:1], "0123456789") != "" && fits(mr, before) {
			found = append(found, mr)
		}
	}
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, mr *store.MergeRequest) { mergerequest.Write(e, c, mr) })
}

package param

import "gitlab.com/prodctl/prodctl/internal/fakegitlab/fulltext"

// Matcher is a prepared search for substrings, as lists of milestones and labels have it.
type Matcher = fulltext.Substring

// NewMatcher parses a search text.
func NewMatcher(search string) Matcher { return fulltext.NewSubstring(search) }

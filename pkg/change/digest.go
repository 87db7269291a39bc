package change

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/pkg/record"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// eventKeys are the keys of the record that events write; they do not belong to the plan.
var eventKeys = []string{
	keyApprovedBy, keyStartedBy, keyStartedAt, keyFinishedAt, keyAbortedAt, keyOutcome, keyOverrides, keyAsOfNote, keyNotes, keyAttempts,
	keyAttemptIDs, keyRelated, keyRetryOf, keyJob, keyJobID, keyPipeline, keyMessage, keyUser, keyRecordedBy,
}

var (
	keyLine = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^ {0,3}<!-- prodctl:(?:key=[^\s>]+|id=p[0-9a-f]{20}) -->[ \t]*$`)
	})
	blankEnds  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)[ \t]+$`) })
	blankLines = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\n{2,}`) })
	box        = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^([ \t>]*(?:[-*+]|[0-9]+[.)])[ \t]+)\[[xX~]\]`) })
)

// Digest identifies the plan of a change: everything that is executed, who executes it, its criticality and its window. An approval has
// the digest of the plan that was approved, so it does not count for an edited plan.
func (c Change) Digest() string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(c.Issue.Title) + "\x00" + c.Criticality.String() + "\x00" + c.Plan()))
	return hex.EncodeToString(sum[:16])
}

// Plan returns the plan of a change: its description without everything that is not part of the plan. Left out are events, the hidden keys,
// ticks of boxes, white space at line ends and between paragraphs, and carriage returns, which GitLab deletes.
func (c Change) Plan() string {
	text := strings.ReplaceAll(c.Issue.Description, "\r", "")
	for _, m := range slices.Backward(keyLine().FindAllStringIndex(safetext.WithoutClosedLiterals(text), -1)) {
		text = text[:m[0]] + text[m[1]:] // in a code block it would be part of the plan
	}
	text = withRecord(box().ReplaceAllString(text, "$1[ ]"))
	block, _ := record.Find(text, Kind)
	var edits []record.Edit
	for _, key := range eventKeys {
		edits = append(edits, record.Delete(key))
	}
	text = blankEnds().ReplaceAllString(block.Apply(edits...), "")
	return strings.TrimSpace(blankLines().ReplaceAllString(text, "\n"))
}

// withRecord adds an empty record to a description that has none: the first approval of a change that was created by hand adds one, and
// must not change the digest of the plan.
func withRecord(text string) string {
	block, _ := record.Find(text, Kind)
	if block.Exists() {
		return text
	}
	return block.Apply(record.Set(keyAsOfNote, "0"))
}

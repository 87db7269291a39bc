package change

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/pkg/record"
)

// told are the keys of the record that are no part of the plan: what happens to a change is written there.
var eventKeys = []string{
	keyApprovedBy, keyStartedAt, keyFinishedAt, keyAbortedAt, keyOutcome, keyOverrides, keyAsOfNote, keyNotes, keyAttempts,
	keyExecutor, keyRelated, keyRetryOf, keyJob, keyMessage, keyUser,
}

var (
	keyLine    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^[ \t]*<!-- prodctl:key=[^\s>]+ -->[ \t]*$`) })
	blankEnds  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)[ \t]+$`) })
	blankLines = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\n{2,}`) })
	box        = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^([ \t>]*(?:[-*+]|[0-9]+[.)])[ \t]+)\[[xX~]\]`) })
)

// PlanDigest stands for the plan of a change: an approval carries that of the plan which was approved,
// so that one for another text does not count. What does not belong to the plan does not change it:
// what happened to the change, who carries it out (which [Judge] looks at by itself), the hidden key,
// boxes that are ticked as the work goes on, white space at line ends and between paragraphs, and carriage returns, which GitLab deletes.
func PlanDigest(title, description string) string {
	text := strings.ReplaceAll(description, "\r", "")
	text = keyLine().ReplaceAllString(text, "")
	text = withRecord(box().ReplaceAllString(text, "$1[ ]"))
	block, _ := record.Find(text, Kind)
	var edits []record.Edit
	for _, key := range eventKeys {
		edits = append(edits, record.Delete(key))
	}
	text = block.Apply(edits...)
	text = blankEnds().ReplaceAllString(text, "")
	text = strings.TrimSpace(blankLines().ReplaceAllString(text, "\n"))
	sum := sha256.Sum256([]byte(strings.TrimSpace(title) + "\x00" + text))
	return hex.EncodeToString(sum[:16])
}

// withRecord is a description that has a record, be it an empty one: the first approval of a change that was made by hand
// gives it one, and is of the same plan after that.
func withRecord(text string) string {
	block, _ := record.Find(text, Kind)
	if block.Exists() {
		return text
	}
	return block.Apply(record.Set(keyAsOfNote, "0"))
}

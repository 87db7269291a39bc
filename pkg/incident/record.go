package incident

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/record"
)

// The keys of the record. The fields of events have the same keys.
const (
	KeyStarted   = "started_at"
	KeyDetected  = "detected_at"
	KeyMitigated = "mitigated_at"
	KeyResolved  = "resolved_at"
	KeySeverity  = "severity"
	KeyImpact    = "impact"
	KeyServices  = "services"
	KeyCause     = "cause"
	KeyDataLoss  = "data_loss"
	KeyRelated   = "related"

	keyAsOf = "as_of_note"
)

// KeyClose is the field of an event that also closes the issue, with the value "true". It is not part of the record.
const KeyClose = "close"

// KeyReview is the field of an event that closes the issue although a review is, or may be, due, with the value "due": the label of such
// incidents is set until the review is held or the incident is reopened. It is not part of the record.
const KeyReview = "review"

// ReviewDue is the value of the field [KeyReview].
const ReviewDue = "due"

// reviewHeld is the value once the review was held.
const reviewHeld = "held"

// RecordKeys returns the keys of the record that people and events fill in, in order.
func RecordKeys() []string {
	return []string{KeyStarted, KeyDetected, KeyMitigated, KeyResolved, KeySeverity, KeyImpact, KeyServices, KeyCause, KeyDataLoss, KeyRelated}
}

// Record holds the values of the block "yaml prodctl/incident" of a description. A value that is missing or cannot be read is zero, which
// means unknown.
type Record struct {
	Exists      bool
	StartedAt   time.Time // UTC, like all of them
	DetectedAt  time.Time
	MitigatedAt time.Time
	ResolvedAt  time.Time
	Severity    Severity
	Impact      *string // exact decimal from 0 to 1
	Services    []string
	Cause       string
	DataLoss    bool
	Related     []string // references as written
	AsOfNote    int64    // the newest comment in record and timeline; 0: none
	Problems    []record.Problem
}

// Read reads the record of a description. A time without a date is on the UTC date on which the issue was created.
// An invalid value is reported as a problem with line and column, and counts as unknown.
func Read(description string, createdAt time.Time) Record {
	b, problems := record.Find(description, Kind)
	known, more := readFacts(b, createdAt)
	r := known.record()
	r.Exists, r.Problems = b.Exists(), append(problems, more...)
	if v, ok := b.Get(keyAsOf); ok && v.Text != "" {
		n, err := strconv.ParseInt(v.Text, 10, 64)
		if err != nil || n < 0 {
			r.Problems = append(r.Problems, record.Problem{Line: v.Line, Column: v.Column,
				Text: fmt.Sprintf("as_of_note: invalid comment number %q", v.Text)})
		}
		r.AsOfNote = max(n, 0)
	}
	record.SortProblems(r.Problems)
	return r
}

// facts are the values of the record by key, normalized: times as record.FormatTime writes them, lists with ", ". Unknown is empty.
type facts map[string]string

func readFacts(b record.Block, day time.Time) (facts, []record.Problem) {
	known := facts{}
	var problems []record.Problem
	for _, key := range RecordKeys() {
		v, ok := b.Get(key)
		text := v.Text
		if v.IsList {
			text = strings.Join(v.List, ", ")
		}
		if !ok || text == "" {
			continue
		}
		value, err := normalize(key, text, day)
		if err != nil {
			problems = append(problems, record.Problem{Line: v.Line, Column: v.Column, Text: key + ": " + err.Error()})
		}
		known[key] = value
	}
	return known, problems
}

// normalize returns a value of the record in the form in which values are compared; empty and an error if it is invalid.
func normalize(key, text string, day time.Time) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	switch key {
	case KeyStarted, KeyDetected, KeyMitigated, KeyResolved:
		t, err := record.ParseTime(text, day)
		if err != nil {
			return "", err
		}
		return record.FormatTime(t), nil
	case KeySeverity:
		if strings.EqualFold(text, "unknown") {
			return "", nil
		}
		s, err := ParseSeverity(text)
		return string(s), err
	case KeyImpact:
		return ParseImpact(text)
	case KeyServices, KeyRelated:
		return strings.Join(listItems(text), ", "), nil
	case KeyDataLoss:
		return yesNo(text)
	}
	return text, nil
}

// listItems returns the items of a comma-separated list, each once.
func listItems(text string) []string {
	list := strings.Split(text, ",")
	for n := range list {
		list[n] = strings.TrimSpace(list[n])
	}
	return distinct(list)
}

func yesNo(text string) (string, error) {
	switch strings.ToLower(text) {
	case "true", "yes", "y", "1", "on":
		return "true", nil
	case "false", "no", "n", "0", "off":
		return "false", nil
	}
	return "", fmt.Errorf("invalid value %q (use true or false)", text)
}

var decimal = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:\d{1,20}(?:[.,]\d{0,20})?|[.,]\d{1,20}) ?(%?)$`) })

// ParseImpact parses the share of users affected, from 0 to 1 or in percent, and returns it as an exact decimal: 0.25 for 25%. It never
// goes through a binary fraction.
func ParseImpact(s string) (string, error) {
	text := strings.TrimSpace(s)
	m := decimal().FindStringSubmatch(text)
	share := new(big.Rat)
	if m != nil {
		digits := strings.Replace(strings.TrimRight(text, "% "), ",", ".", 1)
		_, ok := share.SetString("0" + strings.TrimSuffix(digits, "."))
		if !ok {
			m = nil
		} else if m[1] == "%" {
			share.Quo(share, big.NewRat(100, 1))
		}
	}
	if m == nil || share.Cmp(big.NewRat(1, 1)) > 0 {
		return "", fmt.Errorf("invalid share %q (use a number from 0 to 1, such as 0.25, or 25%%)", s)
	}
	exact := share.FloatString(22) // 20 digits, and two more from percent
	return strings.TrimSuffix(strings.TrimRight(exact, "0"), "."), nil
}

// record returns facts as a [Record].
func (f facts) record() Record {
	r := Record{
		StartedAt: f.time(KeyStarted), DetectedAt: f.time(KeyDetected), MitigatedAt: f.time(KeyMitigated), ResolvedAt: f.time(KeyResolved),
		Severity: Severity(f[KeySeverity]), Services: listItems(f[KeyServices]), Cause: f[KeyCause], DataLoss: f[KeyDataLoss] == "true",
		Related: listItems(f[KeyRelated]),
	}
	if share := f[KeyImpact]; share != "" {
		r.Impact = &share
	}
	return r
}

// time is zero if unknown.
func (f facts) time(key string) time.Time {
	t, err := time.Parse(time.RFC3339, f[key])
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// edit returns the edit that writes a fact into the record.
func (f facts) edit(key string) record.Edit {
	if key == KeyServices || key == KeyRelated {
		return record.SetList(key, listItems(f[key]))
	}
	return record.Set(key, f[key])
}

// edits returns the edits for facts that differ from before. A missing key is not added only to say that its value is unknown.
func (f facts) edits(before facts) []record.Edit {
	var list []record.Edit
	for _, key := range RecordKeys() {
		if f[key] != before[key] {
			list = append(list, f.edit(key))
		}
	}
	return list
}

// block returns the edits of a new record. It has every key, so that people see what to fill in.
func (f facts) block(asOf int64) []record.Edit {
	var list []record.Edit
	for _, key := range RecordKeys() {
		list = append(list, f.edit(key))
	}
	return append(list, asOfEdit(asOf))
}

func asOfEdit(id int64) record.Edit { return record.Set(keyAsOf, strconv.FormatInt(id, 10)) }

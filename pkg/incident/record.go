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

// The keys of the record. Entries of the journal name what they say by the same ones.
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

// KeyClose is said by an entry that closes the issue as well, with the value "true". It is not part of the record.
const KeyClose = "close"

// RecordKeys are the keys of the record that people and entries fill, in their order.
func RecordKeys() []string {
	return []string{KeyStarted, KeyDetected, KeyMitigated, KeyResolved, KeySeverity, KeyImpact, KeyServices, KeyCause, KeyDataLoss, KeyRelated}
}

// Record is what the block "yaml prodctl/incident" of a description says. What is not there, or cannot be read, is zero and unknown.
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
	Related     []string // references as they are written
	AsOfNote    int64    // the newest comment that record and timeline follow; 0: none
	Problems    []record.Problem
}

// Read reads the record of a description. Times without a date are on the UTC date on which the issue was created.
// A value that makes no sense is a problem with its line and column and counts as unknown.
func Read(description string, createdAt time.Time) Record {
	b, problems := record.Find(description, Kind)
	known, more := readFacts(b, createdAt)
	r := known.record()
	r.Exists, r.Problems = b.Exists(), append(problems, more...)
	if v, ok := b.Get(keyAsOf); ok && v.Text != "" {
		n, err := strconv.ParseInt(v.Text, 10, 64)
		if err != nil || n < 0 {
			r.Problems = append(r.Problems, record.Problem{Line: v.Line, Column: v.Column,
				Text: fmt.Sprintf("as_of_note: %q is the number of no comment", v.Text)})
		}
		r.AsOfNote = max(n, 0)
	}
	record.SortProblems(r.Problems)
	return r
}

// facts are the values of the record by key, each in one form: times as record.FormatTime writes them, lists with ", ".
// What is unknown is empty.
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

// normal is a value of the record in the one form in which values are compared; empty with an error when it makes no sense.
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

// words are the items of a list with commas, each once.
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
	return "", fmt.Errorf("%q is neither true nor false", text)
}

var decimal = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:\d{1,20}(?:[.,]\d{0,20})?|[.,]\d{1,20}) ?(%?)$`) })

// ParseImpact reads the share of users affected, from 0 to 1 or in per cent, and gives it as an exact decimal: 0.25 for 25%. No binary
// fraction comes into it.
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
		return "", fmt.Errorf("%q is no share of users: write a number from 0 to 1, such as 0.25, or 25%%", s)
	}
	exact := share.FloatString(22) // 20 digits, and two more from per cent
	return strings.TrimSuffix(strings.TrimRight(exact, "0"), "."), nil
}

// record is the typed view of facts.
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

// time is zero where the time is unknown.
func (f facts) time(key string) time.Time {
	t, err := time.Parse(time.RFC3339, f[key])
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// edit is what writes a fact into the record.
func (f facts) edit(key string) record.Edit {
	if key == KeyServices || key == KeyRelated {
		return record.SetList(key, listItems(f[key]))
	}
	return record.Set(key, f[key])
}

// edits write what differs from facts before. A key that is not there is not written to say that nothing is known.
func (f facts) edits(before facts) []record.Edit {
	var list []record.Edit
	for _, key := range RecordKeys() {
		if f[key] != before[key] {
			list = append(list, f.edit(key))
		}
	}
	return list
}

// block are the edits of a new record: every key is there, for people to see and fill.
func (f facts) block(asOf int64) []record.Edit {
	var list []record.Edit
	for _, key := range RecordKeys() {
		list = append(list, f.edit(key))
	}
	return append(list, asOfEdit(asOf))
}

func asOfEdit(id int64) record.Edit { return record.Set(keyAsOf, strconv.FormatInt(id, 10)) }

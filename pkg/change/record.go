package change

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/record"
)

// The keys of the record of a change, the fenced block yaml prodctl/change (docs/record.md).
const (
	keyCriticality = "criticality"
	keyStart       = "start"
	keyDuration    = "duration"
	keyWindowEnd   = "window_end"
	keyServices    = "services"
	keyImpact      = "impact"
	keyDowntime    = "downtime"
	keyExecutor    = "executor"
	keyStartedBy   = "started_by"
	keyEnvironment = "environment"
	keyType        = "type"
	keyStage       = "stage"
	keyUser        = "user"
	keySource      = "source"
	keyCommit      = "commit"
	keyDiff        = "diff"
	keyJob         = "job"
	keyJobID       = "job_id"
	keyPipeline    = "pipeline"
	keyMessage     = "message"
	keyRecordedBy  = "recorded_by"
	keyOutcome     = "outcome"
	keyAttempts    = "attempts"
	keyAttemptIDs  = "attempt_ids"
	keyStartedAt   = "started_at"
	keyFinishedAt  = "finished_at"
	keyAbortedAt   = "aborted_at"
	keyApprovedBy  = "approved_by"
	keyOverrides   = "overrides"
	keyRetryOf     = "retry_of"
	keyRelated     = "related"
	keyAsOfNote    = "as_of_note"
	keyNotes       = "notes"
)

// Record holds the record block of a change. Zero values are unknown. Times are UTC.
type Record struct {
	Criticality Criticality
	Start       time.Time     // planned
	Duration    time.Duration // estimated
	WindowEnd   time.Time
	Services    []string // none: all
	Impact      ImpactType
	Downtime    *time.Duration // expected; nil: unknown
	Excluded    bool           // "downtime: approved": downtime in the approved window does not spend the error budget
	Executor    string         // planned; user name without @
	Environment string

	// From automation, as recorded.
	Type, Stage, User, Source, Commit, Diff, Job, JobID, Message string
	RecordedBy                                                   string // user name of the token, without @
	Pipeline                                                     int64  // 0: unknown
	Attempts                                                     int
	AttemptIDs                                                   []string // see [Automation.AttemptID]; the first ones may be missing

	Outcome    Outcome
	StartedBy  string // user name without @
	StartedAt  time.Time
	FinishedAt time.Time
	AbortedAt  time.Time
	ApprovedBy []string // user names without @
	Overrides  []string
	RetryOf    string // reference
	Related    []string
	AsOfNote   int64   // the last comment that is applied
	notes      []int64 // all comments that are applied

	Exists   bool             // the description has a record
	Problems []record.Problem // values that could not be parsed; they are unknown
}

// Read parses the record block in a description. A time without a date is on the day when the issue was created.
func Read(description string, createdAt time.Time) Record {
	block, problems := record.Find(description, Kind)
	r := reader{block: block, day: createdAt, problems: problems}
	out := Record{Exists: block.Exists()}
	r.plan(&out)
	r.automation(&out)
	r.events(&out)
	record.SortProblems(r.problems)
	out.Problems = r.problems
	return out
}

// DowntimeApproved is the value of the record's downtime for which approvers accept that the services are down.
const DowntimeApproved = "approved"

type reader struct {
	block    record.Block
	day      time.Time
	problems []record.Problem
}

func (r *reader) plan(out *Record) {
	read(r, keyCriticality, &out.Criticality, ParseCriticality)
	read(r, keyStart, &out.Start, r.time)
	read(r, keyDuration, &out.Duration, ParseMinutes)
	read(r, keyWindowEnd, &out.WindowEnd, r.time)
	out.Services = r.list(keyServices)
	read(r, keyImpact, &out.Impact, ParseImpact)
	read(r, keyDowntime, &out.Downtime, func(s string) (*time.Duration, error) {
		if out.Excluded = strings.EqualFold(s, DowntimeApproved); out.Excluded {
			return nil, nil
		}
		d, err := ParseMinutes(s)
		return &d, err
	})
	out.Executor = userName(r.text(keyExecutor))
	out.Environment = r.text(keyEnvironment)
}

func (r *reader) automation(out *Record) {
	for key, to := range map[string]*string{
		keyType: &out.Type, keyStage: &out.Stage, keyUser: &out.User, keySource: &out.Source,
		keyCommit: &out.Commit, keyDiff: &out.Diff, keyJob: &out.Job, keyJobID: &out.JobID, keyMessage: &out.Message,
	} {
		*to = r.text(key)
	}
	out.User, out.RecordedBy = userName(out.User), userName(r.text(keyRecordedBy))
	read(r, keyPipeline, &out.Pipeline, parseNumber)
	out.AttemptIDs = r.list(keyAttemptIDs)
	read(r, keyAttempts, &out.Attempts, attempts)
}

func (r *reader) events(out *Record) {
	read(r, keyOutcome, &out.Outcome, ParseOutcome)
	out.StartedBy = userName(r.text(keyStartedBy))
	read(r, keyStartedAt, &out.StartedAt, r.time)
	read(r, keyFinishedAt, &out.FinishedAt, r.time)
	read(r, keyAbortedAt, &out.AbortedAt, r.time)
	out.ApprovedBy = people(r.list(keyApprovedBy)...)
	out.Overrides = r.list(keyOverrides)
	out.RetryOf = r.text(keyRetryOf)
	out.Related = r.list(keyRelated)
	read(r, keyAsOfNote, &out.AsOfNote, parseNumber)
	for _, item := range r.list(keyNotes) {
		if id, err := parseNumber(item); err == nil {
			out.notes = append(out.notes, id)
		}
	}
}

func (r *reader) text(key string) string {
	v, _ := r.block.Get(key)
	return v.Text
}

func (r *reader) list(key string) []string {
	v, ok := r.block.Get(key)
	if !ok || v.Text == "" && !v.IsList {
		return nil
	}
	return v.Items()
}

func (r *reader) time(s string) (time.Time, error) { return record.ParseTime(s, r.day) }

// read parses the value of a key. A value that cannot be parsed is a problem, and stays unknown.
func read[T any](r *reader, key string, to *T, parse func(string) (T, error)) {
	v, ok := r.block.Get(key)
	if !ok || v.Text == "" || strings.EqualFold(v.Text, "unknown") {
		return
	}
	got, err := parse(v.Text)
	if err != nil {
		r.problems = append(r.problems, record.Problem{Line: v.Line, Column: v.Column, Text: key + ": " + err.Error()})
		return
	}
	*to = got
}

func parseNumber(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > 1<<53 {
		return 0, fmt.Errorf("invalid number %q", s)
	}
	return n, nil
}

func attempts(s string) (int, error) {
	n, err := parseNumber(s)
	return int(min(n, 1<<30)), err
}

var minutesPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(?:(\d{1,4}) *(?:h|hours?))?(?: *(\d{1,5}) *(?:m|min|mins|minutes?)?)?$`)
})

// ParseMinutes parses a duration as people write it in a plan: 90m, 1h30m, 2h, 45 (minutes), 45 min.
func ParseMinutes(s string) (time.Duration, error) {
	m := minutesPattern().FindStringSubmatch(strings.TrimSpace(s))
	if m == nil || m[1] == "" && m[2] == "" {
		return 0, fmt.Errorf("invalid duration %q (use 45m or 1h30m)", s)
	}
	hours, _ := strconv.Atoi("0" + m[1])
	minutes, _ := strconv.Atoi("0" + m[2])
	return time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute, nil
}

// FormatMinutes formats a duration for the record, as 90m. It rounds up to full minutes.
func FormatMinutes(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Minute-1)/time.Minute), 10) + "m"
}

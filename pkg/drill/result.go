package drill

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Target is something that has a backup, and whose restore is tested.
type Target struct {
	Name   string // a word, such as db
	Kind   string // such as database or filesystem; empty: unknown
	Size   Size   // expected; 0: unknown
	Verify string // how to verify the data, one line
}

// Result is one restore of a target.
type Result struct {
	Target     string
	Attempt    int       // of this target in this drill, from 1
	Start, End time.Time // UTC, whole seconds
	Size       Size      // 0: unknown
	Verified   bool      // the data was verified; false: the restore or the check failed
	By         string    // user name of who recorded it; empty: unknown
	Notes      string    // one line
}

// Duration is how long the restore took.
func (r Result) Duration() time.Duration { return r.End.Sub(r.Start) }

// The words of a verdict.
const (
	Verified = "verified"
	Failed   = "failed"
)

// Verdict returns verified or failed.
func (r Result) Verdict() string {
	if r.Verified {
		return Verified
	}
	return Failed
}

const (
	partBy    = "by "
	partNotes = "notes: "
	between   = " to "
)

// maxNotes is how many characters of the notes the record has. All of them are in the comment.
const maxNotes = 300

// String returns the result as a line of the record: db; verified; START to END; 412 GiB; by maria; notes: ...
func (r Result) String() string {
	parts := []string{r.Target, r.Verdict(), record.FormatTime(r.Start) + between + record.FormatTime(r.End)}
	if r.Size > 0 {
		parts = append(parts, r.Size.String())
	}
	if r.By != "" {
		parts = append(parts, partBy+r.By)
	}
	if notes := strings.Join(strings.Fields(r.Notes), " "); notes != "" {
		if cut := []rune(notes); len(cut) > maxNotes {
			notes = string(cut[:maxNotes-1]) + "…"
		}
		parts = append(parts, partNotes+notes)
	}
	return strings.Join(parts, "; ")
}

// ParseResult parses a line of the record. People may leave out everything but the target, the verdict and the times, and put the parts in
// any order after the target; notes come last. Times without a date are on the day of the issue.
func ParseResult(line string, day time.Time) (Result, error) {
	line, notes, _ := strings.Cut(line+";", "; "+partNotes)
	r := Result{Notes: strings.TrimSpace(strings.TrimSuffix(notes, ";"))}
	verdict := false
	for n, part := range strings.Split(strings.TrimRight(line, "; "), ";") {
		part = strings.TrimSpace(part)
		from, to, times := strings.Cut(part, between)
		switch word := strings.ToLower(part); {
		case n == 0:
			r.Target = part
		case word == Verified || word == Failed:
			r.Verified, verdict = word == Verified, true
		case strings.HasPrefix(part, partBy):
			r.By = strings.TrimPrefix(strings.TrimPrefix(part, partBy), "@")
		case times:
			var err error
			if r.Start, err = record.ParseTime(from, day); err != nil {
				return Result{}, err
			}
			if r.End, err = record.ParseTime(to, r.Start); err != nil {
				return Result{}, err
			}
		case part != "":
			size, err := ParseSize(part)
			if err != nil {
				return Result{}, err
			}
			r.Size = size
		}
	}
	switch {
	case !IsName(r.Target):
		return Result{}, fmt.Errorf("invalid target %q", r.Target)
	case !verdict:
		return Result{}, fmt.Errorf("%s is neither verified nor failed", r.Target)
	case r.Start.IsZero():
		return Result{}, fmt.Errorf("%s has no times (use 09:10 to 10:42)", r.Target)
	case r.End.Before(r.Start):
		return Result{}, fmt.Errorf("the restore of %s ends before it starts", r.Target)
	}
	return r, nil
}

// maxName is the length of the longest name of a target.
const maxName = 60

// IsName reports whether a text can be the name of a target: letters, digits, and . _ - between them.
func IsName(s string) bool {
	ok := func(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' }
	inner := func(c rune) bool { return ok(c) || strings.ContainsRune("._-", c) }
	return s != "" && len(s) <= maxName && ok(rune(s[0])) && !slices.ContainsFunc([]rune(s), func(c rune) bool { return !inner(c) })
}

// restoreNumber returns the number of the key of a result.
func restoreNumber(key string) (int, bool) {
	rest, ok := strings.CutPrefix(key, keyRestore)
	n, err := strconv.Atoi(rest)
	return n, ok && err == nil && n > 0
}

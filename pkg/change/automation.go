package change

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/pkg/record"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Automation is a change as recorded by the pipeline that made it. Branch names, commit messages and the like are untrusted input
// from whoever pushed them: [Automation.Title], [Automation.Description] and [Automation.Fields] sanitize them.
type Automation struct {
	Type        string // deployment, configuration, flag
	Environment string
	Stage       string
	User        string // user name without @
	Source      string // project@branch or project!merge-request
	Commit      string // hexadecimal
	Diff        string // URL
	Job         string // URL
	JobID       string // of GitLab; empty: only the URL is known
	Pipeline    string // URL
	PipelineID  int64  // 0: unknown. Pipelines of an instance are numbered in the order of their creation
	PipelineAt  time.Time
	Message     string
	RecordedBy  string // user name of the token that records it, as GitLab knows it
	Rollback    bool   // see [Automation.Outdated]
	Services    []string
	Criticality Criticality // unknown counts as C4
	Outcome     Outcome
	StartedAt   time.Time
	FinishedAt  time.Time
}

// FromCI reads the variables of a GitLab CI job. Values that are not set stay empty; no variables have the type and the outcome.
func FromCI(getenv func(string) string) Automation {
	a := Automation{
		Environment: first(getenv, "CI_ENVIRONMENT_NAME", "CI_ENVIRONMENT_SLUG", "CI_ENVIRONMENT_TIER"),
		Stage:       first(getenv, "CI_JOB_STAGE"),
		User:        userName(first(getenv, "GITLAB_USER_LOGIN")),
		Job:         webURL(getenv("CI_JOB_URL")),
		JobID:       numberOf(getenv("CI_JOB_ID")),
		Pipeline:    webURL(getenv("CI_PIPELINE_URL")),
		Message:     first(getenv, "CI_COMMIT_TITLE"),
	}
	if sha := getenv("CI_COMMIT_SHA"); realCommit(sha) {
		a.Commit = sha
	}
	project, ref := first(getenv, "CI_PROJECT_PATH"), first(getenv, "CI_COMMIT_REF_NAME", "CI_COMMIT_TAG", "CI_COMMIT_BRANCH")
	switch iid := first(getenv, "CI_MERGE_REQUEST_IID"); {
	case project != "" && number().MatchString(iid):
		a.Source = project + "!" + iid
	case project != "" && ref != "":
		a.Source = project + "@" + ref
	default:
		a.Source = project + ref
	}
	a.Diff = diff(webURL(getenv("CI_PROJECT_URL")), getenv("CI_COMMIT_BEFORE_SHA"), a.Commit)
	a.PipelineID, _ = strconv.ParseInt(numberOf(getenv("CI_PIPELINE_ID")), 10, 64)
	a.PipelineAt = instant(getenv("CI_PIPELINE_CREATED_AT"))
	a.StartedAt = instant(getenv("CI_JOB_STARTED_AT"))
	return a
}

// instant parses a time of GitLab; zero if it is none.
func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339, strings.TrimSpace(s))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// numberOf returns an id of GitLab; empty if it is none.
func numberOf(s string) string {
	if s = strings.TrimSpace(s); number().MatchString(s) {
		return s
	}
	return ""
}

var number = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[1-9][0-9]{0,17}$`) })

// first returns the first variable that is set.
func first(getenv func(string) string, names ...string) string {
	for _, name := range names {
		if value := strings.TrimSpace(getenv(name)); value != "" {
			return value
		}
	}
	return ""
}

var commitPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:[0-9a-f]{40}|[0-9a-f]{64})$`) })

// realCommit reports whether this is a commit. For a new branch, the commit before is all zeros.
func realCommit(sha string) bool {
	return commitPattern().MatchString(sha) && strings.Trim(sha, "0") != ""
}

// diff returns the URL of the changes of a commit: since the commit before the push, if that is known.
func diff(project, before, commit string) string {
	switch {
	case project == "" || commit == "":
		return ""
	case realCommit(before) && before != commit:
		return project + "/-/compare/" + before + "..." + commit
	}
	return project + "/-/commit/" + commit
}

// webURL returns a URL that is safe in Markdown without escaping; empty for anything else.
func webURL(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		return ""
	}
	if s = u.String(); strings.ContainsAny(s, "<>()[]|`\"'\\ ") {
		return ""
	}
	return strings.TrimRight(s, "/")
}

// Title returns the title of the issue: "deployment to production: acme/api@main (1a2b3c4d)". It leaves out the outcome, which may differ
// in the next attempt.
func (a Automation) Title() string {
	title := safetext.Title(a.kind())
	if title == "" {
		title = "change"
	}
	if env := safetext.Title(a.Environment); env != "" {
		title += " to " + env
	}
	if source := safetext.Title(a.Source); source != "" {
		title += ": " + source
	}
	if len(a.Commit) > shortCommit {
		title += " (" + a.Commit[:shortCommit] + ")"
	}
	return title
}

const shortCommit = 8

// cut shortens a text to a maximum of characters, with an ellipsis at the end.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// Description returns the description of the issue: a list for people, and the record block. ours reports whether an address is a page of
// this GitLab; nil: each is. GitLab makes addresses into links, so any other one is code.
func (a Automation) Description(ours func(address string) bool) string {
	text := "Recorded by automation.\n\n"
	for _, f := range []struct{ name, text string }{
		{"Type", a.kind()}, {"Environment", a.Environment}, {"Stage", a.Stage}, {"Source", a.Source}, {"By", a.User}, {"Message", a.Message},
		{"Diff", a.Diff}, {"Job", a.Job}, {"Pipeline", a.Pipeline},
	} {
		value := safetext.Cell(f.text)
		if f.name == "Diff" || f.name == "Job" || f.name == "Pipeline" {
			value = webURL(f.text)
			if value != "" && ours != nil && !ours(value) {
				value = "`" + value + "`"
			}
		}
		if value != "" {
			text += "- " + f.name + ": " + value + "\n"
		}
	}
	return text + "\n" + a.Record()
}

// Record returns the record block for the issue.
func (a Automation) Record() string {
	edits := []record.Edit{record.Set(keyCriticality, string(a.class()))}
	if len(a.Services) > 0 {
		edits = append(edits, record.SetList(keyServices, a.Services))
	}
	fields := a.Fields()
	for _, key := range textKeys {
		if fields[key] != "" {
			edits = append(edits, record.Set(key, fields[key]))
		}
	}
	return record.New(Kind, append(edits, record.Set(keyAttempts, strconv.Itoa(1)), record.SetList(keyAttemptIDs, []string{a.AttemptID()}))...)
}

// kind is the type to record.
func (a Automation) kind() string {
	if a.Rollback {
		return TypeRollback
	}
	return a.Type
}

func (a Automation) class() Criticality {
	if a.Criticality == UnknownCriticality {
		return C4
	}
	return a.Criticality
}

// Fields returns the values by record key, as in the event of a further attempt. Each value is one line and not empty.
func (a Automation) Fields() map[string]string {
	fields := map[string]string{}
	for key, text := range map[string]string{
		keyType: a.kind(), keyEnvironment: a.Environment, keyStage: a.Stage, keyUser: a.User, keySource: a.Source, keyCommit: a.Commit,
		keyDiff: a.Diff, keyJob: a.Job, keyJobID: a.JobID, keyPipeline: formatID(a.PipelineID), keyMessage: a.Message,
		keyOutcome: string(a.Outcome), keyStartedAt: formatTime(a.StartedAt), keyFinishedAt: formatTime(a.FinishedAt),
		keyRecordedBy: a.RecordedBy, keyServices: strings.Join(a.Services, ", "), fieldAttempt: a.AttemptID(),
	} {
		if text = cut(oneLine(text), maxField); text != "" {
			fields[key] = text
		}
	}
	return fields
}

func oneLine(s string) string { return strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ") }

func formatID(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// maxField is the maximum length of a field in characters: a commit message may be a book.
const maxField = 1000

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return record.FormatTime(t)
}

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

// Automation is what a pipeline tells of a change that it made (SPEC 8). The names of branches,
// the messages of commits and the like are from whoever pushed them: [Automation.Title],
// [Automation.Description] and [Automation.Fields] make them harmless.
type Automation struct {
	Type        string // deployment, configuration, flag
	Environment string
	Stage       string
	User        string // user name without @
	Source      string // project@branch, or project!merge request
	Commit      string // hexadecimal
	Diff        string // address
	Job         string // address
	Pipeline    string // address
	Message     string
	Services    []string
	Criticality Criticality // unknown: C4
	Outcome     Outcome
	StartedAt   time.Time
	FinishedAt  time.Time
}

// FromCI is what the variables of a GitLab CI job say. What they do not say stays empty; type and outcome they never say.
func FromCI(getenv func(string) string) Automation {
	a := Automation{
		Environment: first(getenv, "CI_ENVIRONMENT_NAME", "CI_ENVIRONMENT_SLUG", "CI_ENVIRONMENT_TIER"),
		Stage:       first(getenv, "CI_JOB_STAGE"),
		User:        userName(first(getenv, "GITLAB_USER_LOGIN")),
		Job:         webURL(getenv("CI_JOB_URL")),
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
	if t, err := time.Parse(time.RFC3339, getenv("CI_JOB_STARTED_AT")); err == nil {
		a.StartedAt = t.UTC()
	}
	return a
}

var number = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[1-9][0-9]{0,17}$`) })

// first is the first variable that says something.
func first(getenv func(string) string, names ...string) string {
	for _, name := range names {
		if value := strings.TrimSpace(getenv(name)); value != "" {
			return value
		}
	}
	return ""
}

var commitPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:[0-9a-f]{40}|[0-9a-f]{64})$`) })

// realCommit reports whether it is a commit: a new branch comes after one of zeros alone.
func realCommit(sha string) bool {
	return commitPattern().MatchString(sha) && strings.Trim(sha, "0") != ""
}

// diff is the address of what a commit changes: since what was there before it, where that is known.
func diff(project, before, commit string) string {
	switch {
	case project == "" || commit == "":
		return ""
	case realCommit(before) && before != commit:
		return project + "/-/compare/" + before + "..." + commit
	}
	return project + "/-/commit/" + commit
}

// address is an address of a web page that can stand in a text as it is; empty for anything else.
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

// Title is the title of the issue: deployment to production: acme/api@main (1a2b3c4d). The outcome is not in it, since another attempt may
// have another one.
func (a Automation) Title() string {
	title := safetext.Title(a.Type)
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
	return cut(title, maxTitle)
}

const shortCommit = 8

// cut is a text of so many characters at most, with an ellipsis where something is left out.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// Description is the text of the issue: what happened, for people, and the record.
func (a Automation) Description() string {
	text := "Recorded by automation.\n\n"
	for _, f := range []struct{ name, text string }{
		{"What", a.Type}, {"Environment", a.Environment}, {"Stage", a.Stage}, {"Source", a.Source}, {"By", a.User}, {"Message", a.Message},
		{"Diff", a.Diff}, {"Job", a.Job}, {"Pipeline", a.Pipeline},
	} {
		said := safetext.Cell(f.text)
		if f.name == "Diff" || f.name == "Job" || f.name == "Pipeline" {
			said = webURL(f.text)
		}
		if said != "" {
			text += "- " + f.name + ": " + said + "\n"
		}
	}
	return text + "\n" + a.Record()
}

// Record is the block for the issue of a change that was made.
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
	return record.New(Kind, append(edits, record.Set(keyAttempts, strconv.Itoa(1)))...)
}

func (a Automation) class() Criticality {
	if a.Criticality == UnknownCriticality {
		return C4
	}
	return a.Criticality
}

// Fields are what it says, by the keys of the record: those of an entry that tells of another attempt. Each is one line; none is empty.
func (a Automation) Fields() map[string]string {
	fields := map[string]string{}
	for key, text := range map[string]string{
		keyType: a.Type, keyEnvironment: a.Environment, keyStage: a.Stage, keyUser: a.User, keySource: a.Source, keyCommit: a.Commit,
		keyDiff: a.Diff, keyJob: a.Job, keyMessage: a.Message, keyOutcome: string(a.Outcome),
		keyStartedAt: formatTime(a.StartedAt), keyFinishedAt: formatTime(a.FinishedAt),
	} {
		if text = cut(strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " "), maxField); text != "" {
			fields[key] = text
		}
	}
	return fields
}

// mostField is how many characters of something are kept: a commit's message may be a book.
const maxField = 1000

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return record.FormatTime(t)
}

package jsonv1

// The kinds of the documents about prodctl itself.
const (
	KindConfig  = "config"
	KindAuth    = "auth"
	KindDoctor  = "doctor"
	KindVersion = "version"
	KindError   = "error"
)

// Config is the effective configuration. It never holds a token.
type Config struct {
	Head
	File     string        `json:"file,omitempty"` // absent when there is none
	Settings List[Setting] `json:"settings"`
}

// Setting is one value and where it came from.
type Setting struct {
	Name   string `json:"name"`   // dotted: "milestones.scope"
	Value  any    `json:"value"`  // of the type it has in the file
	Source string `json:"source"` // "flag --host", "env PRODCTL_HOST", ".prodctl.yaml:3", "default"
}

// NewConfig is the document of settings.
func NewConfig(file string, settings []Setting) Config {
	return Config{head(KindConfig), file, settings}
}

// Auth is what is known of the accounts, host by host. It never holds a token.
type Auth struct {
	Head
	Hosts List[AuthHost] `json:"hosts"`
}

// AuthHost is one host.
type AuthHost struct {
	Host    string       `json:"host"`
	Status  CheckStatus  `json:"status"`
	User    string       `json:"user,omitempty"`   // user name without @
	Source  string       `json:"source,omitempty"` // where the token is kept: "env GITLAB_TOKEN", "keyring"
	Scopes  List[string] `json:"scopes"`
	Expires string       `json:"expires,omitempty"` // date
	Message string       `json:"message,omitempty"`
	Fix     string       `json:"fix,omitempty"`
}

// NewAuth is the document of hosts.
func NewAuth(hosts []AuthHost) Auth { return Auth{head(KindAuth), hosts} }

// Doctor is the outcome of all checks of the set-up.
type Doctor struct {
	Head
	Host   string      `json:"host,omitempty"`
	OK     bool        `json:"ok"` // no check failed
	Checks List[Check] `json:"checks"`
}

// CheckStatus is the outcome of a check.
type CheckStatus string

// The outcomes of a check.
const (
	CheckOK   CheckStatus = "ok"
	CheckWarn CheckStatus = "warn"
	CheckFail CheckStatus = "fail"
	CheckSkip CheckStatus = "skip" // could not be made because another one failed
)

// Check is one check.
type Check struct {
	ID      string      `json:"id"`
	Status  CheckStatus `json:"status"`
	Message string      `json:"message"`       // what was found
	Fix     string      `json:"fix,omitempty"` // what to type
}

// NewDoctor is the document of checks.
func NewDoctor(host string, checks []Check) Doctor {
	doc := Doctor{head(KindDoctor), host, true, checks}
	for _, c := range checks {
		doc.OK = doc.OK && c.Status != CheckFail
	}
	return doc
}

// Build is what `prodctl version` says.
type Build struct {
	Head
	Release  string `json:"release"` // "0.1.0", "(devel)"
	Commit   string `json:"commit,omitempty"`
	Date     string `json:"date,omitempty"` // RFC 3339
	Go       string `json:"go"`
	Platform string `json:"platform"` // "linux/amd64"
}

// NewBuild is the document of a build; empty strings are not known.
func NewBuild(release, commit, date, goVersion, platform string) Build {
	return Build{head(KindVersion), release, commit, date, goVersion, platform}
}

// Error is why a command did not end well, printed on standard error in JSON mode.
type Error struct {
	Head
	Message string       `json:"message"`        // all of it; several causes are parted by line feeds
	Causes  List[string] `json:"causes"`         // one by one when there are several
	Hint    string       `json:"hint,omitempty"` // what to type next; several are parted by line feeds
	Code    int          `json:"code"`           // the exit code
	Reason  string       `json:"reason"`         // the exit code in a word: "refused", "auth"
}

// NewError is the document of a failure; causes are the single ones, and hint may be empty.
func NewError(message string, causes []string, hint string, code int, reason string) Error {
	if len(causes) < 2 {
		causes = nil
	}
	return Error{head(KindError), message, causes, hint, code, reason}
}

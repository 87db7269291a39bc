package jsonv1

// The kinds of documents about prodctl itself.
const (
	KindConfig      = "config"
	KindAuth        = "auth"
	KindDoctor      = "doctor"
	KindPermissions = "permissions"
	KindVersion     = "version"
	KindError       = "error"
)

// Config is the effective configuration. It never contains a token.
type Config struct {
	Head
	File     string        `json:"file,omitempty"`  // absent: no file was found
	Trust    string        `json:"trust,omitempty"` // of a file that was found: "trusted", "changed" or "not trusted"; absent: needs none
	Settings List[Setting] `json:"settings"`
}

// Setting is one value and where it came from.
type Setting struct {
	Name   string `json:"name"`   // dotted: "milestones.scope"
	Value  any    `json:"value"`  // with the type that it has in the file
	Source string `json:"source"` // "flag --host", "env PRODCTL_HOST", ".prodctl.yaml:3", "default"
}

// NewConfig returns the document of settings.
func NewConfig(file string, settings []Setting) Config {
	return Config{Head: head(KindConfig), File: file, Settings: settings}
}

// Auth lists the accounts by host. It never contains a token.
type Auth struct {
	Head
	Hosts List[AuthHost] `json:"hosts"`
}

// AuthHost is one host.
type AuthHost struct {
	Host    string       `json:"host"`
	Status  CheckStatus  `json:"status"`
	User    string       `json:"user,omitempty"`   // user name without @
	Source  string       `json:"source,omitempty"` // source of the token: "env GITLAB_TOKEN", "keyring"
	Scopes  List[string] `json:"scopes"`
	Expires string       `json:"expires,omitempty"` // date
	Message string       `json:"message,omitempty"`
	Fix     string       `json:"fix,omitempty"`
}

// NewAuth returns the document of hosts.
func NewAuth(hosts []AuthHost) Auth { return Auth{head(KindAuth), hosts} }

// Permissions lists the permissions of a fine-grained token that commands need.
type Permissions struct {
	Head
	Commands List[CommandPermissions] `json:"commands"`
	Required List[Permission]         `json:"required"` // of all these commands together
	Pick     string                   `json:"pick"`     // what to pick in GitLab, in a sentence
	Notes    List[string]             `json:"notes"`
}

// CommandPermissions is what one command needs.
type CommandPermissions struct {
	Command     string           `json:"command"`         // without prodctl: "incident open"
	Flags       string           `json:"flags,omitempty"` // only with these flags: "--assign"
	FineGrained bool             `json:"fine_grained"`    // a fine-grained token can run it
	Required    List[Permission] `json:"required"`
	Optional    List[Permission] `json:"optional"` // used if the token has them
}

// Permission is what a person picks for a token.
type Permission struct {
	Name     string `json:"name"`     // "read_work_item"
	Boundary string `json:"boundary"` // "project" (or a group above it), "group", "user" or "instance"
}

// NewPermissions returns the document of commands.
func NewPermissions(commands []CommandPermissions) Permissions {
	return Permissions{Head: head(KindPermissions), Commands: commands}
}

// Doctor holds the results of all checks of the setup.
type Doctor struct {
	Head
	Host   string      `json:"host,omitempty"`
	OK     bool        `json:"ok"` // no check failed
	Checks List[Check] `json:"checks"`
}

// CheckStatus is the result of a check.
type CheckStatus string

// The results of a check.
const (
	CheckOK   CheckStatus = "ok"
	CheckWarn CheckStatus = "warn"
	CheckFail CheckStatus = "fail"
	CheckSkip CheckStatus = "skip" // skipped because another check failed
)

// Check is one check.
type Check struct {
	ID      string      `json:"id"`
	Status  CheckStatus `json:"status"`
	Message string      `json:"message"`       // what was found
	Fix     string      `json:"fix,omitempty"` // how to fix it
}

// NewDoctor returns the document of checks.
func NewDoctor(host string, checks []Check) Doctor {
	doc := Doctor{head(KindDoctor), host, true, checks}
	for _, c := range checks {
		doc.OK = doc.OK && c.Status != CheckFail
	}
	return doc
}

// Build is the output of `prodctl version`.
type Build struct {
	Head
	Release  string `json:"release"` // "0.1.0", "(devel)"
	Commit   string `json:"commit,omitempty"`
	Date     string `json:"date,omitempty"` // RFC 3339
	Go       string `json:"go"`
	Platform string `json:"platform"` // "linux/amd64"
}

// NewBuild returns the document of a build. Empty strings are unknown.
func NewBuild(release, commit, date, goVersion, platform string) Build {
	return Build{head(KindVersion), release, commit, date, goVersion, platform}
}

// Error is the error of a command, printed on standard error in JSON mode.
type Error struct {
	Head
	Message string       `json:"message"`        // the whole message; several causes are separated by newlines
	Causes  List[string] `json:"causes"`         // each cause, if there are several
	Hint    string       `json:"hint,omitempty"` // what to do next; several hints are separated by newlines
	Code    int          `json:"code"`           // the exit code
	Reason  string       `json:"reason"`         // the exit code as a word: "refused", "auth"
}

// NewError returns the document of an error. hint may be empty.
func NewError(message string, causes []string, hint string, code int, reason string) Error {
	if len(causes) < 2 {
		causes = nil
	}
	return Error{head(KindError), message, causes, hint, code, reason}
}

package permission

import (
	_ "embed"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Need is what one command needs.
type Need struct {
	Command  string // "incident open"
	Flags    string // what else has to hold, such as "--assign"; empty: always
	Required []Permission
	Optional []Permission // used if the token has them, for a better answer or fewer requests
	Refused  bool         // GitLab lets no fine-grained token do this
}

// Local reports whether the command sends no request with the token.
func (n Need) Local() bool { return len(n.Required)+len(n.Optional) == 0 && !n.Refused }

// commands is written by a test that runs every command: one line for each, with the required permissions, a semicolon and the optional
// ones. "none" is for a command that no fine-grained token can run.
//
//go:embed commands.txt
var commands string

// Needs returns what every command needs, by name.
func Needs() []Need {
	var list []Need
	for line := range strings.Lines(commands) {
		name, permissions, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		command, flags, _ := strings.Cut(name, " --")
		if flags != "" {
			flags = "--" + flags
		}
		required, optional, _ := strings.Cut(permissions, ";")
		refused := strings.TrimSpace(required) == "none"
		if refused {
			required = ""
		}
		list = append(list, Need{command, flags, parse(required), parse(optional), refused})
	}
	return list
}

func parse(text string) []Permission {
	var list []Permission
	for word := range strings.FieldsSeq(text) {
		name, boundary, _ := strings.Cut(word, "@")
		list = append(list, Permission{name, Boundary(boundary)})
	}
	return list
}

// Line is the inverse of [Needs] for one command.
func (n Need) Line() string {
	line := strings.TrimSpace(n.Command+" "+n.Flags) + ":" + words(n.Required)
	if n.Refused {
		line += " none"
	}
	if len(n.Optional) > 0 {
		line += ";" + words(n.Optional)
	}
	return line
}

func words(list []Permission) string {
	text := ""
	for _, p := range list {
		text += " " + p.String()
	}
	return text
}

// String is the name with its boundary, such as read_user@user.
func (p Permission) String() string { return p.Name + "@" + string(p.Boundary) }

// Find returns the needs of a command, or of all commands below a word such as incident; all without words.
func Find(words []string) []Need {
	name := strings.Join(words, " ")
	return slices.DeleteFunc(Needs(), func(n Need) bool { return name != "" && n.Command != name && !strings.HasPrefix(n.Command, name+" ") })
}

// Together returns all that is required for the commands, each permission once and by boundary.
func Together(list []Need) []Permission {
	var all []Permission
	for _, n := range list {
		all = append(all, n.Required...)
	}
	stable.Sort(all, func(a, b Permission) int { return strings.Compare(a.key(), b.key()) })
	return slices.Compact(all)
}

func (p Permission) key() string {
	order := slices.Index([]Boundary{Project, Group, User, Instance}, p.Boundary)
	return string(rune('0'+order)) + p.Name
}

package fault

import "errors"

// UnknownUser is the error for a user name that nobody has, or no member of a project or group. It matches [NotFound].
type UnknownUser struct{ Name, Among string }

// Error names the user.
func (e UnknownUser) Error() string {
	if e.Among != "" {
		return "user @" + e.Name + " not found among the members of " + e.Among
	}
	return "user @" + e.Name + " not found"
}

// FaultHint says what to do about it.
func (UnknownUser) FaultHint() string { return "Check the user name" }

// Is matches [NotFound].
func (UnknownUser) Is(target error) bool { return target == NotFound }

// UnknownUsers are the names of all unknown users in an error.
func UnknownUsers(err error) (names []string) {
	if e, ok := err.(UnknownUser); ok {
		return []string{e.Name}
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, part := range joined.Unwrap() {
			names = append(names, UnknownUsers(part)...)
		}
		return names
	}
	if inner := errors.Unwrap(err); inner != nil {
		return UnknownUsers(inner)
	}
	return nil
}

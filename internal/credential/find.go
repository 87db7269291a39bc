package credential

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Token is a token and its source.
type Token struct {
	Secret
	Source string // "env GITLAB_TOKEN", "token file /run/secrets/gitlab", "keyring", "credentials file"
	Shared error  // others can read or change the token file, see [Shared]; nil: they cannot
}

// Want describes the host for which a token is needed, and the sources to search.
type Want struct {
	Host      string // base URL
	TokenFile string // absolute; empty: none
	Getenv    func(string) string
	ReadFile  func(path string) ([]byte, error)
}

// Find returns the token for a host: PRODCTL_TOKEN, GITLAB_TOKEN, the token file, then the store. Whether the host may have a token is not
// decided here: see config.Trust. An empty source is not an error, but a configured token file must exist. Without any token, the error is
// of kind Auth.
func (s Store) Find(ctx context.Context, w Want) (Token, error) {
	job := strings.TrimSpace(w.Getenv("CI_JOB_TOKEN"))
	if name := variable(w); name != "" {
		if strings.TrimSpace(w.Getenv(name)) == job {
			return Token{}, jobToken(name + " is the CI job token")
		}
		secret, err := NewSecret(w.Getenv(name))
		return Token{Secret: secret, Source: "env " + name}, within(err, name)
	}
	if w.TokenFile != "" {
		return fromFile(w)
	}
	token, err := s.Load(ctx, w.Host)
	switch {
	case !errors.Is(err, fault.NotFound):
		return token, err
	case job != "":
		return Token{}, jobToken("the only token here is the CI job token")
	}
	hint := "Set GITLAB_TOKEN (or PRODCTL_TOKEN) to a token with the scope api, or log in: prodctl auth login --host " + fault.Quote(w.Host)
	return Token{}, fault.New(fault.Auth, hint, "no token for %s", w.Host)
}

// variable returns the name of the environment variable with a token; empty: none.
func variable(w Want) string {
	for _, name := range []string{"PRODCTL_TOKEN", "GITLAB_TOKEN"} {
		if strings.TrimSpace(w.Getenv(name)) != "" {
			return name
		}
	}
	return ""
}

func fromFile(w Want) (Token, error) {
	data, err := w.ReadFile(w.TokenFile)
	if err != nil {
		return Token{}, fault.Wrap(fault.Auth, err, "Put the token there, or unset token_file (PRODCTL_TOKEN_FILE)", "read the token file")
	}
	secret, err := NewSecret(string(data))
	return Token{secret, "token file " + w.TokenFile, Shared(w.TokenFile)}, within(err, w.TokenFile)
}

// Shared returns an error if others can read or change a file with a token, and nil if it does not exist. Secrets that a cluster mounts are
// like that, so it is for the caller to decide.
func Shared(file string) error {
	info, err := os.Stat(file)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o066 == 0 {
		return nil
	}
	return fault.New(fault.Refused, "Replace the token if others use this machine, then run: chmod 600 "+fault.Quote(file),
		"others can read or change the token file %s (mode %04o)", file, info.Mode().Perm())
}

func within(err error, where string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", where, err)
}

func jobToken(problem string) error {
	return fault.New(fault.Auth, accessTokenHint, "%s, which cannot write issues or milestones", problem)
}

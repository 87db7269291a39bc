package credential

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Token is a token and where it was found.
type Token struct {
	Secret
	Source string // "env GITLAB_TOKEN", "token file /run/secrets/gitlab", "keyring", "credentials file"
}

// Want is what a token is looked for.
type Want struct {
	Host      string // base URL
	TokenFile string // absolute; empty: none
	Getenv    func(string) string
	ReadFile  func(path string) ([]byte, error)

	// Claims is what only a file found in the working directory says, such as the host: see config.Config.Claims.
	// Such a file may be a stranger's, so that the token's owner has to agree once.
	Claims []string
	File   string // that file
	// Confirm asks the owner; nil: there is nobody to ask.
	Confirm func(question string) (bool, error)
}

// Find is the token for a host: PRODCTL_TOKEN, GITLAB_TOKEN, the token file, then the store.
//
// When a stranger's file could have said where to, the token kept for exactly that host is used and no other,
// unless the owner agreed before or agrees now; otherwise the error is of kind Refused. No token at all is one of kind Auth.
func (s Store) Find(ctx context.Context, w Want) (Token, error) {
	if variable(w) != "" { // then the token file does not matter
		w.Claims = slices.DeleteFunc(slices.Clone(w.Claims), func(c string) bool { return strings.HasPrefix(c, "token_file=") })
	}
	if len(w.Claims) == 0 {
		return s.usual(ctx, w)
	}
	agreed, err := s.Agreed(w.Claims)
	if err != nil {
		return Token{}, err
	}
	if agreed {
		return s.usual(ctx, w)
	}
	if onlyHost(w.Claims) {
		if token, err := s.Load(ctx, w.Host); !errors.Is(err, fault.NotFound) {
			return token, err
		}
	}
	token, err := s.usual(ctx, w)
	if err != nil { // a hint to log in there would be a trap without the word who named that place
		return Token{}, fault.Wrap(fault.KindOf(err), err, "if you trust it: "+fault.HintOf(err),
			"%s was found in the working directory and alone says %s", w.File, strings.Join(w.Claims, " and "))
	}
	return token, s.ask(w, token)
}

// usual looks in the places in their order. The places before the one that has a token are not blamed for being empty,
// but a token file that was named must be there.
func (s Store) usual(ctx context.Context, w Want) (Token, error) {
	job := strings.TrimSpace(w.Getenv("CI_JOB_TOKEN"))
	if name := variable(w); name != "" {
		if strings.TrimSpace(w.Getenv(name)) == job {
			return Token{}, jobToken(name + " holds the CI job token")
		}
		secret, err := NewSecret(w.Getenv(name))
		return Token{secret, "env " + name}, within(err, name)
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
	hint := fmt.Sprintf("prodctl auth login --host %s, or export GITLAB_HOST=%s GITLAB_TOKEN=…", w.Host, w.Host)
	return Token{}, fault.New(fault.Auth, hint, "there is no token for %s", w.Host)
}

// variable is the name of the environment variable that holds a token; empty: none does.
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
		return Token{}, fault.Wrap(fault.Auth, err, "put the token there, or take token_file (PRODCTL_TOKEN_FILE) out", "read the token file")
	}
	secret, err := NewSecret(string(data))
	return Token{secret, "token file " + w.TokenFile}, within(err, w.TokenFile)
}

func within(err error, where string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", where, err)
}

func jobToken(what string) error {
	return fault.New(fault.Auth, accessTokenHint, "%s, which cannot write issues or milestones", what)
}

// onlyHost reports whether nothing is claimed but the host, for which a token of its own may be kept.
func onlyHost(claims []string) bool {
	return len(claims) == 1 && strings.HasPrefix(claims[0], "host=")
}

func (s Store) ask(w Want, token Token) error {
	refused := fault.New(fault.Refused,
		fmt.Sprintf("if you trust it: prodctl auth login --host %s, or export PRODCTL_HOST=%s", w.Host, w.Host),
		"%s was found in the working directory and alone says %s: the token of %s is not sent there",
		w.File, strings.Join(w.Claims, " and "), token.Source)
	if !onlyHost(w.Claims) {
		refused.Hint = "if you trust it, say the same by environment variables: PRODCTL_HOST, PRODCTL_CA_FILE, PRODCTL_TOKEN_FILE"
	}
	if w.Confirm == nil {
		return refused
	}
	yes, err := w.Confirm(fmt.Sprintf("%s says %s. Send it the token of %s, now and whenever a file says that?",
		w.File, strings.Join(w.Claims, " and "), token.Source))
	switch {
	case err != nil:
		return err
	case !yes:
		return refused
	}
	return s.Agree(w.Claims)
}

// Agree remembers that the owner trusts what was claimed.
func (s Store) Agree(claims []string) error {
	lines, err := s.trusted()
	if err != nil || slices.Contains(lines, oneLine(claims)) {
		return err
	}
	lines = append(lines, oneLine(claims))
	return writePrivate(s.trustPath(), []byte(trustHead+strings.Join(lines, "\n")+"\n"))
}

// Agreed reports whether the owner agreed before to what a found file claims.
func (s Store) Agreed(claims []string) (bool, error) {
	lines, err := s.trusted()
	return slices.Contains(lines, oneLine(claims)), err
}

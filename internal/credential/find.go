package credential

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Token is a token and its source.
type Token struct {
	Secret
	Source string // "env GITLAB_TOKEN", "token file /run/secrets/gitlab", "keyring", "credentials file"
}

// Want describes the host for which a token is needed, and the sources to search.
type Want struct {
	Host      string // base URL
	TokenFile string // absolute; empty: none
	Getenv    func(string) string
	ReadFile  func(path string) ([]byte, error)

	// Claims are the settings that only a discovered file makes, such as the host: see config.Config.Claims.
	// Such a file may be a stranger's, so the token's owner has to agree to them once.
	Claims []string
	File   string // that file
	// Confirm asks the owner; nil: nobody to ask.
	Confirm func(question string) (bool, error)
}

// Find returns the token for a host: PRODCTL_TOKEN, GITLAB_TOKEN, the token file, then the store.
//
// If the host may have been chosen by a stranger's file, only the token saved for exactly that host is used, unless the owner agreed
// before or agrees now; otherwise the error is of kind Refused. Without any token, the error is of kind Auth.
func (s Store) Find(ctx context.Context, w Want) (Token, error) {
	if variable(w) != "" { // then the token file is not used
		w.Claims = slices.DeleteFunc(slices.Clone(w.Claims), func(c string) bool { return strings.HasPrefix(c, "token_file=") })
	}
	if len(w.Claims) == 0 {
		return s.search(ctx, w)
	}
	agreed, err := s.Agreed(w.Claims)
	if err != nil {
		return Token{}, err
	}
	if agreed {
		return s.search(ctx, w)
	}
	if onlyHost(w.Claims) {
		if token, err := s.Load(ctx, w.Host); !errors.Is(err, fault.NotFound) {
			return token, err
		}
	}
	token, err := s.search(ctx, w)
	if err != nil { // a hint to log in there would be a trap if it did not name the file that chose the host
		hint := fault.HintOf(err)
		if hint != "" {
			hint = "Only if you trust that file: " + strings.ToLower(hint[:1]) + hint[1:]
		}
		return Token{}, fault.Wrap(fault.KindOf(err), err, hint,
			"%s is set only by %s, which may not be yours", strings.Join(w.Claims, " and "), w.File)
	}
	return token, s.ask(w, token)
}

// search looks in all sources, in order. An empty source is not an error, but a configured token file must exist.
func (s Store) search(ctx context.Context, w Want) (Token, error) {
	job := strings.TrimSpace(w.Getenv("CI_JOB_TOKEN"))
	if name := variable(w); name != "" {
		if strings.TrimSpace(w.Getenv(name)) == job {
			return Token{}, jobToken(name + " is the CI job token")
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
	return Token{secret, "token file " + w.TokenFile}, within(err, w.TokenFile)
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

// onlyHost reports whether the host is the only claim. For a host a token of its own may be saved.
func onlyHost(claims []string) bool {
	return len(claims) == 1 && strings.HasPrefix(claims[0], "host=")
}

func (s Store) ask(w Want, token Token) error {
	claims := strings.Join(w.Claims, " and ")
	refused := fault.New(fault.Refused, "If you trust that file: export PRODCTL_HOST="+fault.Quote(w.Host),
		"token from %s not sent: %s is set only by %s, which may not be yours", token.Source, claims, w.File)
	if !onlyHost(w.Claims) {
		refused.Hint = "If you trust that file, set the same with PRODCTL_HOST, PRODCTL_CA_FILE, PRODCTL_TOKEN_FILE and PRODCTL_ALLOW_HTTP"
	}
	if w.Confirm == nil {
		return refused
	}
	yes, err := w.Confirm(fmt.Sprintf("%s sets %s. Use the token from %s with it, now and in the future?", w.File, claims, token.Source))
	switch {
	case err != nil:
		return err
	case !yes:
		return refused
	}
	return s.Agree(w.Claims)
}

// Agree records that the owner trusts the claims.
func (s Store) Agree(claims []string) error {
	lines, err := s.trusted()
	if err != nil || slices.Contains(lines, oneLine(claims)) {
		return err
	}
	lines = append(lines, oneLine(claims))
	return writePrivate(s.trustPath(), []byte(trustHeader+strings.Join(lines, "\n")+"\n"))
}

// Agreed reports whether the owner agreed to the claims before.
func (s Store) Agreed(claims []string) (bool, error) {
	lines, err := s.trusted()
	return slices.Contains(lines, oneLine(claims)), err
}

package credential

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/zalando/go-keyring"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Keyring is the operating system's keeper of secrets.
type Keyring interface {
	Set(service, user, secret string) error
	Get(service, user string) (string, error)
	Delete(service, user string) error
}

// Service is the name under which a keyring has prodctl's entries; the account is the host's base URL.
const Service = "prodctl"

// Patience is how long a keyring may take, which may be asking its owner for a password.
const Patience = 30 * time.Second

// Store keeps tokens by host. A host is a base URL with its scheme, so that a token that was given
// for https never goes over plain http.
type Store struct {
	Dir     string  // the user's configuration folder; made when it is needed
	Keyring Keyring // nil: tokens are kept in the file
}

// System is the keyring of this machine.
func System() Keyring { return system{} }

type system struct{}

func (system) Set(service, user, secret string) error   { return keyring.Set(service, user, secret) }
func (system) Get(service, user string) (string, error) { return keyring.Get(service, user) }
func (system) Delete(service, user string) error        { return keyring.Delete(service, user) }

// Kept tells where a token was put.
type Kept struct {
	Where   string // "the keyring", or the path of the file
	Warning string // not empty: what its owner should know
}

// Save keeps the token of a host in place of an earlier one.
func (s Store) Save(ctx context.Context, host string, token Secret) (Kept, error) {
	b, err := s.open()
	if err != nil {
		return Kept{}, err
	}
	kept, e := Kept{Where: "the keyring"}, entry{Keyring: true}
	if err := s.ring(ctx, func(k Keyring) error { return k.Set(Service, host, token.Reveal()) }); err != nil {
		if ctx.Err() != nil {
			return Kept{}, ctx.Err()
		}
		kept = Kept{s.path(), fmt.Sprintf("the token is kept in plain text in %s, which only you can read (%v)", s.path(), err)}
		e = entry{Token: token.Reveal()}
	}
	b.Hosts[host] = e
	return kept, s.close(b)
}

// Load is the token kept for a host and where it is kept. None is an error that matches [fault.NotFound].
func (s Store) Load(ctx context.Context, host string) (Token, error) {
	b, err := s.open()
	if err != nil {
		return Token{}, err
	}
	e, ok := b.Hosts[host]
	if !ok {
		return Token{}, notKept(fault.Auth, host, loginHint+" --host "+host)
	}
	value, source := e.Token, "credentials file"
	if e.Keyring {
		source = "keyring"
		if value, err = s.fromRing(ctx, host); err != nil {
			return Token{}, fault.Wrap(fault.Auth, err, loginHint+" --host "+host, "read the token for %s from the keyring", host)
		}
	}
	secret, err := NewSecret(value)
	return Token{Secret: secret, Source: source}, err
}

func (s Store) fromRing(ctx context.Context, host string) (string, error) {
	answer := make(chan string, 1)
	err := s.ring(ctx, func(k Keyring) error {
		value, err := k.Get(Service, host)
		answer <- value
		return err
	})
	if err != nil {
		return "", err
	}
	return <-answer, nil
}

// Forget removes the token of a host wherever it is; none is an error that matches [fault.NotFound].
func (s Store) Forget(ctx context.Context, host string) error {
	b, err := s.open()
	if err != nil {
		return err
	}
	e, ok := b.Hosts[host]
	if !ok {
		return notKept(fault.Failed, host, "prodctl auth status")
	}
	if e.Keyring {
		err := s.ring(ctx, func(k Keyring) error { return k.Delete(Service, host) })
		if err != nil && !errors.Is(err, keyring.ErrNotFound) {
			return fmt.Errorf("remove the token for %s from the keyring: %w", host, err)
		}
	}
	delete(b.Hosts, host)
	return s.close(b)
}

func notKept(kind fault.Kind, host, hint string) error {
	return &fault.Error{Kind: kind, What: "no token is kept for " + host, Hint: hint, Err: fault.NotFound}
}

// Hosts are those that a token is kept for, sorted.
func (s Store) Hosts() ([]string, error) {
	b, err := s.open()
	return slices.Sorted(maps.Keys(b.Hosts)), err
}

var errNoKeyring = errors.New("no keyring is used")

// ring asks the keyring and gives up waiting after [Patience]: one that is locked may wait for a person who is not there.
func (s Store) ring(ctx context.Context, ask func(Keyring) error) error {
	if s.Keyring == nil {
		return errNoKeyring
	}
	ctx, cancel := context.WithTimeoutCause(ctx, Patience, errors.New("the keyring does not answer"))
	defer cancel()
	answer := make(chan error, 1)
	go func() { answer <- ask(s.Keyring) }()
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

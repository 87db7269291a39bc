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

// Keyring is the operating system's store of secrets.
type Keyring interface {
	Set(service, user, secret string) error
	Get(service, user string) (string, error)
	Delete(service, user string) error
}

// Service is the name of prodctl's entries in a keyring; the account is the host's base URL.
const Service = "prodctl"

// Patience is how long to wait for a keyring, which may ask its owner for a password.
const Patience = 30 * time.Second

// Store saves tokens by host. A host is a base URL with its scheme, so that a token for https is never sent over plain http.
type Store struct {
	Dir     string  // the user's configuration folder; created when it is needed; empty: none, so nothing is saved
	Keyring Keyring // nil: tokens are saved in the file
}

// System returns the keyring of this machine.
func System() Keyring { return system{} }

type system struct{}

// Set implements [Keyring].
func (system) Set(service, user, secret string) error { return keyring.Set(service, user, secret) }

// Get implements [Keyring].
func (system) Get(service, user string) (string, error) { return keyring.Get(service, user) }

// Delete implements [Keyring].
func (system) Delete(service, user string) error { return keyring.Delete(service, user) }

// Saved says where a token was saved.
type Saved struct {
	Where   string // "the keyring", or the path of the file
	Warning string // for the owner of the token; may be empty
}

// Save saves the token of a host. It replaces an earlier one.
func (s Store) Save(ctx context.Context, host string, token Secret) (Saved, error) {
	c, err := s.read()
	if err != nil {
		return Saved{}, err
	}
	saved, e := Saved{Where: "the keyring"}, entry{Keyring: true}
	if err := s.ring(ctx, func(k Keyring) error { return k.Set(Service, host, token.Reveal()) }); err != nil {
		if ctx.Err() != nil {
			return Saved{}, ctx.Err()
		}
		saved = Saved{s.path(), fmt.Sprintf("Saved the token in plain text in %s, which only you can read (%v)", s.path(), err)}
		e = entry{Token: token.Reveal()}
	}
	c.Hosts[host] = e
	return saved, s.write(c)
}

// Load returns the saved token of a host. If there is none, the error matches [fault.NotFound].
func (s Store) Load(ctx context.Context, host string) (Token, error) {
	c, err := s.read()
	if err != nil {
		return Token{}, err
	}
	e, ok := c.Hosts[host]
	if !ok {
		return Token{}, notSaved(fault.Auth, host, loginHint+" --host "+fault.Quote(host))
	}
	value, source := e.Token, "credentials file"
	if e.Keyring {
		source = "keyring"
		if value, err = s.fromRing(ctx, host); err != nil {
			return Token{}, fault.Wrap(fault.Auth, err, loginHint+" --host "+fault.Quote(host), "read the token for %s from the keyring", host)
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

// Delete deletes the saved token of a host. If there is none, the error matches [fault.NotFound].
func (s Store) Delete(ctx context.Context, host string) error {
	c, err := s.read()
	if err != nil {
		return err
	}
	e, ok := c.Hosts[host]
	if !ok {
		return notSaved(fault.Failed, host, "To list the hosts with a saved token: prodctl auth status")
	}
	if e.Keyring {
		err := s.ring(ctx, func(k Keyring) error { return k.Delete(Service, host) })
		if err != nil && !errors.Is(err, keyring.ErrNotFound) {
			return fmt.Errorf("delete the token for %s from the keyring: %w", host, err)
		}
	}
	delete(c.Hosts, host)
	return s.write(c)
}

func notSaved(kind fault.Kind, host, hint string) error {
	return &fault.Error{Kind: kind, What: "saved token for " + host, Hint: hint, Err: fault.NotFound}
}

// Hosts returns the hosts with a saved token, sorted.
func (s Store) Hosts() ([]string, error) {
	c, err := s.read()
	return slices.Sorted(maps.Keys(c.Hosts)), err
}

var errNoKeyring = errors.New("no keyring")

// ring calls the keyring and stops waiting after [Patience]: a locked one may wait for a person who is not there.
func (s Store) ring(ctx context.Context, call func(Keyring) error) error {
	if s.Keyring == nil {
		return errNoKeyring
	}
	ctx, cancel := context.WithTimeoutCause(ctx, Patience, errors.New("the keyring did not answer"))
	defer cancel()
	answer := make(chan error, 1)
	go func() { answer <- call(s.Keyring) }()
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

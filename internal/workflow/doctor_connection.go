package workflow

import (
	"context"
	"errors"
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// owner is the token and its user.
type owner struct {
	instance.User      // zero if the token may not read it
	works         bool // GitLab accepts the token
	fineGrained   bool
}

// excused turns failures for want of a permission of a fine-grained token into warnings: what it lacks, no command may need. Where a token
// with scopes is refused in the same words, it is of no use.
func (o owner) excused(list []finding) []finding {
	for n, f := range list {
		if o.fineGrained && errors.Is(f.err, fault.NotPermitted) {
			list[n].Status, list[n].err = jsonv1.CheckWarn, nil
		}
	}
	return list
}

// connected are the checks of the connection: the host, the token, the version.
func (d Doctor) connected(ctx context.Context) ([]finding, owner) {
	if d.Read == nil {
		first := failed("host", d.HostErr)
		if d.HostErr == d.Config { // reported above
			first = skipped("host", "config")
		}
		return []finding{first, skipped("token", "host"), skipped("version", "host")}, owner{}
	}
	var host, token, version finding
	var user owner
	together(
		func() { host = d.host(ctx) },
		func() {
			token, user = d.owner(ctx)
			version = skipped("version", "token")
			if user.works {
				version = d.version(ctx)
			}
		},
	)
	if kind := fault.KindOf(token.err); host.err != nil && token.err != nil && kind != fault.Auth && kind != fault.Refused {
		token = skipped("token", "host") // the same error, reported once
	}
	return append([]finding{host, token}, append(d.tokenFile(), version)...), user
}

// tokenFile checks who can read the token file. It finds nothing if nobody else can.
func (d Doctor) tokenFile() []finding {
	switch {
	case d.Shared == nil:
		return nil
	case d.Pipeline:
		return []finding{warning("token file", fault.HintOf(d.Shared), "%v", d.Shared)}
	}
	return []finding{failed("token file", d.Shared)}
}

func (d Doctor) host(ctx context.Context) finding {
	if err := d.Reach(ctx); err != nil {
		return failed("host", err)
	}
	return passed("host", "%s answers (%s)", d.Host, d.HostFrom)
}

// owner checks that there is a token and that GitLab accepts it.
func (d Doctor) owner(ctx context.Context) (finding, owner) {
	source, err := d.Token(ctx)
	if err != nil {
		return failed("token", err), owner{}
	}
	var user instance.User
	var about instance.Token
	var aboutErr error
	together(
		func() { user, err = d.Read.CurrentUser(ctx) },
		func() { about, aboutErr = d.Read.Token(ctx) }, // not every GitLab tells
	)
	o := owner{user, true, about.FineGrained() || errors.Is(aboutErr, fault.NotPermitted)}
	switch {
	case o.fineGrained && errors.Is(err, fault.NotPermitted):
		return failed("token", fmt.Errorf("fine-grained, from %s; its user is unknown: %w", source, err)), o
	case err != nil:
		return failed("token", fmt.Errorf("the token from %s: %w", source, err)), owner{}
	case user.State != "" && user.State != "active":
		err := fault.New(fault.Auth, "Ask an administrator to activate the user, or use another token",
			"the token from %s belongs to %s, who is %s", source, account.Name(user.Username), user.State)
		return failed("token", err), owner{}
	}
	if about.ExpiresSoon(d.Today) {
		return warning("token", "Create a new token before then: "+fault.Quote(d.Host+"/-/user_settings/personal_access_tokens"),
			"%s, from %s; the token expires on %s", account.Name(user.Username), source, about.Expires), o
	}
	return passed("token", "%s, from %s", account.Name(user.Username), source), o
}

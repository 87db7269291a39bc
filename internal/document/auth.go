package document

import (
	"errors"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// AuthHost returns the status of the token of one host. A fine-grained token that may not read its user works.
func AuthHost(host, source string, user instance.User, token instance.Token, err error) jsonv1.AuthHost {
	out := jsonv1.AuthHost{Host: host, Source: source, User: user.Username, Status: jsonv1.CheckOK, Scopes: token.Scopes,
		Expires: token.Expires.String()}
	if err != nil {
		out.Status = jsonv1.CheckFail
		if errors.Is(err, fault.NotPermitted) {
			out.Status = jsonv1.CheckWarn
		}
		out.Message, out.Fix = err.Error(), fault.HintOf(err)
	}
	return out
}

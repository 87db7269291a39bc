package document

import (
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// AuthHost returns the status of the token of one host.
func AuthHost(host, source string, user instance.User, token instance.Token, err error) jsonv1.AuthHost {
	out := jsonv1.AuthHost{Host: host, Source: source, User: user.Username, Status: jsonv1.CheckOK, Scopes: token.Scopes,
		Expires: token.Expires.String()}
	if err != nil {
		out.Status, out.Message, out.Fix = jsonv1.CheckFail, err.Error(), fault.HintOf(err)
	}
	return out
}

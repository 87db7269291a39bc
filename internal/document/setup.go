package document

import (
	"errors"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/permission"
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

// Config returns the configuration, with the source of each setting.
func Config(cfg config.Config) jsonv1.Config {
	var settings []jsonv1.Setting
	for _, s := range cfg.Settings() {
		settings = append(settings, jsonv1.Setting{Name: s.Name, Value: s.Value, Source: s.Source.String()})
	}
	doc := jsonv1.NewConfig(cfg.File, settings)
	doc.Trust = string(cfg.Trust)
	return doc
}

// Permissions returns what commands need, and what to pick for a token for the places of the team.
func Permissions(needs []permission.Need, places []string) jsonv1.Permissions {
	var commands []jsonv1.CommandPermissions
	var classic []string
	for _, n := range needs {
		commands = append(commands, jsonv1.CommandPermissions{Command: n.Command, Flags: n.Flags, FineGrained: !n.Refused,
			Required: permissions(n.Required), Optional: permissions(n.Optional)})
		if n.Refused {
			classic = append(classic, n.Command)
		}
	}
	doc := jsonv1.NewPermissions(commands)
	all := permission.Together(needs)
	doc.Required, doc.Pick = permissions(all), pick(all, places)
	if len(classic) > 0 {
		doc.Notes = append(doc.Notes, "A token with the scope api is needed for "+strings.Join(classic, ", ")+
			": GitLab offers no permission for the labels of a project")
	}
	return doc
}

func permissions(list []permission.Permission) jsonv1.List[jsonv1.Permission] {
	var out jsonv1.List[jsonv1.Permission]
	for _, p := range list {
		out = append(out, jsonv1.Permission{Name: p.Name, Boundary: string(p.Boundary)})
	}
	return out
}

// pick says what to pick in GitLab, by boundary.
func pick(all []permission.Permission, places []string) string {
	where := map[permission.Boundary]string{permission.Project: "the team's projects", permission.Group: "the team's group",
		permission.User: "the user", permission.Instance: "the instance"}
	if len(places) > 0 {
		where[permission.Project] = strings.Join(places, " and ")
	}
	text := ""
	var last permission.Boundary
	for _, p := range all {
		switch {
		case p.Boundary == last:
			text += ", " + p.Name
		case text == "":
			text = "Pick for " + where[p.Boundary] + ": " + p.Name
		default:
			text += "; for " + where[p.Boundary] + ": " + p.Name
		}
		last = p.Boundary
	}
	return text
}

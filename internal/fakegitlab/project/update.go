package project

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// change is what a request wants to change of a project.
type change struct {
	name, visibility param.Opt[string]
	description      param.Opt[string]
	settings         map[string]string // JSON, by the names of the fields
}

// update changes the settings of a project. Its path stays.
func update(c *rest.Call) (rest.Reply, error) {
	ch := changeOf(c.Params)
	names := atLeastOne
	if c.Store.Edition.Enterprise() {
		names += atLeastOneEnterprise
	}
	c.Params.AtLeastOne(strings.Fields(names)...)
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayAdmin(c.User, p) || ch.visibility.OK() && !access.MayOwn(c.User, p) {
		return rest.Reply{}, failure.Forbidden()
	}
	if errs := ch.check(p); len(errs) > 0 {
		return rest.Reply{}, failure.Model(errs...)
	}
	ch.apply(p)
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { Write(e, c, p, Changed) })
}

func changeOf(params *param.Params) change {
	ch := change{name: params.Str("name"), description: params.Str("description"), settings: map[string]string{}}
	for _, s := range parameters {
		if value, sent := valueOf(params, s); sent {
			ch.settings[s.setting()] = value
		}
	}
	ch.visibility = params.Enum("visibility", store.Private, store.Internal, store.Public)
	return ch
}

// setting is the name of the field that the parameter changes.
func (s parameter) setting() string {
	if s.kind == choice {
		return s.name
	}
	return cmp.Or(s.of, s.name)
}

// valueOf reads a parameter and returns its value as JSON.
func valueOf(params *param.Params, s parameter) (value string, sent bool) {
	switch s.kind {
	case flag, renamed, reverse:
		b := params.Bool(s.name)
		return strconv.FormatBool(b.Value != (s.kind == reverse)), b.OK()
	case old:
		b := params.Bool(s.name)
		return `"` + map[bool]string{true: store.Enabled, false: store.Disabled}[b.Value] + `"`, b.OK()
	case level:
		v := params.Enum(s.name, store.Disabled, store.MembersOnly, store.Enabled)
		return `"` + v.Value + `"`, v.OK()
	case choice:
		v := params.Enum(s.name, strings.Fields(s.of)...)
		return `"` + v.Value + `"`, v.OK()
	case number:
		n := params.Int(s.name)
		return strconv.Itoa(n.Value), n.OK()
	case text:
		v := params.Str(s.name)
		return jsonText(v), v.Set
	case texts:
		v := params.List(s.name)
		return jsonList(v.Value), v.Set
	}
	return "", false
}

func jsonText(v param.Opt[string]) string {
	if v.Null {
		return "null"
	}
	e := jsonenc.Encoder{}
	e.Text(v.Value)
	return string(e.Bytes)
}

func jsonList(all []string) string {
	e := jsonenc.Encoder{}
	e.Open('[')
	for _, v := range all {
		e.Text(v)
	}
	e.Shut(']')
	return string(e.Bytes)
}

// check returns what is invalid about the change.
func (ch change) check(p *store.Project) []failure.Field {
	var errs []failure.Field
	switch name := strings.TrimSpace(ch.name.Value); {
	case !ch.name.Set:
	case name == "":
		errs = append(errs, failure.On("name", "can't be blank"))
	case param.TooLong(name, param.MaxTitle):
		errs = append(errs, failure.On("name", "is too long (maximum is 255 characters)"))
	}
	if param.TooLong(ch.description.Value, maxDescription) {
		errs = append(errs, failure.On("description", "is too long (maximum is 2000 characters)"))
	}
	order := []string{store.Private, store.Internal, store.Public}
	if g := p.Group; g != nil && slices.Index(order, ch.visibility.Value) > slices.Index(order, g.Visibility) {
		errs = append(errs, failure.On("visibility_level", ch.visibility.Value+" is not allowed in a "+g.Visibility+" group."))
	}
	return errs
}

// maxDescription is the maximum length of a project's description, in characters.
const maxDescription = 2000

func (ch change) apply(p *store.Project) {
	if ch.name.OK() {
		p.Name = strings.TrimSpace(ch.name.Value)
	}
	if ch.visibility.OK() {
		p.Visibility = ch.visibility.Value
	}
	if ch.description.Set {
		p.Description = ch.description.Value
	}
	for name, value := range ch.settings {
		p.Set(name, value)
	}
}

// archive makes a project read-only.
func archive(c *rest.Call) (rest.Reply, error) { return setArchived(c, true) }

func unarchive(c *rest.Call) (rest.Reply, error) { return setArchived(c, false) }

func setArchived(c *rest.Call, archived bool) (rest.Reply, error) {
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayOwn(c.User, p) {
		return rest.Reply{}, failure.Forbidden()
	}
	p.Archived = archived
	return c.JSON(http.StatusCreated, func(e *jsonenc.Encoder) { Write(e, c, p, Listed) })
}

package deploy

import (
	"crypto/sha256"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/project"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// tiers are the kinds of environments, each with the parts of names that suggest it. The first that fits counts.
var tiers = [...]struct{ name, parts string }{
	{"development", "dev review trunk"},
	{"testing", "test tst int acpt accept qa qc control quality"},
	{"staging", "stg stag model mod pre demo non"},
	{"production", "prd prod live"},
	{"other", ""},
}

// minSearch is the length of the shortest search for an environment, in characters.
const minSearch = 3

func listEnvironments(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	name, search := c.Params.Str("name"), c.Params.Str("search")
	state := c.Params.Enum("states", "available", "stopping", "stopped")
	if name.Set && search.Set {
		c.Params.Note("name, search", "cannot be used together")
	}
	p, err := projectOf(c, access.MayReadDeployments)
	if err != nil {
		return rest.Reply{}, err
	}
	if text := []rune(search.Value); len(text) > 0 && len(text) < minSearch {
		return rest.Reply{}, failure.Text(http.StatusBadRequest, "400 Bad request - Search query is less than 3 characters")
	}
	var found []*store.Environment
	for _, env := range p.Environments {
		if (!name.OK() || env.Name == name.Value) && (!state.OK() || env.State() == state.Value) &&
			strings.Contains(strings.ToLower(env.Name), strings.ToLower(search.Value)) {
			found = append(found, env)
		}
	}
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, env *store.Environment) { writeEnvironment(e, c, p, env, false) })
}

// environmentOf returns the environment of the path with its project.
func environmentOf(c *rest.Call, may right) (*store.Project, *store.Environment, error) {
	id := c.Params.Int("environment_id")
	p, err := projectOf(c, may)
	if err != nil {
		return nil, nil, err
	}
	env, err := find(p.Environments, func(env *store.Environment) int { return env.ID }, id.Value)
	return p, env, err
}

func getEnvironment(c *rest.Call) (rest.Reply, error) {
	p, env, err := environmentOf(c, access.MayReadDeployments)
	if err != nil {
		return rest.Reply{}, err
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { writeEnvironment(e, c, p, env, true) })
}

// tierParam reads the kind of an environment.
func tierParam(params *param.Params) param.Opt[string] {
	return params.Enum("tier", "production", "staging", "testing", "development", "other")
}

func createEnvironment(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("name")
	name, address, tier := c.Params.Str("name"), c.Params.Str("external_url"), tierParam(c.Params)
	description := c.Params.Str("description")
	if c.Params.Has("slug") {
		c.Params.Note("slug", "is automatically generated and cannot be changed")
	}
	p, err := projectOf(c, access.MayDeploy)
	if err != nil {
		return rest.Reply{}, err
	}
	if errs := checkName(p, nil, name.Value); len(errs) > 0 {
		return rest.Reply{}, failure.Model(failure.On("name", errs...))
	}
	env := AddEnvironment(c.Store, p, name.Value)
	env.ExternalURL, env.Description = address.Value, description.Value
	if tier.OK() {
		env.Tier = tier.Value
	}
	return answerEnvironment(c, http.StatusCreated, p, env)
}

// AddEnvironment adds an environment to a project, with the slug and the tier that its name suggests.
func AddEnvironment(s *store.Store, p *store.Project, name string) *store.Environment {
	env := &store.Environment{ID: store.Next(&s.Last.Environment), Name: name, Slug: slugOf(name), Tier: tierOf(name)}
	env.CreatedAt, env.UpdatedAt = s.Times(time.Time{}, time.Time{})
	p.Environments = append(p.Environments, env)
	return env
}

func answerEnvironment(c *rest.Call, status int, p *store.Project, env *store.Environment) (rest.Reply, error) {
	return c.JSON(status, func(e *jsonenc.Encoder) { writeEnvironment(e, c, p, env, false) })
}

func updateEnvironment(c *rest.Call) (rest.Reply, error) {
	name, address, tier := c.Params.Str("name"), c.Params.Str("external_url"), tierParam(c.Params)
	p, env, err := environmentOf(c, access.MayDeploy)
	if err != nil {
		return rest.Reply{}, err
	}
	if name.Set {
		if errs := checkName(p, env, name.Value); len(errs) > 0 {
			return rest.Reply{}, failure.Model(failure.On("name", errs...))
		}
	}
	before := *env
	param.Assign(&env.Name, name)
	param.Assign(&env.ExternalURL, address)
	if tier.OK() {
		env.Tier = tier.Value
	}
	if *env != before {
		env.UpdatedAt = c.Store.Stamp()
	}
	return answerEnvironment(c, http.StatusOK, p, env)
}

// checkName returns what is wrong with a new name for the environment, which is nil for a new one.
func checkName(p *store.Project, env *store.Environment, name string) []string {
	var errs []string
	if strings.TrimSpace(name) == "" {
		errs = append(errs, "can't be blank")
	}
	if slices.ContainsFunc(p.Environments, func(x *store.Environment) bool { return x != env && x.Name == name }) {
		errs = append(errs, "has already been taken")
	}
	if param.TooLong(name, param.MaxTitle) {
		errs = append(errs, "is too long (maximum is 255 characters)")
	}
	if !validName(name) {
		errs = append(errs, "can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', and spaces, "+
			"but it cannot start or end with '/'")
	}
	return errs
}

func validName(name string) bool {
	const others = "-_/${}. "
	odd := func(r rune) bool { return !isASCIIWord(r) && !strings.ContainsRune(others, r) }
	return name != "" && !strings.ContainsFunc(name, odd) && strings.Trim(name, "/") == name
}

func isASCIIWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// tierOf guesses the kind of an environment.
func tierOf(name string) string {
	name = strings.ToLower(name)
	for _, tier := range tiers {
		if slices.ContainsFunc(strings.Fields(tier.parts), func(part string) bool { return strings.Contains(name, part) }) {
			return tier.name
		}
	}
	return "other"
}

// maxSlug is how long a slug may be; suffixLength is how much of it tells names with one beginning apart.
const (
	maxSlug      = 24
	suffixLength = 6
)

// slugOf makes a name that is good for host names: with a suffix if it is not the name itself.
func slugOf(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if !isASCIIWord(r) {
			r = '-'
		}
		if r != '-' || !strings.HasSuffix(b.String(), "-") {
			b.WriteRune(r)
		}
	}
	slug := b.String()
	if slug == "" || slug[0] < 'a' || slug[0] > 'z' {
		slug = "env-" + slug
	}
	if slug == name && len(slug) <= maxSlug {
		return slug
	}
	sum := sha256.Sum256([]byte(name))
	digits := new(big.Int).SetBytes(sum[:]).Text(36)
	slug = strings.TrimRight(slug[:min(len(slug), maxSlug-suffixLength-1)], "-")
	return slug + "-" + digits[len(digits)-suffixLength:]
}

// deleteEnvironment is refused for an environment that was not stopped.
func deleteEnvironment(c *rest.Call) (rest.Reply, error) {
	p, env, err := environmentOf(c, access.MayReadDeployments)
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayDeploy(c.User, p) || !env.Stopped {
		return rest.Reply{}, failure.Forbidden()
	}
	if err := c.Unmodified(env.UpdatedAt); err != nil {
		return rest.Reply{}, err
	}
	p.Environments = slices.DeleteFunc(p.Environments, func(x *store.Environment) bool { return x == env })
	p.Deployments = slices.DeleteFunc(p.Deployments, func(d *store.Deployment) bool { return d.Environment == env })
	return rest.NoContent(), nil
}

// stopEnvironment leaves the environment as it is if the caller may not stop it.
func stopEnvironment(c *rest.Call) (rest.Reply, error) {
	c.Params.Bool("force")
	p, env, err := environmentOf(c, access.MayReadDeployments)
	if err != nil {
		return rest.Reply{}, err
	}
	if access.MayDeploy(c.User, p) && !env.Stopped {
		env.Stopped, env.UpdatedAt = true, c.Store.Stamp()
	}
	return answerEnvironment(c, http.StatusOK, p, env)
}

// basicFields are what a deployment shows of its environment, without the braces.
func basicFields(e *jsonenc.Encoder, env *store.Environment) {
	e.Num("id", env.ID)
	e.Str("name", env.Name)
	e.Str("slug", env.Slug)
	e.StrOrNull("external_url", env.ExternalURL)
	e.Time("created_at", env.CreatedAt)
	e.Time("updated_at", env.UpdatedAt)
}

// writeEnvironment writes an environment with its project or, if it is the only one, with its last deployment.
func writeEnvironment(e *jsonenc.Encoder, c *rest.Call, p *store.Project, env *store.Environment, single bool) {
	e.Open('{')
	basicFields(e, env)
	e.Str("tier", env.Tier)
	if single {
		writeLast(e, c, p, env)
	} else {
		e.Key("project")
		project.Write(e, c, p, project.Brief)
	}
	e.Str("state", env.State())
	e.Null("auto_stop_at")
	e.StrOrNull("description", env.Description)
	e.Str("auto_stop_setting", "always")
	e.Shut('}')
}

// writeLast writes the last successful deployment to the environment.
func writeLast(e *jsonenc.Encoder, c *rest.Call, p *store.Project, env *store.Environment) {
	d := lastTo(p, env)
	if d == nil {
		e.Null("last_deployment")
		return
	}
	e.Key("last_deployment")
	e.Open('{')
	deploymentFields(e, c, p, d, false)
	e.Shut('}')
}

// Package deploy serves what has to do with releasing a project: freeze periods, environments, deployments, and the
// pipelines of their jobs. Start with Routes. The state is in package store, not here.
package deploy

import (
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Routes returns the routes for freeze periods, environments, deployments, pipelines and protected branches.
func Routes() []rest.Route {
	const freezes, freeze = "/projects/:id/freeze_periods", "/projects/:id/freeze_periods/:freeze_period_id"
	const environments, environment = "/projects/:id/environments", "/projects/:id/environments/:environment_id"
	const deployments, deployment = "/projects/:id/deployments", "/projects/:id/deployments/:deployment_id"
	return []rest.Route{
		rest.Get(freezes, listFreezes).Needs("read_freeze_period"),
		rest.Post(freezes, createFreeze).Needs("create_freeze_period"),
		rest.Get(freeze, getFreeze).Needs("read_freeze_period"),
		rest.Put(freeze, updateFreeze).Needs("update_freeze_period"),
		rest.Delete(freeze, deleteFreeze).Needs("delete_freeze_period"),
		rest.Get(environments, listEnvironments).Needs("read_environment"),
		rest.Post(environments, createEnvironment).Needs("create_environment"),
		rest.Get(environment, getEnvironment).Needs("read_environment"),
		rest.Put(environment, updateEnvironment).Needs("update_environment"),
		rest.Delete(environment, deleteEnvironment).Needs("delete_environment"),
		rest.Post(environment+"/stop", stopEnvironment).Needs("stop_environment"),
		rest.Get(deployments, listDeployments).Needs("read_deployment"),
		rest.Post(deployments, createDeployment).Needs("create_deployment"),
		rest.Get(deployment, getDeployment).Needs("read_deployment"),
		rest.Put(deployment, updateDeployment).Needs("update_deployment"),
		rest.Delete(deployment, deleteDeployment).Needs("delete_deployment"),
		rest.Get("/projects/:id/pipelines", listPipelines).Anonymous().Needs("read_pipeline"),
		rest.Get("/projects/:id/protected_branches", listProtectedBranches).Needs("read_protected_branch"),
	}
}

// right is what a user must be allowed to do with a project.
type right func(*store.User, *store.Project) bool

// projectOf checks the parameters, finds the project of the path, and checks the right.
func projectOf(c *rest.Call, may right) (*store.Project, error) {
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	p, err := c.Project()
	if err != nil {
		return nil, err
	}
	if !may(c.User, p) {
		return nil, failure.Forbidden()
	}
	return p, nil
}

// find returns the record with that id.
func find[T any](all []*T, id func(*T) int, wanted int) (*T, error) {
	for _, one := range all {
		if id(one) == wanted {
			return one, nil
		}
	}
	return nil, failure.NoRecord()
}

// listProtectedBranches has the branches that only Maintainers may push to.
func listProtectedBranches(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	p, err := projectOf(c, access.MayAdmin)
	if err != nil {
		return rest.Reply{}, err
	}
	protected := slices.DeleteFunc(slices.Clone(p.Branches), func(b *store.Branch) bool { return !b.Protected })
	return rest.List(c, pg, protected, func(e *jsonenc.Encoder, b *store.Branch) {
		e.Open('{')
		e.Num("id", 1+slices.Index(protected, b))
		e.Str("name", b.Name)
		e.Bool("allow_force_push", false)
		e.Shut('}')
	})
}

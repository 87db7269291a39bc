// Package deploy serves what has to do with releasing a project: freeze periods, environments, deployments, and the
// pipelines and protected branches that no project here has. Start with Routes. The state is in package store, not here.
package deploy

import (
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
		rest.Get(freezes, listFreezes), rest.Post(freezes, createFreeze),
		rest.Get(freeze, getFreeze), rest.Put(freeze, updateFreeze), rest.Delete(freeze, deleteFreeze),
		rest.Get(environments, listEnvironments), rest.Post(environments, createEnvironment),
		rest.Get(environment, getEnvironment), rest.Put(environment, updateEnvironment),
		rest.Delete(environment, deleteEnvironment), rest.Post(environment+"/stop", stopEnvironment),
		rest.Get(deployments, listDeployments), rest.Post(deployments, createDeployment),
		rest.Get(deployment, getDeployment), rest.Put(deployment, updateDeployment), rest.Delete(deployment, deleteDeployment),
		rest.Get("/projects/:id/pipelines", listPipelines).Anonymous(),
		rest.Get("/projects/:id/protected_branches", listProtectedBranches),
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

// listPipelines is empty: nothing runs here.
func listPipelines(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	c.Params.EnumOr("order_by", "id", "id", "status", "ref", "updated_at", "user_id")
	c.Params.EnumOr("sort", "desc", "asc", "desc")
	return none(c, pg, access.MayReadPipelines)
}

// listProtectedBranches is empty: nothing is protected here.
func listProtectedBranches(c *rest.Call) (rest.Reply, error) {
	return none(c, c.Paging(), access.MayAdmin)
}

// none answers with an empty list.
func none(c *rest.Call, pg rest.Paging, may right) (rest.Reply, error) {
	if _, err := projectOf(c, may); err != nil {
		return rest.Reply{}, err
	}
	return rest.List(c, pg, nil, func(*jsonenc.Encoder, any) {})
}

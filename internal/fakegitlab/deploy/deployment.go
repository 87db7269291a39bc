package deploy

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// The states of a deployment. Those of the first list can be set.
const (
	running  = "running"
	success  = "success"
	failed   = "failed"
	canceled = "canceled"
)

// deploymentFilter holds the filters of a list of deployments.
type deploymentFilter struct {
	order, sort                   string
	environment, status           param.Opt[string]
	updatedAfter, updatedBefore   param.Opt[time.Time]
	finishedAfter, finishedBefore param.Opt[time.Time]
}

func deploymentFilterOf(params *param.Params) deploymentFilter {
	return deploymentFilter{
		order:          params.EnumOr("order_by", "id", "id", "iid", "created_at", "updated_at", "finished_at"),
		sort:           params.EnumOr("sort", "asc", "asc", "desc"),
		updatedAfter:   params.Time("updated_after"),
		updatedBefore:  params.Time("updated_before"),
		finishedAfter:  params.Time("finished_after"),
		finishedBefore: params.Time("finished_before"),
		environment:    params.Str("environment"),
		status:         params.Enum("status", "created", running, success, failed, canceled, "skipped", "blocked"),
	}
}

// check refuses combinations that GitLab has no index for.
func (f deploymentFilter) check() error {
	updated := f.updatedAfter.OK() || f.updatedBefore.OK()
	finished := f.finishedAfter.OK() || f.finishedBefore.OK()
	text := ""
	switch {
	case updated && finished:
		text = "Both `updated_at` filter and `finished_at` filter can not be specified"
	case updated && f.order != "updated_at":
		text = "`updated_at` filter requires `updated_at` sort"
	case finished && f.order != "finished_at":
		text = "`finished_at` filter requires `finished_at` sort."
	case f.order == "finished_at" && !finished && !isFinished(f.status.Value):
		text = "`finished_at` sort requires `finished_at` filter or a filter with at least one of the finished statuses."
	case finished && f.status.Value != success:
		text = "`finished_at` filter must be combined with `success` status filter."
	default:
		return nil
	}
	return failure.Text(http.StatusBadRequest, "400 Bad request - "+text)
}

func isFinished(status string) bool {
	return status == success || status == failed || status == canceled
}

func (f deploymentFilter) fits(d *store.Deployment) bool {
	within := func(at time.Time, after, before param.Opt[time.Time]) bool {
		return (!after.OK() || !at.Before(after.Value)) && (!before.OK() || !at.After(before.Value))
	}
	return (!f.environment.OK() || d.Environment.Name == f.environment.Value) &&
		(!f.status.OK() || d.Status == f.status.Value) &&
		within(d.UpdatedAt, f.updatedAfter, f.updatedBefore) && within(d.FinishedAt, f.finishedAfter, f.finishedBefore)
}

// compare orders like GitLab: by creation means by id, and of those updated at the same time the newest comes first in both directions.
func (f deploymentFilter) compare(a, b *store.Deployment) int {
	order, tie := 0, 0
	switch f.order {
	case "updated_at":
		order, tie = a.UpdatedAt.Compare(b.UpdatedAt), cmp.Compare(b.ID, a.ID)
	case "finished_at":
		order = cmp.Or(a.FinishedAt.Compare(b.FinishedAt), cmp.Compare(a.ID, b.ID))
	default:
		order = cmp.Compare(a.ID, b.ID)
	}
	if f.sort == "desc" {
		order = -order
	}
	return cmp.Or(order, tie)
}

func listDeployments(c *rest.Call) (rest.Reply, error) {
	pg, f := c.Paging(), deploymentFilterOf(c.Params)
	p, err := projectOf(c, access.MayReadDeployments)
	if err != nil {
		return rest.Reply{}, err
	}
	if err := f.check(); err != nil {
		return rest.Reply{}, err
	}
	var found []*store.Deployment
	for _, d := range p.Deployments {
		if f.fits(d) {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, f.compare)
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, d *store.Deployment) { writeDeployment(e, c, p, d, false) })
}

// deploymentOf returns the deployment of the path with its project.
func deploymentOf(c *rest.Call, may right) (*store.Project, *store.Deployment, error) {
	id := c.Params.Int("deployment_id")
	p, err := projectOf(c, may)
	if err != nil {
		return nil, nil, err
	}
	d, err := find(p.Deployments, func(d *store.Deployment) int { return d.ID }, id.Value)
	return p, d, err
}

func getDeployment(c *rest.Call) (rest.Reply, error) {
	p, d, err := deploymentOf(c, access.MayReadDeployments)
	if err != nil {
		return rest.Reply{}, err
	}
	return answerDeployment(c, http.StatusOK, p, d)
}

func answerDeployment(c *rest.Call, status int, p *store.Project, d *store.Deployment) (rest.Reply, error) {
	return c.JSON(status, func(e *jsonenc.Encoder) { writeDeployment(e, c, p, d, true) })
}

// createDeployment creates the environment as well if there is none of that name.
func createDeployment(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("environment", "sha", "ref", "tag", "status")
	name, sha, ref := c.Params.Str("environment"), c.Params.Str("sha"), c.Params.Str("ref")
	tag, status := c.Params.Bool("tag"), c.Params.Enum("status", running, success, failed, canceled)
	p, err := projectOf(c, access.MayDeploy)
	if err != nil {
		return rest.Reply{}, err
	}
	at := slices.IndexFunc(p.Environments, func(env *store.Environment) bool { return env.Name == name.Value })
	if at < 0 {
		if errs := checkName(p, nil, name.Value); len(errs) > 0 {
			return rest.Reply{}, failure.Model(failure.On("name", errs...))
		}
		AddEnvironment(c.Store, p, name.Value)
		at = len(p.Environments) - 1
	}
	d := &store.Deployment{
		Environment: p.Environments[at], SHA: sha.Value, Ref: ref.Value, Tag: tag.Value, Status: status.Value, By: c.User,
	}
	if errs := checkDeployment(d); len(errs) > 0 {
		return rest.Reply{}, failure.Model(errs...)
	}
	addDeployment(c.Store, p, d)
	return answerDeployment(c, http.StatusCreated, p, d)
}

func checkDeployment(d *store.Deployment) []failure.Field {
	var errs []failure.Field
	for _, f := range []struct{ name, value string }{{"sha", d.SHA}, {"ref", d.Ref}} {
		if f.value == "" {
			errs = append(errs, failure.On(f.name, "can't be blank"))
		}
	}
	return errs
}

func addDeployment(s *store.Store, p *store.Project, d *store.Deployment) {
	d.ID = store.Next(&s.Last.Deployment)
	d.IID = store.Next(&p.LastDeploymentIID)
	d.CreatedAt, d.UpdatedAt = s.Times(time.Time{}, time.Time{})
	if isFinished(d.Status) {
		d.FinishedAt = d.CreatedAt
	}
	p.Deployments = append(p.Deployments, d)
}

// transitions are what GitLab calls the steps to a state.
var transitions = map[string]string{running: "run", success: "succeed", failed: "drop", canceled: "cancel"}

// updateDeployment moves a deployment to another state. None goes back to running.
func updateDeployment(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("status")
	status := c.Params.Enum("status", running, success, failed, canceled)
	p, d, err := deploymentOf(c, access.MayReadDeployments)
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayDeploy(c.User, p) {
		return rest.Reply{}, failure.Forbidden()
	}
	if d.Status == status.Value || status.Value == running {
		return rest.Reply{}, failure.OnField("status", `cannot transition via "`+transitions[status.Value]+`"`)
	}
	d.Status, d.UpdatedAt = status.Value, c.Store.Stamp()
	d.FinishedAt = d.UpdatedAt
	return answerDeployment(c, http.StatusOK, p, d)
}

// deleteDeployment keeps what runs, and what an environment has now.
func deleteDeployment(c *rest.Call) (rest.Reply, error) {
	p, d, err := deploymentOf(c, access.MayReadProject)
	if err != nil {
		return rest.Reply{}, err
	}
	switch {
	case !access.MayFreeze(c.User, p):
		return rest.Reply{}, failure.Forbidden()
	case d.Status == running:
		return rest.Reply{}, failure.Text(http.StatusBadRequest, "Cannot destroy running deployment")
	case d == lastTo(p, d.Environment):
		return rest.Reply{}, failure.Text(http.StatusBadRequest, "Deployment currently deployed to environment")
	}
	if err := c.Unmodified(d.UpdatedAt); err != nil {
		return rest.Reply{}, err
	}
	p.Deployments = slices.DeleteFunc(p.Deployments, func(x *store.Deployment) bool { return x == d })
	return rest.NoContent(), nil
}

// lastTo returns the last successful deployment to an environment, nil if there is none.
func lastTo(p *store.Project, env *store.Environment) *store.Deployment {
	for _, d := range slices.Backward(p.Deployments) {
		if d.Environment == env && d.Status == success {
			return d
		}
	}
	return nil
}

// writeDeployment writes a deployment; a single one has the approvals that the Enterprise Edition knows.
func writeDeployment(e *jsonenc.Encoder, c *rest.Call, p *store.Project, d *store.Deployment, single bool) {
	e.Open('{')
	deploymentFields(e, c, p, d, true)
	if single && c.Store.Edition.Enterprise() {
		e.Num("pending_approval_count", 0)
		e.Strs("approvals", nil)
		e.Null("approval_summary")
	}
	e.Shut('}')
}

func deploymentFields(e *jsonenc.Encoder, c *rest.Call, p *store.Project, d *store.Deployment, withEnvironment bool) {
	e.Num("id", d.ID)
	e.Num("iid", d.IID)
	e.Str("ref", d.Ref)
	e.Str("sha", d.SHA)
	e.Time("created_at", d.CreatedAt)
	e.Time("updated_at", d.UpdatedAt)
	user.WriteOrNull(e, c, "user", d.By)
	if withEnvironment {
		e.Key("environment")
		e.Open('{')
		basicFields(e, d.Environment)
		e.Shut('}')
	}
	if d.Job == nil {
		e.Null("deployable")
	} else {
		writeJob(e, c, p, d)
	}
	e.Str("status", d.Status)
}

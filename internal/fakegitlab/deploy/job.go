package deploy

import (
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// seconds writes a duration as GitLab does, null while it is unknown.
func seconds(e *jsonenc.Encoder, name string, from, to time.Time) {
	if from.IsZero() || to.IsZero() {
		e.Null(name)
		return
	}
	e.Key(name)
	e.Raw(strconv.FormatFloat(to.Sub(from).Seconds(), 'f', -1, 64))
}

// writeJob writes the job of a deployment.
func writeJob(e *jsonenc.Encoder, c *rest.Call, p *store.Project, d *store.Deployment) {
	j := d.Job
	web := c.Base.URL + "/" + p.FullPath() + "/-/"
	e.Key("deployable")
	e.Open('{')
	e.Num("id", j.ID)
	e.Str("status", d.Status)
	e.Str("stage", j.Stage)
	e.Str("name", j.Name)
	e.Str("ref", d.Ref)
	e.Bool("tag", d.Tag)
	e.Null("coverage")
	e.Bool("allow_failure", false)
	e.Time("created_at", d.CreatedAt)
	e.Time("started_at", j.StartedAt)
	e.Time("finished_at", d.FinishedAt)
	e.Null("erased_at")
	seconds(e, "duration", j.StartedAt, d.FinishedAt)
	seconds(e, "queued_duration", d.CreatedAt, j.StartedAt)
	user.WriteOrNull(e, c, "user", d.By)
	writeCommit(e, web, d)
	e.Key("pipeline")
	writePipeline(e, c, p, d)
	e.Str("web_url", web+"jobs/"+strconv.Itoa(j.ID))
	e.Key("project")
	e.Open('{')
	e.Bool("ci_job_token_scope_enabled", false)
	e.Shut('}')
	e.Strs("artifacts", nil)
	e.Null("runner")
	e.Null("runner_manager")
	e.Null("artifacts_expire_at")
	e.Bool("archived", false)
	e.Strs("tag_list", nil)
	e.Shut('}')
}

// writeCommit writes as much of a commit as is known without its repository.
func writeCommit(e *jsonenc.Encoder, web string, d *store.Deployment) {
	e.Key("commit")
	e.Open('{')
	e.Str("id", d.SHA)
	e.Str("short_id", d.SHA[:min(8, len(d.SHA))])
	e.Str("web_url", web+"commit/"+d.SHA)
	e.Shut('}')
}

// writePipeline writes the pipeline of a job. Its number in the project is its place among the deployments with a job.
func writePipeline(e *jsonenc.Encoder, c *rest.Call, p *store.Project, d *store.Deployment) {
	e.Open('{')
	e.Num("id", d.Job.Pipeline)
	e.Num("iid", d.IID)
	e.Num("project_id", p.ID)
	e.Str("sha", d.SHA)
	e.Str("ref", d.Ref)
	e.Str("status", d.Status)
	e.Str("source", "push")
	e.Time("created_at", d.CreatedAt)
	e.Time("updated_at", d.UpdatedAt)
	e.Str("web_url", strings.Join([]string{c.Base.URL, p.FullPath(), "-", "pipelines", strconv.Itoa(d.Job.Pipeline)}, "/"))
	e.Shut('}')
}

// listPipelines has the pipelines of the deployments that have a job: nothing else runs here.
func listPipelines(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	c.Params.EnumOr("order_by", "id", "id", "status", "ref", "updated_at", "user_id")
	sort := c.Params.EnumOr("sort", "desc", "asc", "desc")
	p, err := projectOf(c, access.MayReadPipelines)
	if err != nil {
		return rest.Reply{}, err
	}
	var found []*store.Deployment
	for _, d := range p.Deployments {
		if d.Job == nil {
			continue
		}
		if sort == "desc" {
			found = append([]*store.Deployment{d}, found...)
		} else {
			found = append(found, d)
		}
	}
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, d *store.Deployment) { writePipeline(e, c, p, d) })
}

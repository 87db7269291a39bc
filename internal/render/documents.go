package render

import (
	"io"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/budget"
	"gitlab.com/prodctl/prodctl/internal/render/followup"
	"gitlab.com/prodctl/prodctl/internal/render/html"
	"gitlab.com/prodctl/prodctl/internal/render/incident"
	"gitlab.com/prodctl/prodctl/internal/render/lint"
	"gitlab.com/prodctl/prodctl/internal/render/machine"
	"gitlab.com/prodctl/prodctl/internal/render/rad"
	"gitlab.com/prodctl/prodctl/internal/render/readiness"
	"gitlab.com/prodctl/prodctl/internal/render/site"
	screen "gitlab.com/prodctl/prodctl/internal/render/status"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// This file has the documents whose forms are in packages of their names.

// Lint shows what the rules of lint find.
func (v *View) Lint(doc jsonv1.Lint) error { return show(v, doc, within(v, lint.Form)) }

// Budget shows error budgets. -o html writes the page with the burn-down.
func (v *View) Budget(doc jsonv1.Budget) error {
	return show(v, doc, func(doc jsonv1.Budget) (body, func(*page)) {
		b, write := budget.Form(doc, v.clock)
		b.Also = v.asPage(func(in *time.Location) string { return html.Budget(doc, in) })
		return b, write
	})
}

// Drills shows restore drills and the state of their targets.
func (v *View) Drills(doc jsonv1.Drills) error { return show(v, doc, within(v, rad.Form)) }

// IncidentChanges shows what changed before an incident, the most likely cause first.
func (v *View) IncidentChanges(doc jsonv1.IncidentChanges) error {
	return show(v, doc, within(v, incident.Changes))
}

// CodeQuality writes findings in files as GitLab's Code Quality report, whatever the format.
func (v *View) CodeQuality(list []jsonv1.LintFinding) error {
	_, err := io.WriteString(v.w, machine.CodeQuality(list))
	return err
}

// CorrectiveActions shows corrective actions, the longest overdue first.
func (v *View) CorrectiveActions(doc jsonv1.CorrectiveActions) error {
	return show(v, doc, within(v, followup.Actions))
}

// IncidentCheck shows what the rules find in incidents.
func (v *View) IncidentCheck(doc jsonv1.IncidentCheck) error {
	return show(v, doc, within(v, followup.Check))
}

// Readiness shows production beside the readiness targets.
func (v *View) Readiness(doc jsonv1.Readiness) error {
	return show(v, doc, func(doc jsonv1.Readiness) (body, func(*page)) {
		b, page := readiness.Form(doc, v.clock)
		b.Also = v.asPage(func(*time.Location) string { return html.Readiness(doc) })
		return b, page
	})
}

// Status shows production and the timebox on one screen.
func (v *View) Status(doc jsonv1.Status) error { return show(v, doc, within(v, screen.Form)) }

// Site is a site of reports.
type Site = site.Site

// SitePage is a file of a site.
type SitePage = html.Page

// SiteDocs are the documents of a site.
type SiteDocs = html.Site

// SiteFiles returns the files of a site of reports. The view adds its clock, and which addresses become links.
func (v *View) SiteFiles(s Site) []SitePage {
	s.In, s.Places, s.Ours = v.clock.In, v.o.Places, v.ours
	return site.Files(s)
}

// Site lists the files of a site that were written.
func (v *View) Site(doc jsonv1.Site) error { return show(v, doc, within(v, site.Form)) }

package render

import (
	"io"

	"gitlab.com/prodctl/prodctl/internal/render/followup"
	"gitlab.com/prodctl/prodctl/internal/render/incident"
	"gitlab.com/prodctl/prodctl/internal/render/lint"
	"gitlab.com/prodctl/prodctl/internal/render/machine"
	"gitlab.com/prodctl/prodctl/internal/render/rad"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// This file has the documents whose forms are in packages of their names.

// Lint shows what the rules of lint find.
func (v *View) Lint(doc jsonv1.Lint) error { return show(v, doc, within(v, lint.Form)) }

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

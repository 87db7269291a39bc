// Package site makes the files of a site of reports: pages that lead to each other, and a calendar.
//
// Start with [Files]. It is the one place where documents of a site are withheld from readers. Requests and folders do not belong here.
package site

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/html"
	"gitlab.com/prodctl/prodctl/internal/render/icalendar"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/site"
)

// Site is what a site is made from.
type Site struct {
	html.Site
	Audience site.Audience
	People   func(user string) string // display names
	Now      time.Time
	Places   account.Places
	Ours     func(address string) bool // which addresses become links; nil: all
}

// publicNote says on the overview what readers do not see, and why.
const publicNote = "Issues are shown by reference, state, severity and times, people by their initials."

// Files returns the files of the site, the index at the end. Confidential issues are always withheld.
func Files(s Site) []html.Page {
	out := s.Site
	out.Weeks = nil
	public := site.Public{Name: s.People}
	for _, doc := range s.Weeks {
		out.Weeks = append(out.Weeks, readable(s, doc, public.Weekly))
	}
	out.Incidents = readable(s, s.Incidents, public.IncidentStats)
	out.Budget = readable(s, s.Budget, public.Budget)
	out.Schedule = readable(s, s.Schedule, public.Schedule)
	if s.Flow != nil {
		out.Flow = new(readable(s, *s.Flow, public.Flow))
	}
	if s.Audience != site.Tracker {
		out.Note = publicNote
	}
	files := []html.Page{{Name: html.CalendarFile, Text: icalendar.Of(out.Schedule.Duties, s.Now)}}
	for _, p := range out.Pages() {
		if s.Ours != nil {
			p.Text = layout.OwnLinks(p.Text, s.Ours)
		}
		files = append(files, p)
	}
	return files
}

// readable returns a document as the readers of the site may read it.
func readable[D any](s Site, doc D, public func(D) D) D {
	doc = jsonv1.For(doc, jsonv1.Anybody)
	if s.Audience != site.Tracker {
		return public(doc)
	}
	return account.Shown(doc, s.Places)
}

// Form is the list of the files that were written.
func Form(doc jsonv1.Site, _ words.Clock) (form.Body, func(*layout.Page)) {
	s := layout.Sheet{None: "No files", Columns: []layout.Column{{Name: "File", Field: "name"}, {Name: "Bytes", Field: "bytes", Right: true},
		{Name: "State", Field: "state"}}}
	written := 0
	for _, f := range doc.Files {
		if f.State == "created" || f.State == "updated" {
			written++
		}
		s.Rows = append(s.Rows, []layout.Cell{layout.Text(f.Name), layout.Number(f.Bytes), layout.Text(f.State)})
	}
	return form.Body{Sheet: s, Notes: doc.Notes}, func(p *layout.Page) {
		p.Line(0, layout.T(fmt.Sprintf("Wrote %s to %s: ", words.Count(written, "file"), doc.Folder)), layout.As(layout.Strong, audience(doc)))
		p.Gap()
		p.Sheet(s)
		p.Tail(layout.Notes(doc.Notes))
	}
}

// audience says who the site is for, and why if that was not asked for.
func audience(doc jsonv1.Site) string {
	switch {
	case doc.Audience == string(site.Tracker):
		return "for readers of the trackers"
	case doc.Reason != "":
		return "for everybody, because " + doc.Reason
	}
	return "for everybody"
}

// Package site decides how much a site of reports may show, and makes the documents that everybody may read.
//
// Start with [Decide]. [Public] makes the public form of documents. Requests, the clock, HTML and files do not belong here.
package site

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/pkg/instance"
)

// Audience is who a site is made for.
type Audience string

// The audiences. Confidential issues are withheld from both.
const (
	Everybody Audience = "public"  // references, states, severities and times of issues, and the initials of people
	Tracker   Audience = "tracker" // what the readers of each tracker can read
)

// Decide returns the audience of the site of a project whose issues are from trackers, and why it is not Tracker. The zero project is one
// that is unknown.
//
// The site is for readers of the trackers only if no one else can read it, now and after people join the project of the site. So the
// readers of a tracker are all that matter: they are everybody, or the site is in the same project and has no more readers there. Members
// of two projects are never compared: GitLab hides some of them, and external users are members of internal projects
// that other external users cannot read.
func Decide(pages instance.Project, trackers ...instance.Project) (audience Audience, why string) {
	if len(trackers) == 0 {
		return Everybody, "no tracker is known"
	}
	for _, t := range trackers {
		if !covers(t, pages) {
			return Everybody, reason(pages, t)
		}
	}
	return Tracker, ""
}

// covers reports whether everybody who can read the site can read the issues of the tracker.
func covers(t, pages instance.Project) bool {
	switch {
	case !t.IssuesEnabled || t.Readers == instance.UnknownReaders:
		return false
	case t.Readers == instance.Everybody:
		return true
	}
	return pages.ID != 0 && pages.ID == t.ID && pages.SiteReaders != instance.UnknownReaders && pages.SiteReaders <= t.Readers
}

func reason(pages, t instance.Project) string {
	switch {
	case t.Path == "":
		return "it is unknown who can read a tracker"
	case !t.IssuesEnabled || t.Readers == instance.UnknownReaders:
		return "it is unknown who can read " + t.Path
	case pages.ID == 0:
		return "it is unknown who can read the site"
	case pages.SiteReaders == instance.UnknownReaders:
		return "it is unknown who can read the site of " + pages.Path
	}
	return fmt.Sprintf("people who cannot read %s may be able to read the site of %s", t.Path, pages.Path)
}

package site_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/site"
)

func project(id int64, issues, pages instance.Readers) instance.Project {
	return instance.Project{ID: id, Path: map[int64]string{1: "acme/production", 2: "acme/infrastructure", 3: "acme/site"}[id], IssuesEnabled: true,
		Readers: issues, SiteReaders: pages}
}

// All combinations: the site is for readers of the trackers only if nobody else can read it.
func TestDecideFailsClosed(t *testing.T) {
	t.Parallel()
	levels := []instance.Readers{instance.UnknownReaders, instance.Members, instance.SignedIn, instance.Everybody}
	for _, pages := range levels {
		for _, issues := range levels {
			for _, same := range []bool{true, false} {
				of, tracker := project(3, instance.Members, pages), project(1, issues, instance.Members)
				if same {
					of = tracker
					of.SiteReaders = pages
				}
				want := site.Everybody
				if issues == instance.Everybody || same && pages != instance.UnknownReaders && issues != instance.UnknownReaders && pages <= issues {
					want = site.Tracker
				}
				got, why := site.Decide(of, tracker)
				if got != want || (why == "") != (got == site.Tracker) {
					t.Errorf("site for %v, issues for %v, same project %t: %s (%s), want %s", pages, issues, same, got, why, want)
				}
			}
		}
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	open, closed := project(1, instance.Everybody, instance.Everybody), project(2, instance.Members, instance.Members)
	off := project(1, instance.Everybody, instance.Everybody)
	off.IssuesEnabled = false
	for _, c := range []struct {
		name     string
		pages    instance.Project
		trackers []instance.Project
		want     site.Audience
		why      string
	}{
		{"both trackers are open", instance.Project{}, []instance.Project{open, open}, site.Tracker, ""},
		{"the site is in the closed one", closed, []instance.Project{open, closed}, site.Tracker, ""},
		{"the site is in the open one", open, []instance.Project{open, closed}, site.Everybody, "people who cannot read acme/infrastructure may be able to read the site of acme/production"},
		{"a third project for members", project(3, instance.Members, instance.Members), []instance.Project{closed}, site.Everybody, "people who cannot read acme/infrastructure"},
		{"an unknown project", instance.Project{}, []instance.Project{closed}, site.Everybody, "unknown who can read the site"},
		{"no Pages", project(2, instance.Members, instance.UnknownReaders), []instance.Project{closed}, site.Everybody, "unknown who can read the site of acme/infrastructure"},
		{"an unreadable tracker", closed, []instance.Project{{}}, site.Everybody, "unknown who can read a tracker"},
		{"issues are off", open, []instance.Project{off}, site.Everybody, "unknown who can read acme/production"},
		{"no tracker", open, nil, site.Everybody, "no tracker"},
	} {
		if got, why := site.Decide(c.pages, c.trackers...); got != c.want || !strings.Contains(why, c.why) {
			t.Errorf("%s: %s (%s), want %s (%s)", c.name, got, why, c.want, c.why)
		}
	}
}

func TestInitials(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Ana Ott": "A.O.", "ana.ott": "A.O.", "mara": "M.", "Ana Maria de la Cruz": "A.M.D.", "Øystein Åse": "Ø.Å.", "李 小龙": "李.小.", "": "?.", "🦊": "?.", "@all": "A.",
		"x_y-z9": "X.Y.Z.", "<script>": "S.", "project_31_bot_5f2c9a1e": "an access token", "e\u0301lan": "E.",
	} {
		if got := site.Initials(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

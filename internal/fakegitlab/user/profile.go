package user

import (
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// profileFields are the fields of a profile that nobody has filled in, without the braces.
func profileFields(e *jsonenc.Encoder, c *rest.Call, u *store.User) {
	fields(e, c, u)
	e.Time("created_at", u.CreatedAt)
	for _, name := range []string{"bio", "location", "linkedin", "twitter", "discord", "website_url", "github", "job_title"} {
		e.Str(name, "")
	}
	e.Null("pronouns")
	e.Str("organization", "")
	e.Bool("bot", u.Bot)
	e.Null("work_information")
}

// writeProfile writes what users see of each other.
func writeProfile(e *jsonenc.Encoder, c *rest.Call, u *store.User) {
	e.Open('{')
	profileFields(e, c, u)
	e.Num("followers", 0)
	e.Num("following", 0)
	e.Bool("is_followed", false)
	e.Null("local_time")
	e.Shut('}')
}

// writeAccount writes an account: what users see of themselves, and administrators of everybody. Administrators see
// some fields more, of themselves too.
func writeAccount(e *jsonenc.Encoder, c *rest.Call, u *store.User) {
	enterprise := c.Store.Edition.Enterprise()
	e.Open('{')
	profileFields(e, c, u)
	e.Null("local_time")
	accountFields(e, c, u)
	if enterprise {
		e.Null("shared_runners_minutes_limit")
		e.Null("extra_shared_runners_minutes_limit")
		e.Strs("scim_identities", nil)
	}
	if c.User.IsAdmin() {
		e.Bool("is_admin", u.Admin)
		e.Null("note")
		e.Num("namespace_id", NamespaceID(u))
		WriteOrNull(e, c, "created_by", u.CreatedBy)
		if enterprise {
			e.Bool("using_license_seat", false)
		}
	}
	e.Shut('}')
}

func accountFields(e *jsonenc.Encoder, c *rest.Call, u *store.User) {
	e.Time("last_sign_in_at", u.CreatedAt)
	e.Time("confirmed_at", u.CreatedAt)
	e.Str("last_activity_on", c.Store.Today())
	e.Str("email", u.Email)
	e.Num("theme_id", 3)
	e.Num("color_scheme_id", 1)
	e.Num("projects_limit", 100000)
	e.Time("current_sign_in_at", u.CreatedAt)
	e.Strs("identities", nil)
	e.Bool("can_create_group", !u.Bot)
	e.Bool("can_create_project", !u.Bot)
	e.Bool("two_factor_enabled", false)
	e.Bool("external", false)
	e.Bool("private_profile", false)
	e.Str("commit_email", u.Email)
	e.Str("preferred_language", "en")
}

// NamespaceID is the id of a user's own namespace.
func NamespaceID(u *store.User) int { return 10000 + u.ID }

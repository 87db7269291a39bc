package fakegitlab

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

func awardRows() []route {
	const issues = "/projects/:id/issues/:issue_iid"
	var rows []route
	for _, base := range []string{issues + "/award_emoji", issues + "/notes/:note_id/award_emoji"} {
		rows = append(rows,
			get(base, listAwards), post(base, createAward),
			get(base+"/:award_id", getAward), del(base+"/:award_id", deleteAward),
		)
	}
	return rows
}

// emojis are the names that can be awarded. GitLab knows about 1,800 more.
const emojis = ` thumbsup thumbsdown +1 -1 100 heart tada rocket eyes smile smiley grin joy laughing wink blush thinking
	thinking_face confused cry sob fearful scream sweat tired_face sleeping warning fire boom bug construction rotating_light
	ambulance hourglass hourglass_flowing_sand clock1 calendar date pushpin paperclip lock unlock key wrench hammer gear
	white_check_mark heavy_check_mark ballot_box_with_check x no_entry no_entry_sign question exclamation bangbang
	information_source bulb book memo pencil mag mega bell no_bell email chart_with_upwards_trend chart_with_downwards_trend
	star star2 sparkles zap sunny cloud snowflake umbrella ok ok_hand wave clap raised_hands pray muscle point_up point_right
	point_left v facepalm shrug beer beers coffee cake pizza popcorn gift balloon trophy medal crown gem moneybag ship
	airplane car bike house office hospital fox cat dog panda_face tanuki penguin whale turtle snail bee octopus
	green_heart blue_heart yellow_heart purple_heart broken_heart red_circle large_blue_circle arrow_up arrow_down
	arrow_left arrow_right recycle checkered_flag triangular_flag_on_post construction_worker cop detective guardsman `

func knownEmoji(name string) bool {
	return name != "" && slices.Contains(strings.Fields(emojis), name)
}

// awarded is an issue or a note on it: where awards hang.
type awarded struct {
	issue *issue
	note  *note // nil for the issue itself
}

func (a awarded) list() *[]*award {
	if a.note != nil {
		return &a.note.awards
	}
	return &a.issue.awards
}

func awardedOfPath(c *call) (awarded, error) {
	if !c.p.has("note_id") {
		i, err := issueOfPath(c)
		return awarded{issue: i}, err
	}
	i, n, err := noteOfPath(c)
	return awarded{i, n}, err
}

func listAwards(c *call) (reply, error) {
	pg := c.paging()
	on, err := awardedOfPath(c)
	if err != nil {
		return reply{}, err
	}
	return listReply(c, pg, *on.list(), func(e *enc, a *award) { writeAward(e, c, on, a) })
}

func getAward(c *call) (reply, error) {
	on, a, err := awardOfPath(c)
	if err != nil {
		return reply{}, err
	}
	return c.json(http.StatusOK, func(e *enc) { writeAward(e, c, on, a) })
}

func awardOfPath(c *call) (awarded, *award, error) {
	id := c.p.int("award_id")
	on, err := awardedOfPath(c)
	if err != nil {
		return on, nil, err
	}
	for _, a := range *on.list() {
		if a.id == id.v {
			return on, a, nil
		}
	}
	return on, nil, errNoRecord()
}

// createAward answers 404 to all it refuses: no right, an unknown name, an emoji given already.
func createAward(c *call) (reply, error) {
	c.p.require("name")
	name := strings.Trim(c.p.str("name").v, ":")
	on, err := awardedOfPath(c)
	if err != nil {
		return reply{}, err
	}
	switch {
	case !mayComment(c.user, on.issue):
		return reply{}, errNotFound("Award Emoji")
	case !knownEmoji(name):
		return reply{}, errAward("is not a valid emoji name")
	case slices.ContainsFunc(*on.list(), func(a *award) bool { return a.user == c.user && a.name == name }):
		return reply{}, errAward("has already been taken")
	}
	a := c.s.addAward(on, name, c.user, c.s.stamp())
	return c.json(http.StatusCreated, func(e *enc) { writeAward(e, c, on, a) })
}

func errAward(text string) *failure {
	return errNotFound("Award Emoji " + printHash([]fieldError{onField("name", text)}))
}

func (s *store) addAward(on awarded, name string, by *user, at time.Time) *award {
	a := &award{id: next(&s.last.award), name: name, user: by, createdAt: at}
	*on.list() = append(*on.list(), a)
	s.touch(on.issue, at)
	return a
}

// toggleAward gives an issue an emoji or, where by has given it, takes it back.
func toggleAward(s *store, i *issue, name string, by *user, at time.Time) {
	had := len(i.awards)
	i.awards = slices.DeleteFunc(i.awards, func(a *award) bool { return a.user == by && a.name == name })
	if len(i.awards) == had {
		s.addAward(awarded{issue: i}, name, by, at)
	}
}

func deleteAward(c *call) (reply, error) {
	on, a, err := awardOfPath(c)
	if err != nil {
		return reply{}, err
	}
	if a.user != c.user && !c.user.isAdmin() {
		return reply{}, errUnauthorized()
	}
	if err := c.unmodified(a.createdAt); err != nil {
		return reply{}, err
	}
	*on.list() = slices.DeleteFunc(*on.list(), func(x *award) bool { return x == a })
	return noContent(), nil
}

func writeAward(e *enc, c *call, on awarded, a *award) {
	kind, id := "Issue", on.issue.id
	if on.note != nil {
		kind, id = "Note", on.note.id
	}
	e.open('{')
	e.num("id", a.id)
	e.str("name", a.name)
	e.key("user")
	writeUser(e, c, a.user)
	e.time("created_at", a.createdAt)
	e.time("updated_at", a.createdAt)
	e.num("awardable_id", id)
	e.str("awardable_type", kind)
	e.null("url")
	e.shut('}')
}

package edit

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// emojis are the names that can be awarded. GitLab has about 1,800 more.
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

// KnownEmoji reports whether GitLab has an emoji with that name.
func KnownEmoji(name string) bool {
	return name != "" && slices.Contains(strings.Fields(emojis), name)
}

// ToggleAward gives an issue an emoji, or takes it back if the user already gave it.
func ToggleAward(s *store.Store, i *store.Issue, name string, by *store.User, at time.Time) {
	had := len(i.Awards)
	i.Awards = slices.DeleteFunc(i.Awards, func(a *store.Award) bool { return a.User == by && a.Name == name })
	if len(i.Awards) == had {
		s.AddAward(store.Awardable{Issue: i}, name, by, at)
	}
}

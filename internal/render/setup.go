package render

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Config shows the effective configuration and where each value came from.
func (v *View) Config(doc jsonv1.Config) error {
	s := sheet{columns: []column{
		{name: "Setting", field: "name"},
		{name: "Value", field: "value", min: 20},
		{name: "From", field: "source", min: 12, drop: 1},
	}, none: "no settings"}
	for _, setting := range doc.Settings {
		s.rows = append(s.rows, []cell{text(setting.Name), text(settingValue(setting.Value)), text(setting.Source)})
	}
	b := body{sheet: s}
	if doc.File != "" {
		b.tail = []string{"File: " + doc.File}
	}
	return v.show(doc, b, nil)
}

// settingValue is a string as it is, and JSON for what is more than that.
func settingValue(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}

// Auth shows the accounts of all hosts.
func (v *View) Auth(doc jsonv1.Auth) error {
	s := sheet{columns: []column{
		{name: "Host", field: "host"},
		{name: "Status", field: "status"},
		{name: "User", field: "user"},
		{name: "Token from", field: "source", drop: 2},
		{name: "Scopes", field: "scopes", min: 8, drop: 3},
		{name: "Expires", field: "expires", drop: 1},
		{field: "what"}, {field: "mend"},
	}, none: "no host is known: prodctl auth login --host https://gitlab.example.com"}
	b := body{}
	for _, h := range doc.Hosts {
		user := h.User
		if user != "" {
			user = "@" + user
		}
		s.rows = append(s.rows, []cell{
			text(h.Host), status(h.Status), both(user, h.User), text(h.Source), text(strings.Join(h.Scopes, " ")),
			v.expiry(h.Expires), text(h.What), text(h.Mend),
		})
		if h.What != "" {
			b.tail = append(b.tail, h.Host+": "+h.What)
		}
		if h.Mend != "" {
			b.tail = append(b.tail, "  hint: "+h.Mend)
		}
	}
	b.sheet = s
	return v.show(doc, b, nil)
}

// soon is how long before its end a token's expiry is pointed out.
const soon = 14 * 24 * time.Hour

// expiry adds a word to a date that is past or near.
func (v *View) expiry(date string) cell {
	c := text(date)
	day, err := time.ParseInLocation(time.DateOnly, date, v.clock.in)
	if err != nil || v.clock.now.IsZero() {
		return c
	}
	switch left := day.Sub(v.clock.now); {
	case left <= 0:
		c.span = as(bad, date+" (expired)")
	case left < soon:
		c.span = as(warn, date+" (soon)")
	}
	return c
}

func status(s jsonv1.CheckStatus) cell {
	switch s {
	case jsonv1.CheckOK:
		return styled(good, string(s))
	case jsonv1.CheckWarn:
		return styled(warn, string(s))
	case jsonv1.CheckFail:
		return styled(bad, string(s))
	}
	return styled(faint, string(s))
}

// Doctor shows the checks of the set-up, with what to type under each that did not go well.
func (v *View) Doctor(doc jsonv1.Doctor) error {
	s := sheet{columns: []column{
		{name: "Status", field: "status"}, {name: "Check", field: "id"},
		{name: "Found", field: "what", min: 20}, {name: "To mend", field: "mend", min: 20},
	}, none: "nothing was checked"}
	for _, c := range doc.Checks {
		s.rows = append(s.rows, []cell{status(c.Status), text(c.ID), text(c.What), text(c.Mend)})
	}
	b := body{sheet: s, tail: doctorSum(doc)}
	return v.show(doc, b, func(p *page) { p.doctor(doc, b.tail) })
}

// found is where the names of checks begin on a page.
const found = 6

func (p *page) doctor(doc jsonv1.Doctor, tail []string) {
	rest := found
	stacked := !p.fits(narrow)
	for _, c := range doc.Checks {
		if !stacked {
			rest = max(rest, found+width(c.ID)+gap)
		}
	}
	for _, c := range doc.Checks {
		word := status(c.Status).span
		lead := []span{word, t(strings.Repeat(" ", found-width(word.text))), as(strong, c.ID)}
		if stacked {
			p.put(0, lead)
			p.hang(rest, nil, rest, t(c.What))
		} else {
			lead = append(lead, t(strings.Repeat(" ", rest-found-width(c.ID))))
			p.hang(0, lead, rest, t(c.What))
		}
		if c.Mend != "" {
			p.hang(rest, []span{t("hint: ")}, rest+2, t(c.Mend))
		}
	}
	p.tail(tail)
}

func doctorSum(doc jsonv1.Doctor) []string {
	n := map[jsonv1.CheckStatus]int{}
	for _, c := range doc.Checks {
		n[c.Status]++
	}
	var parts []string
	for _, s := range []struct {
		status jsonv1.CheckStatus
		word   string
	}{
		{jsonv1.CheckOK, "ok"}, {jsonv1.CheckWarn, "to look at"}, {jsonv1.CheckFail, "failed"}, {jsonv1.CheckSkip, "not checked"},
	} {
		if n[s.status] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[s.status], s.word))
		}
	}
	switch {
	case len(parts) == 0:
		return nil
	case n[jsonv1.CheckOK] == len(doc.Checks):
		return []string{"All is well."}
	}
	return []string{strings.Join(parts, ", ") + "."}
}

// Version shows which prodctl this is.
func (v *View) Version(doc jsonv1.Build) error {
	s := sheet{columns: []column{
		{name: "Release", field: "release"}, {name: "Commit", field: "commit"}, {name: "Date", field: "date"},
		{name: "Go", field: "go"}, {name: "Platform", field: "platform"},
	}, rows: [][]cell{{text(doc.Release), text(doc.Commit), text(doc.Date), text(doc.Go), text(doc.Platform)}}}
	return v.show(doc, body{sheet: s}, func(p *page) {
		p.line(0, as(strong, "prodctl "+doc.Release))
		p.facts(2, []fact{
			{"Commit", []span{t(doc.Commit)}}, {"Date", []span{t(v.instant(doc.Date))}},
			{"Go", []span{t(doc.Go)}}, {"Platform", []span{t(doc.Platform)}},
		})
	})
}

// instant is an RFC 3339 time on the reader's clock.
func (v *View) instant(s string) string {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return at.In(v.clock.in).Format("2006-01-02 15:04 MST")
}

package render

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Config shows the effective configuration and where each value came from.
func (v *View) Config(doc jsonv1.Config) error {
	s := sheet{Columns: []column{
		{Name: "Setting", Field: "name"},
		{Name: "Value", Field: "value", Min: 20},
		{Name: "From", Field: "source", Min: 12, Drop: 1},
	}, None: "no settings"}
	for _, setting := range doc.Settings {
		s.Rows = append(s.Rows, []cell{text(setting.Name), text(settingValue(setting.Value)), text(setting.Source)})
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
	s := sheet{Columns: []column{
		{Name: "Host", Field: "host"},
		{Name: "Status", Field: "status"},
		{Name: "User", Field: "user"},
		{Name: "Token from", Field: "source", Drop: 2},
		{Name: "Scopes", Field: "scopes", Min: 8, Drop: 3},
		{Name: "Expires", Field: "expires", Drop: 1},
		{Field: "message"}, {Field: "fix"},
	}, None: "no host is known: prodctl auth login --host https://gitlab.example.com"}
	b := body{}
	for _, h := range doc.Hosts {
		s.Rows = append(s.Rows, []cell{
			text(h.Host), status(h.Status), both(by(h.User), h.User), text(h.Source), text(strings.Join(h.Scopes, " ")),
			v.expiry(h.Expires), text(h.Message), text(h.Fix),
		})
		if h.Message != "" {
			b.tail = append(b.tail, h.Host+": "+h.Message)
		}
		if h.Fix != "" {
			b.tail = append(b.tail, "  hint: "+h.Fix)
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
	day, err := time.ParseInLocation(time.DateOnly, date, v.clock.In)
	if err != nil || v.clock.Now.IsZero() {
		return c
	}
	switch left := day.Sub(v.clock.Now); {
	case left <= 0:
		c.Span = as(bad, date+" (expired)")
	case left < soon:
		c.Span = as(warn, date+" (soon)")
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
	s := sheet{Columns: []column{
		{Name: "Status", Field: "status"}, {Name: "Check", Field: "id"},
		{Name: "Found", Field: "message", Min: 20}, {Name: "Fix", Field: "fix", Min: 20},
	}, None: "nothing was checked"}
	for _, c := range doc.Checks {
		s.Rows = append(s.Rows, []cell{status(c.Status), text(c.ID), text(c.Message), text(c.Fix)})
	}
	b := body{sheet: s, tail: doctorSum(doc)}
	return v.show(doc, b, func(p *page) { doctor(p, doc, b.tail) })
}

// found is where the names of checks begin on a page.
const found = 6

func doctor(p *page, doc jsonv1.Doctor, tail []string) {
	rest := found
	stacked := !p.Fits(layout.Narrow)
	for _, c := range doc.Checks {
		if !stacked {
			rest = max(rest, found+layout.Width(c.ID)+layout.Gap)
		}
	}
	for _, c := range doc.Checks {
		word := status(c.Status).Span
		lead := []span{word, t(strings.Repeat(" ", found-layout.Width(word.Text))), as(strong, c.ID)}
		if stacked {
			p.Put(0, lead)
			p.Hang(rest, nil, rest, t(c.Message))
		} else {
			lead = append(lead, t(strings.Repeat(" ", rest-found-layout.Width(c.ID))))
			p.Hang(0, lead, rest, t(c.Message))
		}
		if c.Fix != "" {
			p.Hang(rest, []span{t("hint: ")}, rest+2, t(c.Fix))
		}
	}
	p.Tail(tail)
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
	s := sheet{Columns: []column{
		{Name: "Release", Field: "release"}, {Name: "Commit", Field: "commit"}, {Name: "Date", Field: "date"},
		{Name: "Go", Field: "go"}, {Name: "Platform", Field: "platform"},
	}, Rows: [][]cell{{text(doc.Release), text(doc.Commit), text(doc.Date), text(doc.Go), text(doc.Platform)}}}
	return v.show(doc, body{sheet: s}, func(p *page) {
		p.Line(0, as(strong, "prodctl "+doc.Release))
		p.Facts(2, []layout.Fact{
			fact("Commit", t(doc.Commit)), fact("Date", t(v.instant(doc.Date))),
			fact("Go", t(doc.Go)), fact("Platform", t(doc.Platform)),
		})
	})
}

// instant is an RFC 3339 time on the reader's clock.
func (v *View) instant(s string) string {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return at.In(v.clock.In).Format("2006-01-02 15:04 MST")
}

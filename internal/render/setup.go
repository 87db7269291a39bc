package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Config shows the effective configuration, and the source of each value.
func (v *View) Config(doc jsonv1.Config) error { return show(v, doc, v.configForm) }

func (v *View) configForm(doc jsonv1.Config) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Setting", Field: "name"},
		{Name: "Value", Field: "value", Min: 20},
		{Name: "From", Field: "source", Min: 12, Drop: 1},
	}, None: "No settings"}
	for _, setting := range doc.Settings {
		s.Rows = append(s.Rows, []cell{text(setting.Name), text(settingValue(setting.Value)), text(setting.Source)})
	}
	b := body{Sheet: s}
	switch {
	case doc.File != "" && doc.Trust != "":
		b.Tail = []string{"File: " + doc.File + " (" + doc.Trust + ")"}
	case doc.File != "":
		b.Tail = []string{"File: " + doc.File}
	}
	return b, nil
}

// settingValue returns a string unchanged, and other values as JSON.
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
func (v *View) Auth(doc jsonv1.Auth) error { return show(v, doc, v.authForm) }

func (v *View) authForm(doc jsonv1.Auth) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Host", Field: "host"},
		{Name: "Status", Field: "status"},
		{Name: "User", Field: "user"},
		{Name: "Token from", Field: "source", Drop: 2},
		{Name: "Scopes", Field: "scopes", Min: 8, Drop: 3},
		{Name: "Expires", Field: "expires", Drop: 1},
		{Field: "message"}, {Field: "fix"},
	}, None: "No hosts found"}
	b := body{}
	for _, h := range doc.Hosts {
		s.Rows = append(s.Rows, []cell{
			text(h.Host), status(h.Status), both(by(h.User), h.User), text(h.Source), text(strings.Join(h.Scopes, " ")),
			v.expiry(h.Expires), text(h.Message), text(h.Fix),
		})
		if h.Message != "" {
			b.Tail = append(b.Tail, h.Host+": "+h.Message)
		}
		if h.Fix != "" {
			b.Tail = append(b.Tail, "  hint: "+h.Fix)
		}
	}
	b.Sheet = s
	return b, nil
}

// soon is how long before the expiry of a token a note appears.
const soon = 14 * 24 * time.Hour

// expiry adds a note to a date that is past or near.
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

// Doctor shows the checks of the set-up, and the fix under each one that did not pass.
func (v *View) Doctor(doc jsonv1.Doctor) error { return show(v, doc, v.doctorForm) }

func (v *View) doctorForm(doc jsonv1.Doctor) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Status", Field: "status"}, {Name: "Check", Field: "id"},
		{Name: "Found", Field: "message", Min: 20}, {Name: "Fix", Field: "fix", Min: 20},
	}, None: "No checks"}
	for _, c := range doc.Checks {
		s.Rows = append(s.Rows, []cell{status(c.Status), text(c.ID), text(c.Message), text(c.Fix)})
	}
	b := body{Sheet: s, Tail: doctorSummary(doc)}
	return b, func(p *page) { doctor(p, doc, b.Tail) }
}

// Permissions shows what a fine-grained token needs for each command, and what to pick in GitLab.
func (v *View) Permissions(doc jsonv1.Permissions) error { return show(v, doc, v.permissionsForm) }

func (v *View) permissionsForm(doc jsonv1.Permissions) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Command", Field: "command"}, {Name: "Required", Field: "required", Min: 20}, {Name: "Also used", Field: "optional", Drop: 1},
	}, None: "No commands"}
	for _, c := range doc.Commands {
		required := picks(c.Required)
		switch {
		case !c.FineGrained:
			required = "not with a fine-grained token"
		case required == "":
			required = "none"
		}
		s.Rows = append(s.Rows, []cell{text(strings.TrimSpace(c.Command + " " + c.Flags)), text(required), text(picks(c.Optional))})
	}
	b := body{Sheet: s, Notes: doc.Notes}
	if doc.Pick != "" {
		b.Notes = append([]string{doc.Pick}, doc.Notes...)
	}
	return b, nil
}

// picks are names of permissions, with the boundary where it is not a project.
func picks(list []jsonv1.Permission) string {
	var words []string
	for _, p := range list {
		word := p.Name
		if p.Boundary != "project" {
			word += " (" + p.Boundary + ")"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// idColumn is the column of the names of checks on a page.
const idColumn = 6

func doctor(p *page, doc jsonv1.Doctor, tail []string) {
	rest := idColumn
	stacked := !p.Fits(layout.Narrow)
	for _, c := range doc.Checks {
		if !stacked {
			rest = max(rest, idColumn+layout.Width(c.ID)+layout.Gap)
		}
	}
	for i, c := range doc.Checks {
		word := status(c.Status).Span
		lead := []span{word, t(strings.Repeat(" ", idColumn-layout.Width(word.Text))), as(strong, c.ID)}
		if stacked {
			p.Put(0, lead)
			p.Hang(rest, nil, rest, t(c.Message))
		} else {
			lead = append(lead, t(strings.Repeat(" ", rest-idColumn-layout.Width(c.ID))))
			p.Hang(0, lead, rest, t(c.Message))
		}
		same := i+1 < len(doc.Checks) && doc.Checks[i+1].ID == c.ID && doc.Checks[i+1].Fix == c.Fix
		if c.Fix != "" && !same { // once below all errors of a file
			p.Hint(rest, "hint: ", rest+2, c.Fix)
		}
	}
	p.Tail(tail)
}

func doctorSummary(doc jsonv1.Doctor) []string {
	n := map[jsonv1.CheckStatus]int{}
	for _, c := range doc.Checks {
		n[c.Status]++
	}
	var parts []string
	for _, s := range []struct {
		status jsonv1.CheckStatus
		word   string
	}{
		{jsonv1.CheckOK, "ok"}, {jsonv1.CheckWarn, "warning"}, {jsonv1.CheckFail, "failed"}, {jsonv1.CheckSkip, "skipped"},
	} {
		if n[s.status] > 0 {
			part := fmt.Sprintf("%d %s", n[s.status], s.word)
			if s.status == jsonv1.CheckWarn && n[s.status] > 1 {
				part += "s"
			}
			parts = append(parts, part)
		}
	}
	switch {
	case len(parts) == 0:
		return nil
	case n[jsonv1.CheckOK] == len(doc.Checks):
		return []string{"All checks passed"}
	}
	return []string{strings.Join(parts, ", ")}
}

// Version shows the version of prodctl.
func (v *View) Version(doc jsonv1.Build) error { return show(v, doc, v.versionForm) }

func (v *View) versionForm(doc jsonv1.Build) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Release", Field: "release"}, {Name: "Commit", Field: "commit"}, {Name: "Date", Field: "date"},
		{Name: "Go", Field: "go"}, {Name: "Platform", Field: "platform"},
	}, Rows: [][]cell{{text(doc.Release), text(doc.Commit), text(doc.Date), text(doc.Go), text(doc.Platform)}}}
	return body{Sheet: s}, func(p *page) {
		p.Line(0, as(strong, "prodctl "+doc.Release))
		p.Facts(2, []layout.Fact{
			fact("Commit", t(doc.Commit)), fact("Date", t(v.instant(doc.Date))),
			fact("Go", t(doc.Go)), fact("Platform", t(doc.Platform)),
		})
	}
}

// instant formats an RFC 3339 time in the reader's time zone.
func (v *View) instant(s string) string {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return at.In(v.clock.In).Format("2006-01-02 15:04 MST")
}

// Review is a configuration file and the files that it names, for somebody who is about to trust them.
type Review struct {
	Files   []ReviewedFile
	Unusual []string // what to look at
}

// ReviewedFile is one of these files. With a trusted content the difference is shown, otherwise all of it.
type ReviewedFile struct {
	Path    string
	Key     string // that names the file; empty: it is the configuration
	Note    string // instead of the content
	Content []byte
	Trusted []byte // what was trusted before
	Before  bool   // there is such a content
}

// Text returns the review, with what is unusual at the end, right above the question. No line of a file can pass for one of prodctl's own.
func (r Review) Text() string {
	var b strings.Builder
	for _, f := range r.Files {
		f.write(&b)
	}
	if len(r.Unusual) > 0 {
		b.WriteString("Unusual, please check:\n")
	}
	for _, mark := range r.Unusual {
		fmt.Fprintf(&b, "  ! %s\n", sanitize.Line(mark))
	}
	return b.String()
}

func (f ReviewedFile) write(b *strings.Builder) {
	b.WriteString(sanitize.Line(f.Path))
	if f.Key != "" {
		b.WriteString(" (" + f.Key + ")")
	}
	same := f.Before && bytes.Equal(f.Content, f.Trusted)
	switch {
	case f.Note != "":
		b.WriteString(": " + f.Note + "\n\n")
		return
	case same:
		b.WriteString(": unchanged\n\n")
		return
	}
	b.WriteString("\n")
	shown := linesOf(f.Content)
	for n, line := range shown {
		shown[n] = "  " + line
	}
	if f.Before {
		shown = layout.ChangedLines(linesOf(f.Trusted), linesOf(f.Content))
	}
	for _, line := range shown {
		b.WriteString("  |" + line + "\n")
	}
	b.WriteString("\n")
}

func linesOf(data []byte) []string {
	text := strings.TrimSuffix(sanitize.Text(string(data)), "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

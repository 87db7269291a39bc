package hook

import (
	"encoding/json"
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Request is what a webhook is sent.
type Request struct {
	Type    string // of the body
	Body    []byte
	Headers map[string]string
}

// Request returns the body for an event in the format of the hook.
func (h Hook) Request(doc jsonv1.Hook) (r Request, err error) {
	switch h.Format {
	case Slack:
		r, err = text(sentence(doc, slackText), doc.WebURL)
	case Mattermost:
		r, err = text(sentence(doc, mattermostText), doc.WebURL)
	case Ntfy:
		r = ntfy(doc)
	default:
		r.Type = "application/json"
		r.Body, err = jsonv1.Marshal(doc)
	}
	return r, err
}

// text is the body of chats that read {"text": ...}.
func text(line, address string) (r Request, err error) {
	if ascii(address) {
		line += "\n" + address
	}
	r.Type = "application/json"
	r.Body, err = json.Marshal(map[string]string{"text": line})
	return r, err
}

// ntfy is a plain text, with the page in a header.
func ntfy(doc jsonv1.Hook) Request {
	r := Request{Type: "text/plain; charset=utf-8", Body: []byte(sentence(doc, sanitize.Line)), Headers: map[string]string{}}
	if ascii(doc.WebURL) {
		r.Headers["Click"] = doc.WebURL
	}
	if priority := map[string]string{"S1": "urgent", "S2": "high"}[doc.Severity]; priority != "" && doc.Event == string(Opened) {
		r.Headers["Priority"] = priority
	}
	return r
}

// ascii reports whether an address has only characters that mean nothing to a chat or a header.
func ascii(address string) bool {
	return address != "" && strings.Trim(address, "#%&+,-./0123456789:=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz~") == ""
}

// mute goes after each @, so that no chat reads a mention.
const mute = "\u200b"

func muted(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "@"+mute, "@"), "@", "@"+mute)
}

// slackText keeps < > & from beginning a mention or a link, and an @ from being one in chats that only read Slack's format.
func slackText(s string) string {
	return muted(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(sanitize.Line(s)))
}

// mattermostText shows Markdown as it was written.
func mattermostText(s string) string { return muted(safetext.Cell(sanitize.Line(s))) }

// sentence is what happened, on one line. Everything that people wrote passes through safe.
func sentence(doc jsonv1.Hook, safe func(string) string) string {
	switch Event(doc.Event) {
	case Opened:
		what := "Incident opened"
		if doc.Severity != "" {
			what = "Incident opened (" + safe(doc.Severity) + ")"
		}
		return about(what, doc, safe)
	case Mitigated:
		return about("Incident mitigated", doc, safe)
	case Resolved:
		return about("Incident resolved", doc, safe)
	case Posted:
		return fmt.Sprintf("Hand-off of shift %s posted to %s", safe(doc.Shift), safe(doc.Ref))
	case Rolled:
		line := "Milestone rolled"
		if len(doc.Finished) > 0 {
			line = "Milestone finished: " + safe(strings.Join(doc.Finished, ", "))
		}
		return line
	}
	return safe(doc.Event)
}

// about names the incident, with its title and the message.
func about(what string, doc jsonv1.Hook, safe func(string) string) string {
	line := what + ": " + safe(doc.Ref)
	if doc.Title != "" {
		line += " " + safe(doc.Title)
	}
	if doc.Text != "" && !strings.HasSuffix(doc.Title, doc.Text) { // the title of an incident of alerts often is its message
		line += " (" + safe(doc.Text) + ")"
	}
	return line
}

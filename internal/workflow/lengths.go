package workflow

import (
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// CheckLengths refuses a plan with a text that GitLab would refuse, before the first of its steps: a comment of more than 1,000,000
// characters or a description of more than 1 MiB.
func CheckLengths(p plan.Plan) error {
	for _, step := range p.Steps {
		var err error
		switch s := step.(type) {
		case plan.CreateIssue:
			err = checkDescription(asSent(s.Draft.Description, s.IdempotencyKey))
		case plan.CreateNote:
			err = checkNote(asSent(s.Note.Body, s.IdempotencyKey))
		case plan.UpsertNote:
			err = checkNote(asSent(s.Note.Body, s.IdempotencyKey))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// asSent is a text as it is sent, with its key. An invalid key has its own error when it is used.
func asSent(text string, o issue.IdempotencyKey) string {
	key, err := idempotency.NewKey(o.Kind, o.Name)
	if err != nil {
		return text
	}
	return idempotency.Stamp(text, key)
}

const shorten = "Shorten the text, or attach the long part as a file and link to it"

func checkNote(text string) error {
	if n := utf8.RuneCountInString(text); n > issue.MaxNote {
		return fault.New(fault.Usage, shorten, "the comment is too long: %d characters (GitLab allows %d)", n, issue.MaxNote)
	}
	return nil
}

func checkDescription(text string) error {
	if n := len(text); n > issue.MaxDescription {
		return fault.New(fault.Usage, shorten, "the description is too long: %d bytes (GitLab allows %d)", n, issue.MaxDescription)
	}
	return nil
}

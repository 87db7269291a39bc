package jsonv1

// LogEvent is the hidden part of a comment that records an event of an incident or a change. It is part of a comment, not a document, so
// it has no head.
type LogEvent struct {
	Kind   string            `json:"kind"`             // "incident", "change"
	Verb   string            `json:"verb"`             // what was done: "mitigate", "approve"
	At     string            `json:"at"`               // when it happened, RFC 3339 in UTC
	Fields map[string]string `json:"fields,omitempty"` // values for the record, by the record's keys
}

package jsonv1

// Entry is the hidden part of a comment that tells a fact of an incident or a change. It is no document of its own and has no head.
type LogEvent struct {
	Kind   string            `json:"kind"`             // "incident", "change"
	Verb   string            `json:"verb"`             // what was done: "mitigate", "approve"
	At     string            `json:"at"`               // when it happened, RFC 3339 in UTC
	Fields map[string]string `json:"fields,omitempty"` // what it says of the record, by the record's keys
}

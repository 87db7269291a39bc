package manifest

// Requests configures who is asked when somebody requests work.
type Requests struct {
	Managers []string // user names; with several, each has a week in turn
}

func (q *Requests) fields() []field {
	return []field{key("managers", texts(username), &q.Managers)}
}

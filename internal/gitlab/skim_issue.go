package gitlab

import "gitlab.com/prodctl/prodctl/pkg/issue"

// skimIssues reads a list of issues.
func skimIssues(body []byte) ([]wireIssue, error) {
	s := &skim{b: body, seen: make(map[string]string, 64)}
	var rows []wireIssue
	s.array(func() {
		if rows == nil {
			rows = make([]wireIssue, 0, pageSize)
		}
		rows = append(rows, wireIssue{})
		s.issue(&rows[len(rows)-1])
	})
	if s.err == nil && s.peek() != 0 {
		s.fail(errSyntax)
	}
	return rows, s.err
}

func (s *skim) issue(w *wireIssue) {
	s.object(func(key []byte) {
		switch string(key) {
		case "id":
			w.ID = s.number()
		case "iid":
			w.IID = s.number()
		case "title":
			w.Title = s.text()
		case "description":
			w.Description = s.text()
		case "state":
			w.State = issue.State(s.shared())
		case "labels":
			w.Labels = s.labels()
		case "milestone":
			w.Milestone = s.milestone()
		case "assignees":
			w.Assignees = s.people()
		case "author":
			w.Author = s.author()
		case "weight":
			w.Weight = nil
			if !s.null() {
				w.Weight = new(int(s.number()))
			}
		case "confidential":
			w.Confidential = s.truth()
		case "created_at":
			w.CreatedAt = s.instant()
		case "updated_at":
			w.UpdatedAt = s.instant()
		case "closed_at":
			w.ClosedAt = s.instant()
		case "due_date":
			s.date(&w.DueDate)
		case "moved_to_id":
			w.MovedToID = s.number()
		case "web_url":
			w.WebURL = s.text()
		case "references":
			s.object(func(key []byte) {
				if string(key) == "full" {
					w.References.Full = s.text()
					return
				}
				s.skip()
			})
		default:
			s.skip()
		}
	})
}

func (s *skim) labels() []string {
	if s.null() {
		return nil
	}
	labels := []string{}
	s.array(func() { labels = append(labels, s.shared()) })
	return labels
}

func (s *skim) people() []wireAuthor {
	if s.null() {
		return nil
	}
	people := []wireAuthor{}
	s.array(func() { people = append(people, s.author()) })
	return people
}

func (s *skim) milestone() *wireIssueMilestone {
	if s.null() {
		return nil
	}
	m := new(wireIssueMilestone)
	s.object(func(key []byte) {
		switch string(key) {
		case "id":
			m.ID = s.number()
		case "title":
			m.Title = s.shared()
		default:
			s.skip()
		}
	})
	return m
}

func (s *skim) author() (w wireAuthor) {
	s.object(func(key []byte) {
		switch string(key) {
		case "id":
			w.ID = s.number()
		case "username":
			w.Username = s.shared()
		default:
			s.skip()
		}
	})
	return w
}

func (s *skim) date(d *wireDate) {
	if s.null() {
		return
	}
	if err := d.UnmarshalText([]byte(s.text())); err != nil && s.err == nil {
		s.fail(err)
	}
}

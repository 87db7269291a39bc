package store

import "time"

// FreezePeriod is a period in which a project must not be deployed. Both ends are cron expressions.
type FreezePeriod struct {
	ID         int
	Start, End string
	Zone       string
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Environment is where a project is deployed to.
type Environment struct {
	ID          int
	Name, Slug  string
	Tier        string // production, staging, testing, development, other
	ExternalURL string
	Description string
	Stopped     bool
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Deployment is one deployment to an environment.
type Deployment struct {
	ID, IID     int
	Environment *Environment
	Ref, SHA    string
	Tag         bool
	Status      string // created, running, success, failed, canceled, skipped, blocked
	By          *User
	CreatedAt   time.Time
	UpdatedAt   time.Time
	FinishedAt  time.Time // zero while it is not finished
	Job         *Job      // nil: created through the API by another system
}

// Job is the job of a pipeline that deployed. Its pipeline has no other.
type Job struct {
	ID, Pipeline int
	Stage, Name  string
	StartedAt    time.Time // zero while it waits
}

// State is available or stopped.
func (env *Environment) State() string {
	if env.Stopped {
		return "stopped"
	}
	return "available"
}

package input

import "context"

// ServiceNames are names of services that the configuration need not know.
type ServiceNames = List[ServiceName, *ServiceName]

// ServiceName is the name of a service that something is recorded of or asked about. Unlike a [Service] it is never refused: what a
// pipeline has done is recorded also when nobody has configured its service yet.
type ServiceName string

// Set takes the name.
func (s *ServiceName) Set(raw string) error { *s = ServiceName(raw); return nil }

// String is the name.
func (s *ServiceName) String() string { return string(*s) }

// Type is service.
func (s *ServiceName) Type() string { return "service" }

// Candidates are the services of the configuration.
func (s *ServiceName) Candidates(_ context.Context, from Source, _ string) ([]Candidate, error) {
	return fixed(from.Config.Incidents.Services), nil
}

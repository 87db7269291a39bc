package input

import (
	"context"

	"gitlab.com/prodctl/prodctl/internal/config"
)

// Places select projects and groups for labels: trackers by name, all (every tracker), or group (the group of the milestones).
type Places = List[Place, *Place]

// Place is one of them. The configuration maps it to projects.
type Place string

// Set takes the word.
func (p *Place) Set(raw string) error { *p = Place(raw); return nil }

// String is the word.
func (p *Place) String() string { return string(*p) }

// Type is place.
func (p *Place) Type() string { return "place" }

// Candidates are the valid words.
func (p *Place) Candidates(_ context.Context, from Source, _ string) ([]Candidate, error) {
	words := []string{config.AllPlaces}
	for _, t := range from.Config.Trackers {
		words = append(words, t.Name)
	}
	if from.Config.Milestones.Group != "" {
		words = append(words, config.GroupPlace)
	}
	return fixed(words), nil
}

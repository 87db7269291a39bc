package input

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/metric"
)

// SpeedIndex is a file with measurements of the speed index, or standard input for "-". After Resolve, Points are the measurements in
// seconds.
//
// A CSV file has a header with the columns at, and seconds or milliseconds. A JSON file is a report of Lighthouse, or a list of such
// reports or of objects with these names.
type SpeedIndex struct {
	File
	Points []metric.Point
}

// Resolve reads and parses the file.
func (s *SpeedIndex) Resolve(c Context) error {
	if err := s.File.Resolve(c); err != nil || s.Name == "" {
		return err
	}
	parse := parseSpeedCSV
	if text := bytes.TrimSpace(s.Data); bytes.HasPrefix(text, []byte("{")) || bytes.HasPrefix(text, []byte("[")) {
		parse = parseSpeedJSON
	}
	points, err := parse(s.Data)
	if err != nil {
		return invalid(fmt.Errorf("%s: %w", s.Source(), err))
	}
	s.Points, s.Data = points, nil
	return nil
}

const millisecond = "milliseconds"

func parseSpeedCSV(data []byte) ([]metric.Point, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.TrimLeadingSpace = true
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty (use a header with at, and seconds or milliseconds)")
	}
	if err != nil {
		return nil, err
	}
	at, value, unit := slices.Index(head, "at"), slices.Index(head, "seconds"), "seconds"
	if value < 0 {
		value, unit = slices.Index(head, millisecond), millisecond
	}
	if at < 0 || value < 0 {
		return nil, fmt.Errorf("the header is %s (use at, and seconds or milliseconds)", strconv.Quote(strings.Join(head, ",")))
	}
	var points []metric.Point
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return points, nil
		}
		if err != nil {
			return nil, err
		}
		p, err := speedPoint(row[at], row[value], unit)
		if err != nil {
			line, _ := r.FieldPos(at)
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		points = append(points, p)
	}
}

// measurement is an item of a JSON file. Lighthouse measures in milliseconds.
type measurement struct {
	At           string      `json:"at"`
	Seconds      json.Number `json:"seconds"`
	Milliseconds json.Number `json:"milliseconds"`

	FetchTime string `json:"fetchTime"`
	Audits    struct {
		SpeedIndex struct {
			Value json.Number `json:"numericValue"`
		} `json:"speed-index"`
	} `json:"audits"`
}

func parseSpeedJSON(data []byte) ([]metric.Point, error) {
	var list []measurement
	err := json.Unmarshal(data, &list)
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		list = make([]measurement, 1)
		err = json.Unmarshal(data, &list[0])
	}
	if err != nil {
		return nil, fmt.Errorf("invalid JSON: %w", err)
	}
	var points []metric.Point
	for n, m := range list {
		at, value, unit := m.At, m.Seconds, "seconds"
		switch {
		case m.Audits.SpeedIndex.Value != "":
			at, value, unit = m.FetchTime, m.Audits.SpeedIndex.Value, millisecond
		case value == "":
			value, unit = m.Milliseconds, millisecond
		}
		p, err := speedPoint(at, value.String(), unit)
		if err != nil {
			return nil, fmt.Errorf("measurement %d: %w", n+1, err)
		}
		points = append(points, p)
	}
	return points, nil
}

func speedPoint(at, value, unit string) (metric.Point, error) {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		if t, err = time.Parse(time.DateOnly, at); err != nil {
			return metric.Point{}, fmt.Errorf("invalid time %q (use 2018-08-24T16:00:00Z or 2018-08-24)", at)
		}
	}
	v, ok := metric.ParseValue(value)
	if !ok || v.Sign() < 0 {
		return metric.Point{}, fmt.Errorf("invalid number of %s %q", unit, value)
	}
	if unit == millisecond {
		v = new(big.Rat).Quo(v, big.NewRat(1000, 1))
	}
	return metric.Point{At: t.UTC(), Value: v}, nil
}

// Monitor is a monitoring system: prometheus=URL.
type Monitor struct{ Address string }

const prometheus = "prometheus"

// Set takes the kind and the address. Whether the address is valid is checked where the system is asked.
func (m *Monitor) Set(raw string) error {
	kind, address, found := strings.Cut(strings.TrimSpace(raw), "=")
	switch {
	case !found || strings.TrimSpace(address) == "":
		return invalid(fmt.Errorf("invalid monitoring system (use %s=https://prometheus.example.com)", prometheus))
	case !strings.EqualFold(kind, prometheus):
		return invalid(fmt.Errorf("unknown monitoring system %q (use %s=URL)", kind, prometheus))
	}
	m.Address = address
	return nil
}

// String is the input, for help and plans.
func (m *Monitor) String() string {
	if m.Address == "" {
		return ""
	}
	return prometheus + "=" + m.Address
}

// Type is prometheus=url.
func (m *Monitor) Type() string { return "prometheus=url" }

// Condition says which values of a metric are bad, such as "> 0".
type Condition struct{ metric.Condition }

// Set takes a comparison with a number.
func (c *Condition) Set(raw string) (err error) {
	if c.Condition, err = metric.ParseCondition(raw); err != nil {
		return invalid(err)
	}
	return nil
}

// Type is condition.
func (c *Condition) Type() string { return "condition" }

// Step is the time between two samples: whole seconds, from 1s to 24h.
type Step struct{ time.Duration }

// Set takes a duration such as 1m.
func (s *Step) Set(raw string) error {
	d, err := time.ParseDuration(strings.TrimSpace(raw))
	if err != nil || d < time.Second || d > 24*time.Hour || d%time.Second != 0 {
		return invalid(fmt.Errorf("invalid step %q (use whole seconds from 1s to 24h, such as 1m)", raw))
	}
	s.Duration = d
	return nil
}

// String is the duration without zero parts: 1m, not 1m0s.
func (s *Step) String() string {
	text := s.Duration.String()
	for _, rest := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, rest) {
			text = text[:len(text)-2]
		}
	}
	return text
}

// Type is duration.
func (s *Step) Type() string { return "duration" }

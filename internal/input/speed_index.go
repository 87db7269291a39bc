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

package prometheus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/metric"
)

// answer is the body of an answer of the HTTP API.
type answer struct {
	Status    string   `json:"status"`
	ErrorType string   `json:"errorType"`
	Error     string   `json:"error"`
	Warnings  []string `json:"warnings"`
	Infos     []string `json:"infos"`
	Data      struct {
		ResultType string `json:"resultType"`
		Result     []struct {
			Metric     map[string]string    `json:"metric"`
			Values     [][2]json.RawMessage `json:"values"`
			Histograms []json.RawMessage    `json:"histograms"`
		} `json:"result"`
	} `json:"data"`
}

var errTooLarge = errors.New("the answer has more than 16 MiB")

// readAll reads an answer to its end, after decompression.
func readAll(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		return nil, errTooLarge
	}
	return body, err
}

// decode is the answer to a query over a grid.
func decode(body []byte, g metric.Grid) (metric.Answer, error) {
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return metric.Answer{}, errors.New("invalid JSON")
	}
	if a.Status != "success" || a.Data.ResultType != "matrix" {
		return metric.Answer{}, fmt.Errorf("status %q with a result of type %q", transport.OneLine(a.Status, 40),
			transport.OneLine(a.Data.ResultType, 40))
	}
	var out metric.Answer
	for _, r := range a.Data.Result {
		s := metric.Series{Labels: labels(r.Metric), Other: len(r.Histograms) > 0}
		for _, v := range r.Values {
			at, value, err := sample(v)
			if err != nil {
				return metric.Answer{}, err
			}
			s.Samples = append(s.Samples, metric.Sample{At: at, Value: value})
		}
		out.Series = append(out.Series, s)
	}
	for _, w := range a.Warnings {
		w = transport.OneLine(w, messageLimit)
		if strings.HasPrefix(w, "PromQL info:") { // Prometheus 2.48 to 2.55 has them among the warnings
			out.Notes = append(out.Notes, w)
			continue
		}
		out.Partial = append(out.Partial, metric.Span{From: g.From, To: g.To, Reason: w})
	}
	for _, note := range a.Infos {
		out.Notes = append(out.Notes, transport.OneLine(note, messageLimit))
	}
	return out, nil
}

// sample is a pair of a time in seconds and a value in quotes.
func sample(pair [2]json.RawMessage) (at time.Time, value string, err error) {
	if json.Unmarshal(pair[1], &value) != nil {
		return at, "", errors.New("a value that is not text")
	}
	at, ok := parseTime(string(bytes.TrimSpace(pair[0])))
	if !ok {
		return at, "", fmt.Errorf("invalid time %q", transport.OneLine(string(pair[0]), 40))
	}
	return at, value, nil
}

// parseTime parses Unix seconds with up to nine decimal places, exactly.
func parseTime(s string) (time.Time, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	if len(whole) == 0 || len(whole) > 12 || len(fraction) > 9 || strings.Trim(whole+fraction, "0123456789") != "" {
		return time.Time{}, false
	}
	sec, _ := strconv.ParseInt(whole, 10, 64)
	nano, _ := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
	return time.Unix(sec, nano).UTC(), true
}

// labels is a series as PromQL writes it.
func labels(m map[string]string) string {
	const name = "__name__"
	var pairs []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if key != name {
			pairs = append(pairs, key+"="+strconv.Quote(m[key]))
		}
	}
	return m[name] + "{" + strings.Join(pairs, ", ") + "}"
}

// merged appends the texts that are not there yet.
func merged(have, more []string) []string {
	for _, s := range more {
		if !slices.Contains(have, s) {
			have = append(have, s)
		}
	}
	return have
}

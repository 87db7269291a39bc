package machine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// sarifLog is a log in SARIF 2.1.0, reduced to what findings have.
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver sarifDriver `json:"driver"`
	} `json:"tool"`
	Results []sarifResult `json:"results"`
}

type sarifDriver struct {
	Name  string      `json:"name"`
	URI   string      `json:"informationUri"`
	Rules []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID            string    `json:"id"`
	Short         sarifText `json:"shortDescription"`
	HelpURI       string    `json:"helpUri"`
	Configuration struct {
		Level string `json:"level"`
	} `json:"defaultConfiguration"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Fingerprints map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact struct {
		URI string `json:"uri"`
	} `json:"artifactLocation"`
	Region *sarifRegion `json:"region,omitempty"`
}

type sarifRegion struct {
	Line   int `json:"startLine"`
	Column int `json:"startColumn,omitempty"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

// The addresses that a SARIF log names.
const (
	sarifSchema = "https://json.schemastore.org/sarif-2.1.0.json"
	homepage    = "https://gitlab.com/prodctl/prodctl"
)

// SARIF returns findings as a log in SARIF 2.1.0. An issue is a logical location, and the address of its page is the physical one.
func SARIF(doc jsonv1.Lint) string {
	run := sarifRun{Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "prodctl", URI: homepage, Rules: []sarifRule{}}
	at := map[string]int{}
	for n, r := range doc.Rules {
		at[r.ID] = n
		rule := sarifRule{ID: r.ID, Short: sarifText{r.Title}, HelpURI: homepage + "/-/blob/main/docs/lint/" + r.ID + ".md"}
		rule.Configuration.Level = sarifLevel(r.Severity)
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rule)
	}
	for _, f := range doc.Findings {
		run.Results = append(run.Results, sarifResult{RuleID: f.Rule, RuleIndex: at[f.Rule], Level: sarifLevel(f.Severity),
			Message: sarifText{f.Place + ": " + doc.TextOf(f)}, Locations: []sarifLocation{sarifPlace(f)},
			Fingerprints: map[string]string{"prodctl/v1": fingerprint(f)}})
	}
	return document(sarifLog{sarifSchema, "2.1.0", []sarifRun{run}})
}

// sarifLevel returns SARIF's word for a severity.
func sarifLevel(severity string) string {
	if severity == "info" {
		return "note"
	}
	return severity
}

func sarifPlace(f jsonv1.LintFinding) sarifLocation {
	uri := f.WebURL
	var region *sarifRegion
	if f.File != "" {
		uri, region = f.File, &sarifRegion{f.Line, f.Column}
	}
	var l sarifLocation
	if uri != "" {
		l.Physical = &sarifPhysical{Region: region}
		l.Physical.Artifact.URI = uri
	}
	if f.File == "" {
		l.Logical = []sarifLogical{{f.Place, sarifKind(f)}}
	}
	return l
}

// sarifKind is what a finding is about.
func sarifKind(f jsonv1.LintFinding) string {
	switch {
	case f.Issue != "":
		return "issue"
	case f.Milestone != "":
		return "milestone"
	case f.Label != "":
		return "label"
	case f.Board != "":
		return "board"
	}
	return "project"
}

// codeQuality is one entry of GitLab's Code Quality report.
type codeQuality struct {
	Description string `json:"description"`
	Check       string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"`
	Location    struct {
		Path  string `json:"path"`
		Lines struct {
			Begin int `json:"begin"`
		} `json:"lines"`
	} `json:"location"`
}

// CodeQuality returns the findings in files as GitLab's Code Quality report, which a merge request shows. Findings elsewhere are left out:
// the report has only files.
func CodeQuality(findings []jsonv1.LintFinding) string {
	list := []codeQuality{}
	seen := map[string]int{}
	for _, f := range findings {
		if f.File == "" {
			continue
		}
		key := fingerprint(f)
		if seen[key]++; seen[key] > 1 { // the same text in another line: GitLab shows one finding for each fingerprint
			key = fmt.Sprintf("%s-%d", key, seen[key])
		}
		entry := codeQuality{Description: f.Text, Check: f.Rule, Fingerprint: key, Severity: qualityOf(f.Severity)}
		entry.Location.Path, entry.Location.Lines.Begin = strings.TrimPrefix(f.File, "./"), max(1, f.Line)
		list = append(list, entry)
	}
	return document(list)
}

// qualityOf returns Code Quality's word for a severity.
func qualityOf(severity string) string {
	return map[string]string{"error": "major", "warning": "minor", "info": "info"}[severity]
}

// fingerprint identifies a finding from run to run. It does not depend on the line, which moves with every edit above it.
func fingerprint(f jsonv1.LintFinding) string {
	where := f.Issue
	if where == "" {
		where = strings.Join([]string{f.In, f.Milestone, f.Label, f.Board, f.File, f.Text}, "\x00")
	}
	sum := sha256.Sum256([]byte(f.Rule + "\x00" + where))
	return hex.EncodeToString(sum[:16])
}

// document returns a value as JSON. Only a value without a JSON form fails, which is a bug.
func document(v any) string {
	text, err := JSON(v)
	if err != nil {
		panic(fmt.Sprintf("machine: %v", err))
	}
	return text
}

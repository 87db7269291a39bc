package transport

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MessageLimit is how many characters of GitLab's message are kept.
const MessageLimit = 400

// webPagePrefix begins the message of an answer that is a web page.
const webPagePrefix = "a web page"

// message is the message of an answer in one readable line, whichever of GitLab's five error bodies it is:
// {"error":"..."}, {"message":{"field":["..."]}}, {"message":"..."}, a message that holds a printed Ruby hash,
// {"message":{"error":"..."}}; or the title of a web page, or the beginning of anything else.
func message(contentType string, body []byte) string {
	var doc map[string]any
	if json.Unmarshal(body, &doc) == nil {
		return OneLine(flattenError(doc), MessageLimit)
	}
	text := string(body)
	if strings.Contains(contentType, "html") || strings.HasPrefix(strings.TrimSpace(text), "<") {
		if m := regexp.MustCompile(`(?is)<title[^>]*>\s*(.*?)\s*</title>`).FindStringSubmatch(text); m != nil {
			return webPagePrefix + " titled " + fmt.Sprintf("%q", OneLine(html.UnescapeString(m[1]), 80))
		}
		return webPagePrefix
	}
	return OneLine(text, MessageLimit)
}

func flattenError(doc map[string]any) string {
	var parts []string
	for _, key := range []string{"message", "error", "error_description"} {
		if text := flatten("", doc[key]); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ": ")
}

// flatten gives "title has already been taken" for {"title":["has already been taken"]}.
func flatten(field string, v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(fieldPrefix(field) + rubyHash(v))
	case []any:
		var parts []string
		for _, item := range v {
			parts = append(parts, flatten(field, item))
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, flatten(key, v[key]))
		}
		return strings.Join(parts, "; ")
	case nil:
		return ""
	}
	return strings.TrimSpace(fieldPrefix(field) + fmt.Sprint(v))
}

// fieldPrefix is the field's name as the beginning of a sentence; with "base" and "error" GitLab means the object as a whole.
func fieldPrefix(field string) string {
	switch field {
	case "", "base", "error":
		return ""
	}
	return strings.ReplaceAll(field, "_", " ") + " "
}

// rubyHash turns a printed Ruby hash within a text into words. Ruby up to 3.3 prints {:title=>["taken"]}, later
// ones {title: ["taken"]}.
func rubyHash(s string) string {
	if !strings.Contains(s, "{") {
		return s
	}
	hash := regexp.MustCompile(`\{(:?\w+(?:=>|: ?)\[.*\])\}`) // compiled here, because refusals are rare
	m := hash.FindStringSubmatchIndex(s)
	if m == nil {
		return s
	}
	pairs := regexp.MustCompile(`:?(\w+)(?:=>|: ?)\[((?:"(?:[^"\\]|\\.)*"(?:, )?)*)\]`)
	texts := regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	var parts []string
	for _, pair := range pairs.FindAllStringSubmatch(s[m[2]:m[3]], -1) {
		for _, text := range texts.FindAllStringSubmatch(pair[2], -1) {
			parts = append(parts, fieldPrefix(pair[1])+strings.ReplaceAll(text[1], `\"`, `"`))
		}
	}
	if len(parts) == 0 {
		return s
	}
	return strings.TrimSpace(s[:m[0]]) + ": " + strings.Join(parts, ", ") + s[m[1]:]
}

// OneLine is a text from the wire on one line, without control and formatting characters, of at most n characters.
func OneLine(s string, n int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > n {
		s = string([]rune(s)[:n-1]) + "…"
	}
	return s
}

package param

import (
	"bytes"
	"io"
	"mime/multipart"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
)

// parseMultipart reads a form in parts, in order. A file is a hash of its name and type: nothing here takes files.
func parseMultipart(boundary string, body []byte) (map[string]any, error) {
	values := map[string]any{}
	if boundary == "" {
		return values, nil
	}
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for n := 0; ; n++ {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return values, nil
		}
		if err != nil || n == maxPairs || !addPart(values, part) {
			return map[string]any{}, failure.MalformedText()
		}
	}
}

func addPart(values map[string]any, part *multipart.Part) bool {
	name := part.FormName()
	if name == "" {
		return true
	}
	var v any
	if file := part.FileName(); file != "" {
		v = map[string]any{"filename": file, "type": part.Header.Get("Content-Type")}
	} else {
		text, err := io.ReadAll(part)
		if err != nil {
			return false
		}
		v = string(text)
	}
	_, ok := place(values, name, v, 0)
	return ok
}

package manifest

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Decode reads YAML (and thus JSON) into the struct that into points to, by the names in its json tags.
// It is for files without rules of their own, such as a sandbox's seed.
//
// It is as strict as [Parse]: unknown keys, duplicate keys and values of the wrong type are all reported at once, with line and
// column. Text may contain line breaks and control characters; times are RFC 3339. The name is used in messages only. The error is
// [Faults], and the content of into is then undefined.
func Decode(name string, data []byte, into any) error {
	r := &reader{file: name, places: map[string]place{}}
	if root := r.document(data); root != nil {
		value := reflect.ValueOf(into).Elem()
		valueOf(value)(r, "", real(root))
	}
	return r.faults.err()
}

// valueOf reads into a value of one of the types that such files use. It panics for any other type.
func valueOf(v reflect.Value) reading {
	if v.Type() == reflect.TypeFor[time.Time]() {
		return parsed("a time such as 2018-08-24T16:00:00Z", instant, time.Time.String).into(func(t time.Time) { v.Set(reflect.ValueOf(t)) })
	}
	switch v.Kind() {
	case reflect.Struct:
		return mappingOf(structFields(v)...)
	case reflect.Slice:
		return func(r *reader, at string, n *yaml.Node) {
			r.items(at, n, func(r *reader, at string, n *yaml.Node) {
				item := reflect.New(v.Type().Elem()).Elem()
				valueOf(item)(r, at, n)
				v.Set(reflect.Append(v, item))
			})
		}
	case reflect.Map:
		return mapOf(v)
	case reflect.Pointer:
		return func(r *reader, at string, n *yaml.Node) {
			v.Set(reflect.New(v.Type().Elem()))
			valueOf(v.Elem())(r, at, n)
		}
	case reflect.String:
		return codec[string]{read: prose}.into(v.SetString)
	case reflect.Int:
		return number(0, math.MaxInt32).into(func(n int) { v.SetInt(int64(n)) })
	case reflect.Bool:
		return boolean().into(v.SetBool)
	}
	panic("manifest: no way to read a " + v.Type().String())
}

func structFields(v reflect.Value) []field {
	var fields []field
	for f := range v.Type().Fields() {
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		fields = append(fields, field{key: key, read: valueOf(v.FieldByIndex(f.Index))})
	}
	return fields
}

// mapOf reads a mapping with arbitrary keys.
func mapOf(v reflect.Value) reading {
	return func(r *reader, at string, n *yaml.Node) {
		v.Set(reflect.MakeMap(v.Type()))
		r.entries(at, n, func(at string, key, value *yaml.Node) {
			item := reflect.New(v.Type().Elem()).Elem()
			valueOf(item)(r, at, value)
			v.SetMapIndex(reflect.ValueOf(key.Value), item)
		})
	}
}

// prose reads text of any number of lines.
func prose(r *reader, at string, n *yaml.Node) (string, bool) {
	switch n.ShortTag() {
	case "!!str", "!!timestamp": // a date without quotes
		return n.Value, true
	case "!!int", "!!float", "!!bool":
		r.fault(n, "%s must be text, not %s: write it in quotes, %q", name(at), kindOf(n), n.Value)
	default:
		r.fault(n, "%s must be text, not %s", name(at), kindOf(n))
	}
	return "", false
}

func instant(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("invalid time %s (use 2018-08-24T16:00:00Z)", quote(s))
	}
	return t, nil
}

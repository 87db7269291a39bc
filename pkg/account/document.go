package account

import (
	"reflect"
	"slices"
	"strings"
)

// fields are the names in JSON of the fields that hold user names, in all documents.
const fields = " assignees author approved_by by executor user recorded_by marked_by taken_by owner person "

// Shown returns a document for people: the user names of accounts that are not people's are replaced by what these accounts are. The
// original does not change.
func Shown[D any](doc D, places Places) D {
	show(reflect.ValueOf(&doc).Elem(), false, places)
	return doc
}

// show replaces names in a value that can be set; user means that it holds user names. It copies what the original document shares before
// it changes it.
func show(v reflect.Value, user bool, places Places) {
	switch v.Kind() {
	case reflect.String:
		if user && !IsPerson(v.String()) {
			v.SetString(places.Name(v.String()))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			shared := v.Elem()
			v.Set(reflect.New(shared.Type()))
			v.Elem().Set(shared)
			show(v.Elem(), user, places)
		}
	case reflect.Slice:
		if kind := v.Type().Elem().Kind(); !user && kind != reflect.Struct && kind != reflect.Pointer || v.IsNil() {
			return
		}
		shared := v.Slice(0, v.Len())
		v.Set(reflect.MakeSlice(v.Type(), shared.Len(), shared.Len()))
		reflect.Copy(v, shared)
		for n := range v.Len() {
			show(v.Index(n), user, places)
		}
	case reflect.Struct:
		for n := range v.NumField() {
			key, _, _ := strings.Cut(v.Type().Field(n).Tag.Get("json"), ",")
			if v.Field(n).CanSet() {
				show(v.Field(n), slices.Contains(strings.Fields(fields), key), places)
			}
		}
	}
}

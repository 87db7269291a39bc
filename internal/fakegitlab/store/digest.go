package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"reflect"
	"slices"
	"strings"
)

// Digest is a fingerprint of the whole state, with ids, time stamps, counters and the order of lists. Two instances
// with the same options and the same digest give the same answers from then on.
//
// It uses reflection, so that it includes fields that are added later.
func (s *Store) Digest() [sha256.Size]byte {
	d := digest{visited: map[uintptr]int{}}
	d.add(reflect.ValueOf(s))
	return sha256.Sum256(d.text)
}

// digest writes values one after the other. Pointers are identities: an object that was visited before is written as
// its number.
type digest struct {
	text    []byte
	visited map[uintptr]int
}

func (d *digest) number(n int) { d.text = binary.AppendVarint(d.text, int64(n)) }

func (d *digest) add(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		d.number(v.Len())
		d.text = append(d.text, v.String()...)
	case reflect.Bool:
		d.number(map[bool]int{true: 1}[v.Bool()])
	case reflect.Int, reflect.Int64:
		d.number(int(v.Int()))
	case reflect.Uint64:
		d.number(int(v.Uint()))
	case reflect.Pointer:
		d.object(v)
	case reflect.Struct:
		for n := range v.NumField() {
			d.add(v.Field(n))
		}
	case reflect.Slice:
		d.list(v)
	case reflect.Map:
		d.entries(v)
	case reflect.Func: // the clock, which is an option
	default:
		panic("fakegitlab: the state holds a " + v.Type().String() + ", which has no digest")
	}
}

func (d *digest) object(v reflect.Value) {
	if v.IsNil() {
		d.number(-1)
		return
	}
	n, known := d.visited[v.Pointer()]
	if !known {
		n = len(d.visited)
		d.visited[v.Pointer()] = n
	}
	d.number(n)
	if !known {
		d.add(v.Elem())
	}
}

func (d *digest) list(v reflect.Value) {
	if v.IsNil() {
		d.number(-1)
		return
	}
	d.number(v.Len())
	for n := range v.Len() {
		d.add(v.Index(n))
	}
}

// entries writes a map in the order of its keys, which are strings, ids, or objects with an id.
func (d *digest) entries(v reflect.Value) {
	keys := v.MapKeys()
	id := func(key reflect.Value) (int64, string) {
		switch key.Kind() {
		case reflect.String:
			return 0, key.String()
		case reflect.Pointer:
			key = key.Elem().FieldByName("ID")
		}
		return key.Int(), ""
	}
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		n, word := id(a)
		m, other := id(b)
		return cmp.Or(cmp.Compare(n, m), strings.Compare(word, other))
	})
	d.number(len(keys))
	for _, key := range keys {
		d.add(key)
		d.add(v.MapIndex(key))
	}
}

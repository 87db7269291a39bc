package param

// Opt is a parameter that may be left out. An empty or null value is set and null, with the zero Value.
type Opt[T any] struct {
	Value T
	Set   bool
	Null  bool
}

// Assign sets a field that has no null and reports whether it changed.
func Assign[T comparable](field *T, o Opt[T]) bool {
	if !o.Set || *field == o.Value {
		return false
	}
	*field = o.Value
	return true
}

// Pointer is nil for null and for what was not sent.
func (o Opt[T]) Pointer() *T {
	if !o.OK() {
		return nil
	}
	return &o.Value
}

// SameOptional reports whether a parameter and a field that may be missing have one value.
func SameOptional[T comparable](o Opt[T], p *T) bool {
	if o.Null || p == nil {
		return o.Null && p == nil
	}
	return o.Value == *p
}

// Or gives the value, or def when there is none.
func (o Opt[T]) Or(def T) T {
	if !o.Set || o.Null {
		return def
	}
	return o.Value
}

// OK reports whether there is a value that is not null.
func (o Opt[T]) OK() bool { return o.Set && !o.Null }

// Some is a value that was given.
func Some[T any](v T) Opt[T] { return Opt[T]{Value: v, Set: true} }

// Null is a value that was given as null.
func Null[T any]() Opt[T] { return Opt[T]{Set: true, Null: true} }

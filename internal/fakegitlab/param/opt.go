package param

// Opt is an optional parameter. An empty or null value has Set and Null true and the zero Value.
type Opt[T any] struct {
	Value T
	Set   bool
	Null  bool
}

// Assign sets a field that cannot be null and reports whether it changed.
func Assign[T comparable](field *T, o Opt[T]) bool {
	if !o.Set || *field == o.Value {
		return false
	}
	*field = o.Value
	return true
}

// Pointer is nil for null and for a missing parameter.
func (o Opt[T]) Pointer() *T {
	if !o.OK() {
		return nil
	}
	return &o.Value
}

// SameOptional reports whether a parameter and an optional field have the same value.
func SameOptional[T comparable](o Opt[T], p *T) bool {
	if o.Null || p == nil {
		return o.Null && p == nil
	}
	return o.Value == *p
}

// Or returns the value, or def if there is none.
func (o Opt[T]) Or(def T) T {
	if !o.Set || o.Null {
		return def
	}
	return o.Value
}

// OK reports whether there is a value other than null.
func (o Opt[T]) OK() bool { return o.Set && !o.Null }

// Some returns a parameter with a value.
func Some[T any](v T) Opt[T] { return Opt[T]{Value: v, Set: true} }

// Null returns a parameter that was sent as null.
func Null[T any]() Opt[T] { return Opt[T]{Set: true, Null: true} }

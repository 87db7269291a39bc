//go:build race

package gitlab

// raced says that the race detector is on: memory and time mean nothing then.
const raced = true

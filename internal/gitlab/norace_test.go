//go:build !race

package gitlab

const raced = false

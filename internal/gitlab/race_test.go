//go:build race

package gitlab

// raceDetector reports that the race detector is on: measurements of memory and time mean nothing then.
const raceDetector = true

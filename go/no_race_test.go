//go:build !race

package callbot

const underRaceDetector = false

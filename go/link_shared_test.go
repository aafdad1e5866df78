//go:build callbot_shared

package callbot

const linkedShared = true

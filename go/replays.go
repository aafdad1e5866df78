package callbot

import (
	"context"
	"time"
)

// Replays is a store of received messages. It prevents that a message is processed a second time.
// A message is claimed while it is processed, and done afterwards: a delivery is once a completed
// claim. [MemoryReplays] is for a single server. Several servers for one URL need a common store;
// the module redisreplays beside this package has one for Redis.
//
// A claim has a key, which tells the message, and a token, which tells its owner. No other claim
// ever has the same token, so a call with the same key and token can be made again after its answer
// was lost. A claim ends when its lease runs out, so that a message is processed again after a
// crash. An owner that comes after that changes nothing: Done and Release report that the claim is
// not held.
//
// The store must be safe for use by several goroutines, and each call atomic. No context is
// cancelled with the request's; each has the time limit of [HandlerOptions].
type Replays interface {
	// Begin claims a key for the owner of a token. Of several concurrent calls with one key, only
	// one gets ClaimBegun. Begin again with the same token returns ClaimBegun too, as long as the
	// claim is held, and does not extend the lease.
	Begin(ctx context.Context, key, token string, lease time.Duration) (Claim, error)
	// Done completes a claim: from then on, and for the time keep, Begin returns ClaimDone for the
	// key. It reports whether the claim was held; Done again with the same token reports the same.
	Done(ctx context.Context, key, token string, keep time.Duration) (held bool, err error)
	// Release ends a claim that is not done, so that the key can be claimed at once. It reports
	// whether the claim was held.
	Release(ctx context.Context, key, token string) (held bool, err error)
}

// Claim is the answer of [Replays.Begin].
type Claim struct {
	State ClaimState
	// Left is how long the lease of the owner still runs, with ClaimInProcess.
	Left time.Duration
}

// ClaimState is the state of a key. The zero value is none of the constants.
type ClaimState int

const (
	// ClaimBegun: the key is now claimed by the caller.
	ClaimBegun ClaimState = iota + 1
	// ClaimInProcess: another owner has claimed the key.
	ClaimInProcess
	// ClaimDone: a claim of the key was completed.
	ClaimDone
)

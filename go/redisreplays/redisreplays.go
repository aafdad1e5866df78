// Package redisreplays is a [callbot.Replays] in Redis, for several servers that receive callbacks
// for one URL:
//
//	client := redis.NewClient(&redis.Options{Addr: "localhost:6379"})
//	options := &callbot.HandlerOptions{Replays: redisreplays.New(client, "callbot:")}
//
// What it says about a claim holds as long as Redis keeps what it has acknowledged. A server that
// loses its newest writes, in a crash or in a failover to a replica, loses claims: a callback may
// be processed again then. Set appendfsync to always where that matters. Redis must not evict keys:
// set maxmemory-policy to noeviction.
//
// It needs Redis 2.6 or later. All time limits run by the clock of Redis, so the servers' clocks
// may differ.
package redisreplays

import (
	"context"
	"fmt"
	"time"

	"callbot"
	"github.com/redis/go-redis/v9"
)

// Store is a [callbot.Replays] in Redis. Each claim is one key, whose value is "claim TOKEN", or
// "done TOKEN" afterwards, and which expires by itself.
type Store struct {
	client redis.Scripter
	prefix string
}

var _ callbot.Replays = (*Store)(nil)

// New returns a store. The client may be one for a single server, a cluster or sentinels. The
// client may send a command again after an error, as go-redis does unless MaxRetries is -1: every
// call here can be repeated. Its ContextTimeoutEnabled should be set, so that the time limit of
// [callbot.HandlerOptions] holds. prefix is put before each key.
//
// A claim takes about 200 bytes of Redis' memory.
func New(client redis.Scripter, prefix string) *Store {
	return &Store{client: client, prefix: prefix}
}

// A script is atomic. SET with NX and GET would do for begin, but not for the others, and needs
// Redis 7.
var (
	begin = redis.NewScript(`
local value = redis.call('GET', KEYS[1])
if not value then
	redis.call('SET', KEYS[1], 'claim ' .. ARGV[1], 'PX', ARGV[2])
	return {'begun', 0}
end
if value == 'claim ' .. ARGV[1] then
	return {'begun', 0}
end
if string.sub(value, 1, 5) == 'done ' then
	return {'done', 0}
end
return {'in process', redis.call('PTTL', KEYS[1])}`)
	done = redis.NewScript(`
local value = redis.call('GET', KEYS[1])
if value ~= 'claim ' .. ARGV[1] and value ~= 'done ' .. ARGV[1] then
	return 0
end
redis.call('SET', KEYS[1], 'done ' .. ARGV[1], 'PX', ARGV[2])
return 1`)
	release = redis.NewScript(`
if redis.call('GET', KEYS[1]) ~= 'claim ' .. ARGV[1] then
	return 0
end
return redis.call('DEL', KEYS[1])`)
)

// Begin implements [callbot.Replays].
func (s *Store) Begin(ctx context.Context, key, token string, lease time.Duration) (callbot.Claim, error) {
	answer, err := begin.Run(ctx, s.client, []string{s.prefix + key}, token, milliseconds(lease)).Slice()
	if err != nil {
		return callbot.Claim{}, fmt.Errorf("redisreplays: begin: %w", err)
	}
	if len(answer) == 2 {
		left, _ := answer[1].(int64)
		switch answer[0] {
		case "begun":
			return callbot.Claim{State: callbot.ClaimBegun}, nil
		case "done":
			return callbot.Claim{State: callbot.ClaimDone}, nil
		case "in process":
			return callbot.Claim{State: callbot.ClaimInProcess, Left: time.Duration(left) * time.Millisecond}, nil
		}
	}
	return callbot.Claim{}, fmt.Errorf("redisreplays: begin: the answer of Redis has an unexpected form")
}

// Done implements [callbot.Replays].
func (s *Store) Done(ctx context.Context, key, token string, keep time.Duration) (held bool, err error) {
	held, err = done.Run(ctx, s.client, []string{s.prefix + key}, token, milliseconds(keep)).Bool()
	if err != nil {
		return false, fmt.Errorf("redisreplays: done: %w", err)
	}
	return held, nil
}

// Release implements [callbot.Replays].
func (s *Store) Release(ctx context.Context, key, token string) (held bool, err error) {
	held, err = release.Run(ctx, s.client, []string{s.prefix + key}, token).Bool()
	if err != nil {
		return false, fmt.Errorf("redisreplays: release: %w", err)
	}
	return held, nil
}

// milliseconds rounds up, since Redis accepts no time of 0.
func milliseconds(d time.Duration) int64 {
	return max(int64((d+time.Millisecond-1)/time.Millisecond), 1)
}

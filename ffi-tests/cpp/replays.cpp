// The store against replays.
#include "check.hpp"

using namespace std::chrono_literals;

int main() {
    const std::chrono::seconds now = sample::time;
    callbot::Replays replays(1);
    const callbot::Claim first = replays.begin("a", 60s, now);
    CHECK(first.state == callbot::ClaimState::begun && first.token != 0);
    const callbot::Claim other = replays.begin("a", 60s, now + 59s);
    CHECK(other.state == callbot::ClaimState::in_process && other.left == 1s);
    CHECK_THROWS((void)replays.begin("b", 60s, now), CALLBOT_REPLAYS_FULL, "replays_full");
    replays.release("a", first.token, now);
    CHECK_THROWS(replays.release("a", first.token, now), CALLBOT_CLAIM_LOST, "claim_lost");

    const callbot::Claim second = replays.begin("a", 60s, now);
    CHECK_THROWS(replays.done("a", first.token, now + 400s, now), CALLBOT_CLAIM_LOST, "claim_lost");
    replays.done("a", second.token, now + 400s, now);
    CHECK(replays.begin("a", 60s, now + 399s).state == callbot::ClaimState::done);

    // The defaults: a minute, and the time now.
    callbot::Replays defaults;
    CHECK(defaults.begin("a").state == callbot::ClaimState::begun);
    const callbot::Claim again = defaults.begin("a", -1s);
    CHECK(again.state == callbot::ClaimState::in_process && again.left > 50s && again.left <= 60s);
    return check::finish();
}

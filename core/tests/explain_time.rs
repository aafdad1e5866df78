//! tmp
use callbot_core::diagnose::{Message, explain};
use callbot_core::{Algorithm, Credentials, RequestId, SecretKey, Timestamp};
use std::time::Instant;
#[test]
fn timing() {
    let order = |number: usize| {
        format!(
            "{{\"orderID\":\"7b0f2a60-2f0c-4a6e-9f0b-{number:012}\",\"userPhone\":\"86138{number:08}\",\"other\":\"https://example.com/<a&b>\",\"userName\":\"王芳é\",\"customerName\":\"\",\"params\":[{{\"name\":\"amount\",\"value\":\"120.50\"}}]}}"
        )
    };
    let mut body = String::from("{\"userTaskID\":\"spring\",\"callList\":[");
    for number in 0.. {
        if body.len() >= 100_000 {
            break;
        }
        body.push_str(if number == 0 { "" } else { "," });
        body.push_str(&order(number));
    }
    body.push_str("]}");
    for body in [body.as_str(), "{\"a\":1}"] {
        for algorithm in [Algorithm::Md5, Algorithm::Sha256] {
            let key = SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr").unwrap();
            let c = Credentials::new("Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR", key, algorithm).unwrap();
            let rid = RequestId::new("5cfca4cfbb842cdb5cfca4cfbb842cdb").unwrap();
            let t = Instant::now();
            for i in 0..100 {
                std::hint::black_box(c.sign(
                    &rid,
                    Timestamp::from_unix_seconds(1_000_000 + i).unwrap(),
                    body.as_bytes(),
                ));
            }
            let unit = t.elapsed().as_secs_f64() / 100.0;
            for len in [24, if algorithm == Algorithm::Md5 { 32 } else { 64 }] {
                let sign = "0123456789ABCDE1".repeat(4)[..len].to_string();
                let headers = [
                    ("requestID", "5cfca4cfbb842cdb5cfca4cfbb842cdb"),
                    ("uuid", "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR"),
                    ("createTs", "1726200000"),
                    ("sign", sign.as_str()),
                ];
                let m = Message::from_pairs(headers, body.as_bytes()).unwrap();
                let t = Instant::now();
                let e = explain(&c, &m);
                assert!(!e.matches() && e.causes().len() == 0);
                let d = t.elapsed().as_secs_f64();
                eprintln!(
                    "{} {algorithm} {len}: unit {:.1} us, {:.3} ms, {:.0} x",
                    body.len(),
                    unit * 1e6,
                    d * 1e3,
                    d / unit
                );
            }
        }
    }
}

//! What the `sign` header can stand for: a digest, whole or in part, in one of several forms.

use alloc::vec::Vec;

use crate::diagnose::cause::Cause;
use crate::diagnose::causes::Causes;
use crate::sign::signature::{Algorithm, hex_digit};

/// The fewest hex digits that are compared: fewer would also match by chance.
const MIN_DIGITS: usize = 16;

/// A digest that is searched, as far as it is known, and the mistakes in how it is written.
pub(super) struct Target {
    pub(super) algorithm: Algorithm,
    pub(super) causes: Causes,
    /// Whether only the vendor's other scheme is tried, in which lower case is right.
    pub(super) is_other_scheme: bool,
    /// The hex digits as numbers, from the first one of the digest to the last.
    digits: Vec<u8>,
}

/// The account's algorithm, and how the message names it.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) header: Option<&'a [u8]>,
    pub(super) received: bool,
}

impl Target {
    /// All that a `sign` header can stand for.
    pub(super) fn all(sign: &[u8], context: Context<'_>) -> Vec<Self> {
        let sign = sign.trim_ascii();
        let mut targets = Vec::new();
        if sign.iter().all(u8::is_ascii_hexdigit) {
            add_hex(sign, Causes::NONE, context, &mut targets);
        } else if let Some(bytes) = from_base64(sign) {
            let causes = Causes::one(Cause::Base64);
            if bytes.len() >= MIN_DIGITS && bytes.iter().all(u8::is_ascii_hexdigit) {
                add_hex(&bytes, causes, context, &mut targets);
            } else {
                let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
                add(&digits.collect::<Vec<_>>(), causes, context, &mut targets);
            }
        }
        targets
    }

    /// Whether a digest has the target's digits. A part of them may be missing at its start, at its
    /// end, or at both (a "16-digit MD5" is digits 9 to 24), or else the leading zero of each byte.
    pub(super) fn is_digest(&self, digest: &[u8]) -> bool {
        // Of most digests, the first byte is another one.
        if self.digits.len() == 2 * digest.len() {
            let bytes = self.digits.chunks_exact(2);
            return bytes
                .map(|pair| pair[0] << 4 | pair[1])
                .eq(digest.iter().copied());
        }
        let digits = |range: core::ops::Range<usize>| {
            range.map(|place| digest[place / 2] >> (4 * (1 - place % 2)) & 0xf)
        };
        let count = self.digits.len();
        let all = 2 * digest.len();
        let starts_at = |start: usize| {
            let wanted = self.digits.iter().copied();
            digits(start..start + count).eq(wanted)
        };
        starts_at(0)
            || starts_at(all - count)
            || starts_at((all - count) / 2)
            || digits(0..all)
                .enumerate()
                .filter(|(place, digit)| place % 2 == 1 || *digit != 0)
                .map(|(_, digit)| digit)
                .eq(self.digits.iter().copied())
    }
}

fn add_hex(hex: &[u8], mut causes: Causes, context: Context<'_>, targets: &mut Vec<Target>) {
    let digits: Vec<_> = hex.iter().map(|&c| hex_digit(c)).collect();
    if hex.iter().any(u8::is_ascii_lowercase) && !context.received {
        add_scheme(&digits, causes, context, targets);
        causes.add(Cause::LowerCase);
        add_rule(&digits, causes, context, targets);
    } else {
        add(&digits, causes, context, targets);
    }
}

fn add(digits: &[u8], causes: Causes, context: Context<'_>, targets: &mut Vec<Target>) {
    add_rule(digits, causes, context, targets);
    add_scheme(digits, causes, context, targets);
}

/// Adds the targets of this API's rule.
fn add_rule(digits: &[u8], causes: Causes, context: Context<'_>, targets: &mut Vec<Target>) {
    let is_named = |name: &[u8]| name.eq_ignore_ascii_case(context.algorithm.name().as_bytes());
    let header_is_right = context.header.is_none_or(is_named);
    add_each(digits, causes, targets, false, |algorithm| {
        algorithm == context.algorithm && header_is_right
    });
}

/// Adds the targets of the vendor's other scheme, which is always MD5.
fn add_scheme(digits: &[u8], mut causes: Causes, context: Context<'_>, targets: &mut Vec<Target>) {
    causes.add(Cause::OtherScheme);
    add_each(digits, causes, targets, true, |algorithm| {
        algorithm == context.algorithm || algorithm == Algorithm::Md5
    });
}

fn add_each(
    digits: &[u8],
    causes: Causes,
    targets: &mut Vec<Target>,
    is_other_scheme: bool,
    is_right: impl Fn(Algorithm) -> bool,
) {
    for algorithm in Algorithm::ALL {
        let all = 2 * algorithm.digest_len();
        if !(MIN_DIGITS..=all).contains(&digits.len()) {
            continue;
        }
        let mut causes = causes;
        if digits.len() < all {
            causes.add(Cause::Truncated);
        }
        if !is_right(algorithm) {
            causes.add(Cause::Algorithm);
        }
        if causes.count() <= Causes::MAX {
            targets.push(Target {
                algorithm,
                causes,
                is_other_scheme,
                digits: digits.into(),
            });
        }
    }
}

/// Decodes Base64 of either alphabet, with or without padding.
fn from_base64(string: &[u8]) -> Option<Vec<u8>> {
    let padding = string.iter().rev().take_while(|&&c| c == b'=').count();
    let string = &string[..string.len() - padding];
    // No form of a digest is longer than the Base64 of 64 hex digits.
    if string.len() > 88 {
        return None;
    }
    let mut bytes = Vec::new();
    // The digits' bits that are not in a byte yet.
    let (mut bits, mut count) = (0_u16, 0);
    for &c in string {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u16::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            let [_, byte] = (bits >> count).to_be_bytes();
            bytes.push(byte);
            bits &= (1 << count) - 1;
        }
    }
    Some(bytes)
}

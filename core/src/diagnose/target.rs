//! What the `sign` header can stand for: a digest, whole or in part, in one of several forms.

use alloc::vec::Vec;

use crate::check::memory::{self, NoMemoryError};
use crate::diagnose::cause::Cause;
use crate::diagnose::causes::Causes;
use crate::sign::signature::{Algorithm, hex_digit};

/// The fewest hex digits that are compared: fewer would also match by chance.
const MIN_DIGITS: usize = 16;

/// The hex digits of the longer digest.
const MAX_DIGITS: usize = 64;

/// The longest Base64 of a digest: that of its hex digits.
const MAX_BASE64: usize = 88;

/// The most that a `sign` header can stand for: each scheme with each algorithm.
const MAX_TARGETS: usize = 4;

/// Hex digits as numbers, from the first one of the digest to the last.
#[derive(Clone, Copy)]
struct Digits {
    list: [u8; MAX_DIGITS],
    count: usize,
}

impl Digits {
    /// `None` if there are too many.
    fn new(digits: impl Iterator<Item = u8>) -> Option<Self> {
        let mut list = [0; MAX_DIGITS];
        let mut count = 0;
        for digit in digits {
            *list.get_mut(count)? = digit;
            count += 1;
        }
        Some(Self { list, count })
    }

    fn as_slice(&self) -> &[u8] {
        &self.list[..self.count]
    }
}

/// A digest that is searched, as far as it is known, and the mistakes in how it is written.
pub(super) struct Target {
    pub(super) algorithm: Algorithm,
    pub(super) causes: Causes,
    /// Whether only the vendor's other scheme is tried, in which lower case is right.
    pub(super) is_other_scheme: bool,
    digits: Digits,
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
    pub(super) fn all(sign: &[u8], context: Context<'_>) -> Result<Vec<Self>, NoMemoryError> {
        let sign = sign.trim_ascii();
        let mut targets = memory::with_capacity(MAX_TARGETS)?;
        if sign.iter().all(u8::is_ascii_hexdigit) {
            add_hex(sign, Causes::NONE, context, &mut targets);
        } else if let Some((bytes, count)) = from_base64(sign) {
            let bytes = &bytes[..count];
            let causes = Causes::one(Cause::Base64);
            if bytes.len() >= MIN_DIGITS && bytes.iter().all(u8::is_ascii_hexdigit) {
                add_hex(bytes, causes, context, &mut targets);
            } else if let Some(digits) =
                Digits::new(bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]))
            {
                add(digits, causes, context, &mut targets);
            }
        }
        Ok(targets)
    }

    /// Whether a digest has the target's digits. A part of them may be missing at its start, at its
    /// end, or at both (a "16-digit MD5" is digits 9 to 24), or else the leading zero of each byte.
    pub(super) fn is_digest(&self, digest: &[u8]) -> bool {
        let wanted = self.digits.as_slice();
        // Of most digests, the first byte is another one.
        if wanted.len() == 2 * digest.len() {
            let bytes = wanted.chunks_exact(2);
            return bytes
                .map(|pair| pair[0] << 4 | pair[1])
                .eq(digest.iter().copied());
        }
        let digits = |range: core::ops::Range<usize>| {
            range.map(|place| digest[place / 2] >> (4 * (1 - place % 2)) & 0xf)
        };
        let count = wanted.len();
        let all = 2 * digest.len();
        let starts_at = |start: usize| digits(start..start + count).eq(wanted.iter().copied());
        starts_at(0)
            || starts_at(all - count)
            || starts_at((all - count) / 2)
            || digits(0..all)
                .enumerate()
                .filter(|(place, digit)| place % 2 == 1 || *digit != 0)
                .map(|(_, digit)| digit)
                .eq(wanted.iter().copied())
    }
}

fn add_hex(hex: &[u8], mut causes: Causes, context: Context<'_>, targets: &mut Vec<Target>) {
    let Some(digits) = Digits::new(hex.iter().map(|&c| hex_digit(c))) else {
        return;
    };
    if hex.iter().any(u8::is_ascii_lowercase) && !context.received {
        add_scheme(digits, causes, context, targets);
        causes.add(Cause::LowerCase);
        add_rule(digits, causes, context, targets);
    } else {
        add(digits, causes, context, targets);
    }
}

fn add(digits: Digits, causes: Causes, context: Context<'_>, targets: &mut Vec<Target>) {
    add_rule(digits, causes, context, targets);
    add_scheme(digits, causes, context, targets);
}

/// Adds the targets of this API's rule.
fn add_rule(digits: Digits, causes: Causes, context: Context<'_>, targets: &mut Vec<Target>) {
    let is_named = |name: &[u8]| name.eq_ignore_ascii_case(context.algorithm.name().as_bytes());
    let header_is_right = context.header.is_none_or(is_named);
    add_each(digits, causes, targets, false, |algorithm| {
        algorithm == context.algorithm && header_is_right
    });
}

/// Adds the targets of the vendor's other scheme, which is always MD5.
fn add_scheme(digits: Digits, mut causes: Causes, context: Context<'_>, targets: &mut Vec<Target>) {
    causes.add(Cause::OtherScheme);
    add_each(digits, causes, targets, true, |algorithm| {
        algorithm == context.algorithm || algorithm == Algorithm::Md5
    });
}

fn add_each(
    digits: Digits,
    causes: Causes,
    targets: &mut Vec<Target>,
    is_other_scheme: bool,
    is_right: impl Fn(Algorithm) -> bool,
) {
    for algorithm in Algorithm::ALL {
        let all = 2 * algorithm.digest_len();
        if !(MIN_DIGITS..=all).contains(&digits.count) {
            continue;
        }
        let mut causes = causes;
        if digits.count < all {
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
                digits,
            });
        }
    }
}

/// Decodes Base64 of either alphabet, with or without padding. Returns the bytes and their number.
fn from_base64(string: &[u8]) -> Option<([u8; MAX_BASE64], usize)> {
    let padding = string.iter().rev().take_while(|&&c| c == b'=').count();
    let string = &string[..string.len() - padding];
    if string.len() > MAX_BASE64 {
        return None;
    }
    let mut bytes = [0; MAX_BASE64];
    let mut decoded = 0;
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
            [_, bytes[decoded]] = (bits >> count).to_be_bytes();
            decoded += 1;
            bits &= (1 << count) - 1;
        }
    }
    Some((bytes, decoded))
}

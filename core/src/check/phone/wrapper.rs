//! What programs put around a phone number: the marks of spreadsheets, quotation marks, and the
//! schemes of URIs.

use crate::check::chars;
use crate::check::phone::class::Class;
use crate::check::phone::error::{MIN_DIGITS, PhoneWrapper};

/// A number without what a program put around it.
pub(crate) struct Unwrapped<'s> {
    /// The number, without whitespace and invisible characters at its ends.
    pub(crate) inner: &'s str,
    /// The number of characters before it.
    pub(crate) before: usize,
    /// The outermost wrapper, and the position of its first character.
    pub(crate) wrapper: Option<(usize, PhoneWrapper)>,
    /// The first wrapper that leaves open which number is meant, and its position.
    pub(crate) ambiguous: Option<(usize, PhoneWrapper)>,
    /// Whether a scheme or label precedes the number.
    pub(crate) has_label: bool,
}

impl<'s> Unwrapped<'s> {
    /// Removes all wrappers, if a number is inside of them. Otherwise only whitespace and invisible
    /// characters at the ends are removed.
    pub(crate) fn of(string: &'s str) -> Self {
        let mut unwrapped = Self::trimmed(string);
        while let Some((wrapper, opening, closing)) = outer_wrapper(unwrapped.inner) {
            let found = Some((unwrapped.before + 1, wrapper));
            unwrapped.wrapper = unwrapped.wrapper.or(found);
            if matches!(wrapper, PhoneWrapper::NumberSign | PhoneWrapper::Link) {
                unwrapped.ambiguous = unwrapped.ambiguous.or(found);
            }
            unwrapped.has_label |= wrapper == PhoneWrapper::Label;
            unwrapped.strip(opening, closing);
        }
        let is_link = matches!(unwrapped.ambiguous, Some((_, PhoneWrapper::Link)));
        if is_link || unwrapped.inner.starts_with(begins_number) {
            unwrapped
        } else {
            Self::trimmed(string)
        }
    }

    fn trimmed(string: &'s str) -> Self {
        let mut trimmed = Self {
            inner: string,
            before: 0,
            wrapper: None,
            ambiguous: None,
            has_label: false,
        };
        trimmed.strip(0, 0);
        trimmed
    }

    /// Removes this many bytes from the start and from the end, and what is blank then.
    fn strip(&mut self, opening: usize, closing: usize) {
        let rest = &self.inner[..self.inner.len() - closing];
        let inner = rest[opening..].trim_start_matches(is_blank);
        self.before += rest[..rest.len() - inner.len()].chars().count();
        self.inner = inner.trim_end_matches(is_blank);
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || chars::is_invisible(c)
}

/// Whether a number may begin with `c`. A percent-escape is a `+` that was written for a URI.
fn begins_number(c: char) -> bool {
    c == '%'
        || !matches!(
            Class::of(c),
            Class::Other | Class::Whitespace | Class::Invisible
        )
}

/// Schemes of URIs and labels that come before a number that can be called.
const LABELS: [&str; 16] = [
    "tel",
    "telephone",
    "phone",
    "mobile",
    "cell",
    "p",
    "whatsapp",
    "callto",
    "sms",
    "smsto",
    "mms",
    "mmsto",
    "facetime",
    "facetime-audio",
    "sip",
    "sips",
];

/// The outermost wrapper of a string without blanks at its ends, and the lengths of its opening and
/// closing part.
fn outer_wrapper(string: &str) -> Option<(PhoneWrapper, usize, usize)> {
    if let Some((opening, closing)) = chars::quotation_marks(string) {
        return Some((PhoneWrapper::Quotes, opening.len_utf8(), closing.len_utf8()));
    }
    let first = string.chars().next()?;
    let wrapper = match first {
        '\'' | '＇' | '‘' | '’' | '`' | '´' => PhoneWrapper::Apostrophe,
        '=' | '＝' => PhoneWrapper::Formula,
        '#' | '＃' => PhoneWrapper::NumberSign,
        '<' if string.ends_with('>') => return Some((PhoneWrapper::AngleBrackets, 1, 1)),
        _ => return label(string),
    };
    Some((wrapper, first.len_utf8(), 0))
}

/// A scheme or label at the start, as in `tel:` or `Phone: `.
fn label(string: &str) -> Option<(PhoneWrapper, usize, usize)> {
    let end = string.find(|c: char| !c.is_ascii_alphabetic() && c != '-')?;
    let name = &string[..end];
    let after = &string[end..];
    let after = after.strip_prefix('.').unwrap_or(after);
    let rest = after.strip_prefix([':', '：'])?;
    let target = rest.trim_start_matches('/');
    let is_known = LABELS.iter().any(|label| name.eq_ignore_ascii_case(label));
    if is_known
        && target
            .trim_start_matches(is_blank)
            .starts_with(begins_number)
    {
        return Some((PhoneWrapper::Label, string.len() - target.len(), 0));
    }
    let digits = |c: &char| matches!(Class::of(*c), Class::Digit | Class::ForeignDigit);
    let is_link = !name.is_empty()
        && rest.starts_with("//")
        && rest.chars().filter(digits).count() >= MIN_DIGITS;
    is_link.then_some((PhoneWrapper::Link, string.len(), 0))
}

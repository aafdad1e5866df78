//! What programs put around a phone number: the marks of spreadsheets, quotation marks, the schemes
//! of URIs, and the ends of lists.

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
    /// characters at the ends are removed. What is removed is reported, which means something only
    /// if a number is inside.
    pub(crate) fn of(string: &'s str, report: &mut impl FnMut(PhoneWrapper)) -> Self {
        let mut unwrapped = Self::trimmed(string);
        while let Some(outer) = outer_wrapper(unwrapped.inner) {
            report(outer.wrapper);
            unwrapped.remove(&outer);
        }
        if unwrapped.inner.starts_with(begins_number) {
            return unwrapped;
        }
        if let Some(wrapper) = whole_wrapper(unwrapped.inner) {
            unwrapped.remove(&Outer::before(wrapper, unwrapped.inner.len()));
            return unwrapped;
        }
        Self::trimmed(string)
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

    fn remove(&mut self, outer: &Outer) {
        let Outer {
            wrapper,
            opening,
            closing,
        } = *outer;
        let is_ambiguous = matches!(
            wrapper,
            PhoneWrapper::NumberSign
                | PhoneWrapper::Link
                | PhoneWrapper::Function
                | PhoneWrapper::Fax
        );
        // Only once: to count the characters before an end takes as long as the string.
        if self.wrapper.is_none() || (is_ambiguous && self.ambiguous.is_none()) {
            let skipped = if opening == 0 {
                let rest = self.inner.len() - closing;
                self.inner[..rest].chars().count()
            } else {
                0
            };
            let found = Some((self.before + skipped + 1, wrapper));
            self.wrapper = self.wrapper.or(found);
            if is_ambiguous {
                self.ambiguous = found;
            }
        }
        self.has_label |= wrapper == PhoneWrapper::Label;
        self.strip(opening, closing);
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
const LABELS: [&str; 34] = [
    "tel",
    "telephone",
    "phone",
    "ph",
    "mobile",
    "mobil",
    "mob",
    "cell",
    "cellphone",
    "handy",
    "p",
    "t",
    "m",
    "whatsapp",
    "wa",
    "signal",
    "sgnl",
    "viber",
    "telegram",
    "tg",
    "skype",
    "wechat",
    "imessage",
    "call",
    "callto",
    "sms",
    "smsto",
    "mms",
    "mmsto",
    "facetime",
    "facetime-audio",
    "sip",
    "sips",
    "voice",
];

/// Labels of a number that a machine answers.
const FAX_LABELS: [&str; 3] = ["fax", "telefax", "f"];

/// The ends of a chat's IDs that begin with a person's whole international number.
const CHAT_ENDS: [&str; 2] = ["@c.us", "@s.whatsapp.net"];

/// A wrapper, and the lengths of its opening and closing part.
struct Outer {
    wrapper: PhoneWrapper,
    opening: usize,
    closing: usize,
}

impl Outer {
    const fn before(wrapper: PhoneWrapper, opening: usize) -> Self {
        Self {
            wrapper,
            opening,
            closing: 0,
        }
    }

    /// `None` if it has no length.
    fn after(wrapper: PhoneWrapper, closing: usize) -> Option<Self> {
        (closing > 0).then_some(Self {
            wrapper,
            opening: 0,
            closing,
        })
    }
}

/// The outermost wrapper of a string without blanks at its ends.
fn outer_wrapper(string: &str) -> Option<Outer> {
    let ends_of = |is_end: fn(char) -> bool| {
        let rest = string.trim_end_matches(is_end);
        string.len() - rest.len()
    };
    if let Some(separators) = Outer::after(PhoneWrapper::Separator, ends_of(is_separator)) {
        return Some(separators);
    }
    if let Some((opening, closing)) = chars::quotation_marks(string) {
        return Some(Outer {
            wrapper: PhoneWrapper::Quotes,
            opening: opening.len_utf8(),
            closing: closing.len_utf8(),
        });
    }
    let first = string.chars().next()?;
    let wrapper = match first {
        '\'' | '＇' | '‘' | '’' | '`' | '´' => PhoneWrapper::Apostrophe,
        '"' | '＂' | '“' | '”' | '„' | '«' | '»' => PhoneWrapper::UnmatchedQuote,
        '=' | '＝' => return Some(formula(string, first)),
        '#' | '＃' => PhoneWrapper::NumberSign,
        '☎' | '☏' | '✆' | '℡' | '📞' | '📱' => PhoneWrapper::Label,
        '℻' | '📠' => PhoneWrapper::Fax,
        '<' if string.ends_with('>') => {
            return Some(Outer {
                wrapper: PhoneWrapper::AngleBrackets,
                opening: 1,
                closing: 1,
            });
        }
        _ => return label(string).or_else(|| end(string, ends_of(is_quotation_mark))),
    };
    Some(Outer::before(wrapper, first.len_utf8()))
}

/// Whether `c` ends an element of a list.
fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | '，' | '；' | '、')
}

fn is_quotation_mark(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '`' | '´' | '＂' | '＇' | '“' | '”' | '„' | '‘' | '’' | '«' | '»'
    )
}

/// A spreadsheet's formula. `T` is the function that marks text, and does not change it.
fn formula(string: &str, equals_sign: char) -> Outer {
    let equals_sign = equals_sign.len_utf8();
    let rest = &string[equals_sign..];
    let is_text = rest.ends_with(')') && (rest.starts_with("T(") || rest.starts_with("t("));
    Outer {
        wrapper: PhoneWrapper::Formula,
        opening: equals_sign + if is_text { 2 } else { 0 },
        closing: usize::from(is_text),
    }
}

/// A scheme or label at the start, as in `tel:`, `Phone: `, `Mob. ` or `TEL;TYPE=CELL:`.
fn label(string: &str) -> Option<Outer> {
    let end = string.find(|c: char| !c.is_ascii_alphabetic() && c != '-')?;
    let (name, after) = string.split_at(end);
    let is_in = |labels: &[&str]| labels.iter().any(|label| name.eq_ignore_ascii_case(label));
    let wrapper = if is_in(&FAX_LABELS) {
        PhoneWrapper::Fax
    } else if is_in(&LABELS) {
        PhoneWrapper::Label
    } else {
        return None;
    };
    // The parameters of a vCard.
    let after = match after.strip_prefix(';') {
        Some(parameters) => &parameters[parameters.find(':')?..],
        None => after.strip_prefix('.').unwrap_or(after),
    };
    let after = after.trim_start_matches(is_blank);
    let (target, is_before_number) = if let Some(rest) = after.strip_prefix([':', '：']) {
        let target = rest.trim_start_matches('/');
        // What follows two slashes is a host, if it is no number.
        let begins = target
            .trim_start_matches(is_blank)
            .starts_with(begins_number);
        (target, begins || target.len() == rest.len())
    } else {
        let is_digit = |c| matches!(Class::of(c), Class::Digit | Class::ForeignDigit);
        let is_number = after.starts_with(|c| matches!(c, '+' | '＋' | '(') || is_digit(c));
        (after, is_number && name.len() > 1)
    };
    is_before_number.then(|| Outer::before(wrapper, string.len() - target.len()))
}

/// What follows a number: the end of a chat's ID, or quotation marks of this length.
fn end(string: &str, quotation_marks: usize) -> Option<Outer> {
    let ends_with = |end: &&&str| {
        let start = string.len().checked_sub(end.len());
        let last = start.and_then(|start| string.get(start..));
        last.is_some_and(|last| last.eq_ignore_ascii_case(end))
    };
    match CHAT_ENDS.iter().find(ends_with) {
        Some(end) => Outer::after(PhoneWrapper::ChatId, end.len()),
        None => Outer::after(PhoneWrapper::UnmatchedQuote, quotation_marks),
    }
}

/// A link, or a call of a spreadsheet's function, with enough digits for a number.
fn whole_wrapper(string: &str) -> Option<PhoneWrapper> {
    let is_in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let (name, rest) = string.split_at(string.find(|c| !is_in_name(c))?);
    let is_link = rest.starts_with("://") || (name.contains('.') && rest.starts_with(['/', '?']));
    let wrapper = if is_link {
        PhoneWrapper::Link
    } else if rest.starts_with('(') && rest.ends_with(')') {
        PhoneWrapper::Function
    } else {
        return None;
    };
    let is_digit = |c: &char| matches!(Class::of(*c), Class::Digit | Class::ForeignDigit);
    let has_number = rest.chars().filter(is_digit).count() >= MIN_DIGITS;
    (has_number && name.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(wrapper)
}

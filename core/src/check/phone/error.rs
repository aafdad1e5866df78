//! The errors of phone numbers.

use core::fmt;

use crate::check::chars::Quoted;

/// The minimum number of digits, including the country code.
pub(crate) const MIN_DIGITS: usize = 7;
/// The maximum number of digits, including the country code.
pub(crate) const MAX_DIGITS: usize = 15;
/// The maximum length of a string that is read as a number, in bytes.
pub(crate) const MAX_STRING_LEN: usize = 256;

/// A string that is not a phone number in the API's form.
///
/// The error holds positions and at most one character of the string, never the number. Positions
/// count characters from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PhoneError {
    /// The string is empty.
    Empty,
    /// The string has a `+`.
    Plus {
        /// Its position.
        position: usize,
    },
    /// The number starts with `00`, a prefix for international calls.
    InternationalPrefix,
    /// The number starts with 0, like a national number.
    LeadingZero,
    /// The string has whitespace.
    Whitespace {
        /// The position of the first one.
        position: usize,
        /// The character.
        found: char,
    },
    /// The string has a hyphen, dot, bracket or dash.
    Punctuation {
        /// The position of the first one.
        position: usize,
        /// The character.
        found: char,
    },
    /// The string has an invisible character, such as a direction mark.
    Invisible {
        /// The position of the first one.
        position: usize,
        /// The character.
        found: char,
    },
    /// The string has a decimal digit outside of ASCII: a full-width digit or a digit of another
    /// script.
    ForeignDigit {
        /// The position of the first one.
        position: usize,
        /// The character.
        found: char,
    },
    /// The string has another character, such as a letter.
    Character {
        /// The position of the first one.
        position: usize,
        /// The character.
        found: char,
    },
    /// A program has put something around the number, such as a spreadsheet's apostrophe or `tel:`.
    ///
    /// [`PhoneNumber::from_typed`](crate::PhoneNumber::from_typed) removes it, unless it leaves
    /// open which number is meant.
    Wrapped {
        /// The position of its first character.
        position: usize,
        /// What it is.
        wrapper: PhoneWrapper,
    },
    /// A line end in the middle of the string, as between two numbers in one cell.
    LineEnd {
        /// The position of the first one.
        position: usize,
        /// The character.
        found: char,
    },
    /// An extension (`x12`, `ext. 12`, `#12`) or a parameter of a URI (`;ext=12`) follows the
    /// number.
    Extension {
        /// The position of its first character.
        position: usize,
    },
    /// A spreadsheet has converted the number (`8.6156E+12`, `8615612345678.0`).
    Spreadsheet,
    /// The number has fewer than [`PhoneNumber::MIN_DIGITS`](crate::PhoneNumber::MIN_DIGITS)
    /// digits.
    TooShort {
        /// The number of digits.
        len: usize,
    },
    /// The number has more than [`PhoneNumber::MAX_DIGITS`](crate::PhoneNumber::MAX_DIGITS) digits.
    TooLong {
        /// The number of digits.
        len: usize,
    },
    /// The string is longer than
    /// [`PhoneNumber::MAX_STRING_LEN`](crate::PhoneNumber::MAX_STRING_LEN).
    StringTooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The number does not start with an assigned country code.
    CountryCode,
    /// The number does not mark its country code with `+` or `00`. Only
    /// [`PhoneNumber::from_typed`](crate::PhoneNumber::from_typed) returns this.
    NoCountryCode,
    /// A 0 follows the country code and may or may not be part of the number. Only
    /// [`PhoneNumber::from_typed`](crate::PhoneNumber::from_typed) returns this.
    TrunkZero,
}

impl PhoneError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "phone_empty",
            Self::Plus { .. } => "phone_plus",
            Self::InternationalPrefix => "phone_international_prefix",
            Self::LeadingZero => "phone_leading_zero",
            Self::Whitespace { .. } => "phone_blank",
            Self::Punctuation { .. } => "phone_punctuation",
            Self::Invisible { .. } => "phone_invisible",
            Self::ForeignDigit { .. } => "phone_foreign_digit",
            Self::Character { .. } => "phone_character",
            Self::Wrapped { .. } => "phone_wrapped",
            Self::LineEnd { .. } => "phone_line_end",
            Self::Extension { .. } => "phone_extension",
            Self::Spreadsheet => "phone_spreadsheet",
            Self::TooShort { .. } => "phone_too_short",
            Self::TooLong { .. } => "phone_too_long",
            Self::StringTooLong { .. } => "phone_string_too_long",
            Self::CountryCode => "phone_country_code",
            Self::NoCountryCode => "phone_no_country_code",
            Self::TrunkZero => "phone_trunk_zero",
        }
    }
}

impl fmt::Display for PhoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str(
                "the phone number is empty; enter digits that start with the country code",
            ),
            Self::Plus { position } => write!(
                f,
                "character {position} is '+'; write only digits, starting with the country code"
            ),
            Self::InternationalPrefix => {
                f.write_str("it starts with 00; remove that and start with the country code")
            }
            Self::LeadingZero => f.write_str(
                "it starts with 0, like a national number; replace the 0 with the country code",
            ),
            Self::Whitespace { position, found } | Self::Invisible { position, found } => {
                write!(f, "character {position} is {}; remove it", Quoted(found))
            }
            Self::Punctuation { position, found } => write!(
                f,
                "character {position} is {}; write the digits without separators",
                Quoted(found)
            ),
            Self::ForeignDigit { position, found } => write!(
                f,
                "character {position} is the digit {}; replace it with an ASCII digit",
                Quoted(found)
            ),
            Self::Character { position, found } => write!(
                f,
                "character {position} is {}; use only digits",
                Quoted(found)
            ),
            Self::Wrapped {
                position,
                wrapper: wrapper @ PhoneWrapper::Fax,
            } => write!(
                f,
                "at character {position}, {wrapper}; \
                 write only the digits of a number that a person answers"
            ),
            Self::Wrapped { position, wrapper } => write!(
                f,
                "at character {position}, {wrapper}; \
                 write only its digits, starting with the country code"
            ),
            Self::LineEnd { position, found } => write!(
                f,
                "character {position} is {}, and another line follows; \
                 write one number, and each further one in an order of its own",
                Quoted(found)
            ),
            Self::Extension { position } => write!(
                f,
                "an extension or a parameter starts at character {position}, which cannot be \
                 dialled; remove it if the number reaches the person without it"
            ),
            Self::Spreadsheet => f.write_str(
                "a spreadsheet has converted it to a number, and digits may be lost; \
                 format the column as text and copy the number from its source again",
            ),
            Self::TooShort { len } => write!(
                f,
                "it has {len} digit{}; at least {MIN_DIGITS} are required, \
                 including the country code",
                if len == 1 { "" } else { "s" }
            ),
            Self::TooLong { len } => write!(
                f,
                "it has {len} digits; at most {MAX_DIGITS} are allowed, \
                 including the country code"
            ),
            Self::StringTooLong { len } => write!(
                f,
                "the string is {len} bytes long; a phone number takes at most {MAX_STRING_LEN}, \
                 so look for the content of another field"
            ),
            Self::CountryCode => {
                f.write_str("it does not start with an assigned country code; add the country code")
            }
            Self::NoCountryCode => f.write_str(
                "it has no country code, or none that is certain: without a '+', a number after \
                 'tel:', with separators or in a list of one country may be a national one; start \
                 with '+' and the country code",
            ),
            Self::TrunkZero => f.write_str(
                "a 0 follows the country code and may or may not be part of the number; \
                 remove it, or write the digits as they are dialled from abroad",
            ),
        }
    }
}

impl core::error::Error for PhoneError {}

/// What a program has put around a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PhoneWrapper {
    /// An apostrophe, which marks text in a spreadsheet: `'+1...`.
    Apostrophe,
    /// An equals sign, which begins a spreadsheet's formula: `="+1..."`, `=+1...`.
    Formula,
    /// A call of a spreadsheet's function: `=HYPERLINK("tel:+1...", "...")`. It is not removed.
    Function,
    /// A pair of quotation marks.
    Quotes,
    /// A quotation mark before or after the number, without its counterpart.
    UnmatchedQuote,
    /// Angle brackets, as around a URI: `<tel:+1...>`.
    AngleBrackets,
    /// The scheme of a URI, or a label: `tel:`, `whatsapp:`, `p:`, `Phone: `, `Mob. `, a
    /// telephone's symbol.
    Label,
    /// The label of a fax machine: `fax:`. It is not removed, since no person answers.
    Fax,
    /// The end of a chat's ID, which is a person's number: `...@c.us`, `...@s.whatsapp.net`.
    ChatId,
    /// A comma or semicolon after the number, as in a list.
    Separator,
    /// A link whose host, path or query contains the number: `https://wa.me/...`, `wa.me/...`. It
    /// is not removed.
    Link,
    /// A number sign: `#1 ...`. It is not removed, since it may stand for a `+` or count a list.
    NumberSign,
}

impl fmt::Display for PhoneWrapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Apostrophe => "a spreadsheet's apostrophe precedes the number",
            Self::Formula => "the '=' of a spreadsheet's formula precedes the number",
            Self::Function => "a spreadsheet's formula contains the number",
            Self::Quotes => "quotation marks surround the number",
            Self::UnmatchedQuote => "a quotation mark precedes or follows the number",
            Self::AngleBrackets => "angle brackets surround the number",
            Self::Label => "a URI's scheme or a label precedes the number, as in 'tel:'",
            Self::Fax => "the label of a fax machine precedes the number",
            Self::ChatId => "the end of a chat's ID follows the number, as in '@c.us'",
            Self::Separator => "a comma or semicolon follows the number",
            Self::Link => "a link contains the number",
            Self::NumberSign => "'#' precedes the number",
        })
    }
}

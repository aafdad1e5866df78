//! The mistakes that `explain` knows: the code, the message and the fix of each.

use core::fmt;

macro_rules! causes {
    ($($name:ident $code:literal: $message:literal; $fix:literal)*) => {
        /// A mistake that makes a signature wrong.
        ///
        /// `docs/explain.md` lists them all. `Display` writes the message and then the fix.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Cause {
            $(#[doc = concat!("`", $code, "`: ", $message, ".")] $name,)*
        }

        impl Cause {
            /// All causes, in the order of `docs/explain.md`.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            const fn row(self) -> [&'static str; 3] {
                match self {
                    $(Self::$name => [$code, $message, $fix],)*
                }
            }
        }
    };
}

causes! {
    Algorithm "algorithm":
        "the other algorithm is used";
        "use the algorithm that the console's Developer page shows for the account: in the program \
         that signs, in the algorithm header, and here (CALLBOT_ALGORITHM)"
    AlgorithmHmac "algorithm_hmac":
        "the signature is an HMAC";
        "hash the string that begins with the secret key, without HMAC"
    LowerCase "lower_case":
        "the signature is in lower case";
        "send upper-case hex digits"
    Base64 "base64":
        "the signature is in Base64";
        "send upper-case hex digits"
    Truncated "truncated":
        "the signature lacks hex digits";
        "send all 32 digits of MD5 or 64 of SHA-256, with the zeros at the start of each byte"
    SecretKeyWhitespace "secret_key_whitespace":
        "the secret key is used with whitespace at an end";
        "remove the whitespace, such as the line feed of the file that the key is read from"
    SecretKeyQuotes "secret_key_quotes":
        "the secret key is used with quotation marks";
        "remove the quotation marks, which are no part of it"
    SecretKeyMissing "secret_key_missing":
        "the secret key is missing in the signed string";
        "check that the setting with the secret key is read; start the string with the key"
    SecretKeyIsUuid "secret_key_is_uuid":
        "the uuid is used as the secret key";
        "start the string with the secret key; the console shows it beside the uuid"
    SecretKeyCase "secret_key_case":
        "the secret key is used in another case";
        "use the secret key as the console shows it"
    BodySeparators "body_separators":
        "the body is signed with other whitespace after ',' and ':' than it is sent with";
        "serialise the body once, and sign and send the same bytes"
    BodyIndented "body_indented":
        "the body is indented only as signed, or only as sent";
        "serialise the body once, and sign and send the same bytes"
    BodySorted "body_sorted":
        "the body is signed with its keys sorted, and sent with another order";
        "serialise the body once, and sign and send the same bytes"
    BodyAsciiEscapes "body_ascii_escapes":
        "characters outside ASCII are \\u escapes only in the body as signed, or only as sent";
        "serialise the body once, and sign and send the same bytes"
    BodyEscapedSlashes "body_escaped_slashes":
        "slashes are escaped only in the body as signed, or only as sent";
        "serialise the body once, and sign and send the same bytes; PHP has \
         JSON_UNESCAPED_SLASHES"
    BodyHtmlEscapes "body_html_escapes":
        "characters such as '<' and '&' are \\u escapes only in the body as signed, or only as \
         sent";
        "serialise the body once, and sign and send the same bytes; Go has SetEscapeHTML"
    BodyFinalNewline "body_final_newline":
        "a line end at the end of the body is only signed, or only sent";
        "sign and send the same bytes; curl needs --data-binary to keep a line end"
    BodyCrlf "body_crlf":
        "the line ends in the body are signed as LF and sent as CRLF, or the reverse";
        "sign and send the same bytes; open files in binary mode"
    BodyByteOrderMark "body_byte_order_mark":
        "a byte-order mark at the start of the body is only signed, or only sent";
        "write the body in UTF-8 without a byte-order mark"
    BodyEmpty "body_empty":
        "the signature does not cover the body: it is made over an empty one or a placeholder";
        "pass the serialised body, as bytes or as a string; check whether something has read it \
         before"
    BodyUrlEncoded "body_url_encoded":
        "the body is URL-encoded only as signed, or only as sent";
        "sign the bytes of the JSON as they are sent, without URL-encoding"
    BodyQuoted "body_quoted":
        "the body is signed or sent as a JSON string that contains the JSON";
        "serialise the body once, and sign and send the same bytes"
    BodyLatin1 "body_latin1":
        "the body is signed or sent in another encoding than UTF-8";
        "encode the body as UTF-8 for the hash and for sending"
    CreateTsMilliseconds "create_ts_milliseconds":
        "createTs is in milliseconds, or in a finer unit";
        "sign and send createTs in whole seconds"
    CreateTsOther "create_ts_other":
        "createTs is another second in the signed string than in the header";
        "read the clock once, and sign and send the same value"
    CreateTsMissing "create_ts_missing":
        "createTs is missing in the signed string or the headers";
        "sign and send createTs"
    RequestIdHyphens "request_id_hyphens":
        "requestID has hyphens only as signed, or only as sent";
        "format the ID once, and sign and send the same string"
    RequestIdCase "request_id_case":
        "requestID is signed and sent in different cases";
        "format the ID once, and sign and send the same string"
    RequestIdMissing "request_id_missing":
        "requestID is missing in the signed string or the headers";
        "sign and send requestID"
    UuidMissing "uuid_missing":
        "uuid is missing in the signed string or the headers";
        "sign and send uuid"
    PartOrder "part_order":
        "the parts of the signed string are in another order";
        "order them as secret key, body, createTs, requestID, uuid"
    PartNames "part_names":
        "the parts of the signed string have other names";
        "name them body, createTs, requestID and uuid, in this spelling; the secret key has no name"
    AmpersandMissing "ampersand_missing":
        "an ampersand is missing in the signed string";
        "write &body=, &createTs=, &requestID= and &uuid=, each with its ampersand"
    KeyAtEnd "key_at_end":
        "the secret key is at the end of the signed string";
        "start the string with the secret key"
    OtherScheme "other_scheme":
        "the signature follows the scheme of the same vendor's AI Agent API";
        "sign by the rule of the Callbot API: secretKey&body=...&createTs=...&requestID=...&uuid=..."
}

impl Cause {
    /// The stable code of this cause.
    #[must_use]
    pub const fn code(self) -> &'static str {
        let [code, _, _] = self.row();
        code
    }

    /// What is wrong.
    #[must_use]
    pub const fn message(self) -> &'static str {
        let [_, message, _] = self.row();
        message
    }

    /// What to do.
    #[must_use]
    pub const fn fix(self) -> &'static str {
        let [_, _, fix] = self.row();
        fix
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [_, message, fix] = self.row();
        write!(f, "{message}; {fix}")
    }
}

//! The numbers that functions return.

/// What a function that can fail returns: CALLBOT_OK, which is 0, or one of the numbers below.
///
/// A number never changes its meaning and is never used again. Later releases may add numbers: treat one that you do not
/// know as a failure, and show the error's message.
pub type callbot_status = i32;

/// The call succeeded.
pub const CALLBOT_OK: callbot_status = 0;
/// The library has a fault in itself, and caught it. The object that was being written can only be freed, or cleared.
pub const CALLBOT_PANIC: callbot_status = 1;
/// A pointer that is needed is NULL.
pub const CALLBOT_NULL_POINTER: callbot_status = 2;
/// A length or count is larger than any object can be (over PTRDIFF_MAX bytes): often a negative number.
pub const CALLBOT_LENGTH: callbot_status = 3;
/// A text is not UTF-8.
pub const CALLBOT_NOT_UTF8: callbot_status = 4;
/// A number that should be one of the CALLBOT_ALGORITHM or CALLBOT_POLICY constants is none of them.
pub const CALLBOT_UNKNOWN_CONSTANT: callbot_status = 5;
/// The operating system gave no random numbers for a request id.
pub const CALLBOT_NO_RANDOM: callbot_status = 6;
/// The system's clock shows no time that can be signed.
pub const CALLBOT_CLOCK: callbot_status = 7;
/// The secret key is empty, or has a blank or control character at an end.
pub const CALLBOT_SECRET_KEY: callbot_status = 8;
/// The uuid cannot be sent as a header.
pub const CALLBOT_UUID: callbot_status = 9;
/// The request id cannot be sent as a header.
pub const CALLBOT_REQUEST_ID: callbot_status = 10;
/// The time is not one in Unix seconds: it is negative, or can only be milliseconds.
pub const CALLBOT_CREATE_TS: callbot_status = 11;
/// A rule cannot be set.
pub const CALLBOT_RULES: callbot_status = 12;
/// A phone number that was given on its own is not right, or it cannot be told which number is meant.
pub const CALLBOT_PHONE: callbot_status = 13;
/// A batch without orders was to be built into a request.
pub const CALLBOT_EMPTY_BATCH: callbot_status = 14;
/// A task, an order or a JSON body was refused. The error lists everything that is wrong.
pub const CALLBOT_REFUSED: callbot_status = 15;
/// A header of a received message is missing, stands twice, or is not of its form.
pub const CALLBOT_HEADERS: callbot_status = 17;
/// A received message names another algorithm than the account's.
pub const CALLBOT_OTHER_ALGORITHM: callbot_status = 18;
/// A received message is for an account that the verifier does not know.
pub const CALLBOT_UNKNOWN_UUID: callbot_status = 19;
/// The signature of a received message is wrong.
pub const CALLBOT_SIGNATURE_MISMATCH: callbot_status = 20;
/// The body of a received message is not UTF-8 text: it was extended, or it is compressed.
pub const CALLBOT_BODY_NOT_UTF8: callbot_status = 21;
/// A received message is too old.
pub const CALLBOT_TOO_OLD: callbot_status = 22;
/// The time of a received message lies too far ahead.
pub const CALLBOT_TOO_NEW: callbot_status = 23;
/// A response is genuine, but not the answer to this request.
pub const CALLBOT_OTHER_REQUEST: callbot_status = 24;
/// A verified message has not the content that it was read for.
pub const CALLBOT_CONTENT: callbot_status = 25;
/// Something else was refused: a newer reason than this header knows of.
pub const CALLBOT_OTHER: callbot_status = 16;

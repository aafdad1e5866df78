//! The numbers that functions return.

/// What a function that can fail returns: CALLBOT_OK, which is 0, or one of the numbers below.
///
/// A number never changes its meaning and is never used again. Later releases may add numbers:
/// treat an unknown one as a failure, and log the error's message.
pub type callbot_status = i32;

/// The call succeeded.
pub const CALLBOT_OK: callbot_status = 0;
/// An internal error in the library, which was caught. The object that the call was changing can
/// only be freed; a batch can also be cleared.
pub const CALLBOT_PANIC: callbot_status = 1;
/// An error for which this header has no number yet. The code and the message say more.
pub const CALLBOT_OTHER: callbot_status = 2;
/// A required pointer is NULL.
pub const CALLBOT_NULL_POINTER: callbot_status = 3;
/// A length or count exceeds PTRDIFF_MAX bytes; often it is a negative number.
pub const CALLBOT_LENGTH: callbot_status = 4;
/// A string is not UTF-8. (A string of an order that is not UTF-8 is a violation: CALLBOT_REFUSED.)
pub const CALLBOT_NOT_UTF8: callbot_status = 5;
/// An invalid number for an enumeration, such as the CALLBOT_ALGORITHM constants.
pub const CALLBOT_UNKNOWN_CONSTANT: callbot_status = 6;
/// The operating system has no random numbers for a request ID.
pub const CALLBOT_NO_RANDOM: callbot_status = 7;
/// The system clock is not a time that can be signed.
pub const CALLBOT_CLOCK: callbot_status = 8;
/// The secret key is empty, or has whitespace or a control character at an end.
pub const CALLBOT_SECRET_KEY: callbot_status = 9;
/// The uuid cannot be sent as a header.
pub const CALLBOT_UUID: callbot_status = 10;
/// The request ID cannot be sent as a header.
pub const CALLBOT_REQUEST_ID: callbot_status = 11;
/// The time is not in Unix seconds: it is negative, or can only be milliseconds.
pub const CALLBOT_CREATE_TS: callbot_status = 12;
/// A rule is invalid.
pub const CALLBOT_RULES: callbot_status = 13;
/// A phone number outside of an order is invalid or ambiguous.
pub const CALLBOT_PHONE: callbot_status = 14;
/// The batch has no orders.
pub const CALLBOT_EMPTY_BATCH: callbot_status = 15;
/// A task, an order or a JSON body was refused. The error lists all violations.
pub const CALLBOT_REFUSED: callbot_status = 16;
/// A header of a received message is missing, duplicate or malformed.
pub const CALLBOT_HEADERS: callbot_status = 17;
/// A received message names another algorithm than the account's.
pub const CALLBOT_OTHER_ALGORITHM: callbot_status = 18;
/// A received message is for an account that the verifier does not know.
pub const CALLBOT_UNKNOWN_UUID: callbot_status = 19;
/// The signature of a received message is wrong.
pub const CALLBOT_SIGNATURE_MISMATCH: callbot_status = 20;
/// The body of a received message is not UTF-8: it was forged by length extension, or is
/// compressed.
pub const CALLBOT_BODY_NOT_UTF8: callbot_status = 21;
/// A received message is too old.
pub const CALLBOT_TOO_OLD: callbot_status = 22;
/// The time of a received message is too far in the future.
pub const CALLBOT_TOO_NEW: callbot_status = 23;
/// A response is authentic, but answers another request.
pub const CALLBOT_OTHER_REQUEST: callbot_status = 24;
/// The message does not have the expected content.
pub const CALLBOT_CONTENT: callbot_status = 25;
/// The name of an endpoint is unknown.
pub const CALLBOT_ENDPOINT: callbot_status = 26;
/// The path of a request is invalid.
pub const CALLBOT_PATH: callbot_status = 27;
/// A content has no value at a JSON Pointer, or null.
pub const CALLBOT_ABSENT: callbot_status = 28;
/// The value at a JSON Pointer has another type than the one that was asked for.
pub const CALLBOT_WRONG_TYPE: callbot_status = 29;
/// A JSON Pointer is malformed: it is not empty and does not begin with "/", or has a "~" without 0
/// or 1.
pub const CALLBOT_JSON_POINTER: callbot_status = 30;
/// The base URL is invalid.
pub const CALLBOT_BASE_URL: callbot_status = 31;
/// An allocation failed. The objects of the call are as they were, and the call can be made again.
/// The error with this status takes no memory.
pub const CALLBOT_NO_MEMORY: callbot_status = 32;
/// The store against replays is full.
pub const CALLBOT_REPLAYS_FULL: callbot_status = 33;
/// A claim is not held: its lease has run out, or it was released.
pub const CALLBOT_CLAIM_LOST: callbot_status = 34;

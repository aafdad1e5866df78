//! The body's format: compact JSON in the field order of the API's page. Here is what stands before, between and behind
//! its texts.
//!
//! The format is a promise: the same orders give the same bytes in every release.

pub(crate) const USER_TASK_ID: &[u8; 37] = br#"{"productID":"callbot","userTaskID":""#;
pub(crate) const ORDER_CALLBACK_URL: &[u8; 38] = br#"","callInfoList":{"orderCallbackUrl":""#;
pub(crate) const CALL_CALLBACK_URL: &[u8; 21] = br#"","callCallbackUrl":""#;
pub(crate) const CALL_LIST: &[u8; 14] = br#"","callList":["#;
/// What closes the list of orders, the object around it, and the body.
pub(crate) const TAIL: &[u8; 3] = b"]}}";

pub(crate) const ORDER_ID: &[u8; 12] = br#"{"orderID":""#;
pub(crate) const USER_PHONE: &[u8; 15] = br#"","userPhone":""#;
pub(crate) const OTHER: &[u8; 11] = br#"","other":""#;
pub(crate) const USER_NAME: &[u8; 14] = br#"","userName":""#;
pub(crate) const CUSTOMER_NAME: &[u8; 18] = br#"","customerName":""#;
pub(crate) const PARAMS: &[u8; 12] = br#"","params":["#;
pub(crate) const ORDER_END: &[u8; 2] = b"]}";

pub(crate) const NAME: &[u8; 9] = br#"{"name":""#;
pub(crate) const VALUE: &[u8; 11] = br#"","value":""#;
pub(crate) const PARAM_END: &[u8; 2] = br#""}"#;

/// What stands between two orders, and between two params.
pub(crate) const COMMA: &[u8; 1] = b",";
/// What ends a text.
pub(crate) const QUOTE: &[u8; 1] = b"\"";

/// How many bytes an order has at least: that of no param and with texts as short as they may be.
pub(crate) const LEAST_ORDER_LEN: usize = ORDER_ID.len()
    + USER_PHONE.len()
    + OTHER.len()
    + USER_NAME.len()
    + CUSTOMER_NAME.len()
    + PARAMS.len()
    + ORDER_END.len();
/// How many bytes a param has without its texts, with a comma.
pub(crate) const PARAM_LEN: usize = COMMA.len() + NAME.len() + VALUE.len() + PARAM_END.len();

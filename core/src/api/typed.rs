//! Typed requests: how each is declared, checked and signed.

use alloc::sync::Arc;

use crate::api::content::Content;
use crate::api::endpoint::Endpoint;
use crate::api::request::SignedRequest;
use crate::check::violation::Violations;
use crate::json::by_table;
use crate::json::schema::Table;
use crate::json::typed::{Draft, Field};
use crate::sign::credentials::Credentials;
use crate::sign::header::RequestId;
use crate::sign::timestamp::Timestamp;

/// A typed request.
///
/// The trait is sealed: it is implemented by the requests of this crate.
pub trait Request: sealed::Request {
    /// The endpoint that takes it.
    const ENDPOINT: Endpoint;

    /// What the response is [read](crate::Verified::read) as.
    type Response: Content;

    /// Checks the request against the API's page and signs it.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, each at its place in the body.
    fn sign(
        &self,
        credentials: &Credentials,
        request_id: RequestId,
        create_ts: Timestamp,
    ) -> Result<SignedRequest, Violations>;
}

pub(crate) mod sealed {
    use super::{Credentials, RequestId, SignedRequest, Timestamp, Violations};

    pub trait Request {
        /// Checks the request, as rules allow whitespace at the edges of IDs, and signs it.
        fn sign_allowing(
            &self,
            allows_blank_edges: bool,
            credentials: &Credentials,
            request_id: RequestId,
            create_ts: Timestamp,
        ) -> Result<SignedRequest, Violations>;
    }
}

/// Signs a typed request. Its JSON is read by its table, so that it is checked exactly as JSON of
/// the caller's own is.
pub(crate) fn sign<R: Request + Field>(
    request: &R,
    table: &'static Table,
    allows_blank_edges: bool,
    credentials: &Credentials,
    request_id: RequestId,
    create_ts: Timestamp,
) -> Result<SignedRequest, Violations> {
    let Draft { json, violations } = Draft::of(request)?;
    let body = with_all(violations, by_table::read(&json, table, allows_blank_edges))?;
    Ok(SignedRequest::to_endpoint(
        R::ENDPOINT,
        Arc::new(body),
        credentials,
        request_id,
        create_ts,
    ))
}

/// The result of reading a draft, with the violations that were found before it.
pub(crate) fn with_all<T>(
    mut violations: Violations,
    result: Result<T, Violations>,
) -> Result<T, Violations> {
    match result {
        Ok(value) => violations.into_result().map(|()| value),
        Err(later) => {
            violations.append(later.without_positions());
            Err(violations)
        }
    }
}

/// Declares the struct of a request, one line a field.
///
/// ```text
/// request! {
///     /// The documentation of the struct.
///     pub struct MoveOrder<'a>: MoveOrder -> MoveOrderResponse {
///         "productID" = "callbot";
///         /// The documentation of the field, after its key.
///         user_task_id: &'a str = "userTaskID", not_empty;
///         order_ids: Option<&'a [&'a str]> = "orderIDs", or_null;
///         other: Option<Json<'a>> = "other";
///         ..extra;
///     }
/// }
/// ```
///
/// - The struct's name is followed by its [`Endpoint`] and by the type of the response.
/// - A line without a field is a constant, which is written for the caller.
/// - A field's type tells what the page says of the key: `T` is required, `Option<T>` is not, and
///   `Json` is known from an example only and takes any value. What follows the key are rules of
///   [`Row`](crate::json::schema::Row).
/// - `..extra` stands for an object that is known from an example only: it is open.
///
/// The body has the fields in the order of their lines.
macro_rules! request {
    ($(#[$attribute:meta])* pub struct $Name:ident<'a>: $Endpoint:ident -> $Response:ty {
        $($fields:tt)*
    }) => {
        $crate::api::typed::part! {
            $(#[$attribute])*
            pub struct $Name<'a> at "" {$($fields)*}
        }

        impl $Name<'_> {
            /// Checks the request against the API's page and signs it.
            ///
            /// [`SignedRequest::from_request`](crate::SignedRequest::from_request) takes rules.
            ///
            /// # Errors
            ///
            /// Everything that is wrong with it, each at its place in the body.
            pub fn sign(
                &self,
                credentials: &$crate::sign::credentials::Credentials,
                request_id: $crate::sign::header::RequestId,
                create_ts: $crate::sign::timestamp::Timestamp,
            ) -> Result<
                $crate::api::request::SignedRequest,
                $crate::check::violation::Violations,
            > {
                use $crate::api::typed::sealed::Request;
                self.sign_allowing(false, credentials, request_id, create_ts)
            }
        }

        impl $crate::api::typed::sealed::Request for $Name<'_> {
            fn sign_allowing(
                &self,
                allows_blank_edges: bool,
                credentials: &$crate::sign::credentials::Credentials,
                request_id: $crate::sign::header::RequestId,
                create_ts: $crate::sign::timestamp::Timestamp,
            ) -> Result<
                $crate::api::request::SignedRequest,
                $crate::check::violation::Violations,
            > {
                $crate::api::typed::sign(
                    self,
                    Self::TABLE,
                    allows_blank_edges,
                    credentials,
                    request_id,
                    create_ts,
                )
            }
        }

        impl $crate::api::typed::Request for $Name<'_> {
            const ENDPOINT: $crate::api::endpoint::Endpoint =
                $crate::api::endpoint::Endpoint::$Endpoint;
            type Response = $Response;

            fn sign(
                &self,
                credentials: &$crate::sign::credentials::Credentials,
                request_id: $crate::sign::header::RequestId,
                create_ts: $crate::sign::timestamp::Timestamp,
            ) -> Result<
                $crate::api::request::SignedRequest,
                $crate::check::violation::Violations,
            > {
                self.sign(credentials, request_id, create_ts)
            }
        }
    };
}
pub(crate) use request;

/// Declares the struct of an object in a request, and the path of that object.
macro_rules! part {
    (
        $(#[$attribute:meta])*
        pub struct $Name:ident $(<$a:lifetime>)? at $path:literal {
            $(
                $($constant:literal = $value:literal;)?
                $(#[$doc:meta])*
                $field:ident: $Type:ty = $key:literal $(, $rule:ident $(($($argument:expr),+))?)*;
            )*
            $(..$extra:ident;)?
        }
    ) => {
        $(#[$attribute])*
        ///
        /// Its `Debug` shows no content.
        #[derive(Clone, Copy, Default, PartialEq)]
        pub struct $Name $(<$a>)? {
            $(
                #[doc = concat!("`", $key, "`.")]
                $(#[$doc])*
                pub $field: $Type,
            )*
            $(
                /// Further keys and their values, which follow the others.
                pub $extra: &'a [(&'a str, $crate::json::typed::Json<'a>)],
            )?
        }

        impl $(<$a>)? core::fmt::Debug for $Name $(<$a>)? {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($Name)).finish_non_exhaustive()
            }
        }

        impl $(<$a>)? $Name $(<$a>)? {
            pub(crate) const TABLE: &'static $crate::json::schema::Table =
                &$crate::json::schema::Table {
                    rows: &[$(
                        $($crate::json::schema::Row::new(
                            $constant,
                            [concat!($path, "/", $constant), concat!($path, "/", $constant, "/*")],
                            $crate::json::schema::Kind::String,
                            true,
                        ).constant($value),)?
                        $crate::json::schema::Row::new(
                            $key,
                            [concat!($path, "/", $key), concat!($path, "/", $key, "/*")],
                            <$Type as $crate::json::typed::Field>::KIND,
                            <$Type as $crate::json::typed::Field>::IS_REQUIRED,
                        )$(.$rule($($($argument),+)?))*,
                    )*],
                    is_open: !concat!("" $(, stringify!($extra))?).is_empty(),
                };
        }

        impl $(<$a>)? $crate::json::typed::Field for $Name $(<$a>)? {
            const KIND: $crate::json::schema::Kind = match Self::TABLE.is_open {
                true => $crate::json::schema::Kind::Any(Some(Self::TABLE)),
                false => $crate::json::schema::Kind::Object(Self::TABLE),
            };
            const LIST: $crate::json::schema::Kind =
                $crate::json::schema::Kind::Any(Some(Self::TABLE));

            fn write(
                &self,
                draft: &mut $crate::json::typed::Draft,
                path: $crate::check::path::Path,
            ) {
                draft.push(b"{");
                $(
                    let at = path.with_pattern(concat!($path, "/", $key));
                    draft.member($key, &self.$field, at);
                )*
                $(
                    for (key, value) in self.$extra {
                        draft.member(key, value, path.with_pattern($path));
                    }
                )?
                draft.push(b"}");
            }
        }
    };
}
pub(crate) use part;

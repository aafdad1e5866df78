//! The API's endpoints, by name and path.

use core::fmt;
use core::str::FromStr;

use crate::check::names::{self, NameDifference};

/// The directory of the paths of all endpoints.
pub(crate) const DIRECTORY: &str = "/callcentre/api/v3";

/// Declares the endpoints, one line each: variant, name.
macro_rules! endpoints {
    ($($(#[$doc:meta])* $Variant:ident = $name:literal;)+) => {
        /// An endpoint of the Callbot API, version 3.
        ///
        /// ```
        /// use callbot_core::Endpoint;
        ///
        /// let endpoint: Endpoint = "stopOrder".parse()?;
        /// assert_eq!(endpoint.path(), "/callcentre/api/v3/stopOrder");
        /// # Ok::<(), callbot_core::Error>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Endpoint {
            $($(#[$doc])* $Variant,)+
        }

        impl Endpoint {
            /// All endpoints.
            pub const ALL: &[Self] = &[$(Self::$Variant),+];

            /// The API's own name, such as `addBatchCall`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$Variant => $name,)+
                }
            }

            /// The path below the provider's base URL.
            #[must_use]
            pub const fn path(self) -> &'static str {
                match self {
                    $(Self::$Variant => concat!("/callcentre/api/v3/", $name),)+
                }
            }
        }
    };
}

endpoints! {
    /// Adds orders to an existing task.
    AddBatchCall = "addBatchCall";
    /// Imports the newest batch of orders.
    ImportBatchCall = "importBatchCall";
    /// Exports the latest batch.
    ExportBatchCall = "exportBatchCall";
    /// Stops dialling orders.
    StopOrder = "stopOrder";
    /// Creates a task.
    CreateTask = "createTask";
    /// Creates a task and adds orders at once.
    CreateAndCall = "createAndCall";
    /// Changes a task.
    UpdateTask = "updateTask";
    /// Starts, pauses or completes a task.
    MgrTaskStatus = "mgrTaskStatus";
    /// Lists tasks with statistics.
    ListTask = "listTask";
    /// Lists orders with their last call status.
    ListOrder = "listOrder";
    /// Lists calls.
    ListCall = "listCall";
    /// Lists every call of given orders.
    ListOrderDetail = "listOrderDetail";
    /// Checks that the provider answers.
    Ping = "ping";
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl AsRef<str> for Endpoint {
    fn as_ref(&self) -> &str {
        self.name()
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    /// Parses the API's own name.
    ///
    /// # Errors
    ///
    /// [`EndpointError::Unknown`] for any other string.
    fn from_str(name: &str) -> Result<Self, EndpointError> {
        Self::ALL
            .iter()
            .copied()
            .find(|endpoint| endpoint.name() == name)
            .ok_or_else(|| EndpointError::Unknown {
                nearest: names::nearest(name, Self::ALL.iter().copied()),
            })
    }
}

/// An endpoint that takes orders.
///
/// ```
/// use callbot_core::{Endpoint, EndpointError, OrderEndpoint};
///
/// assert_eq!(Endpoint::ImportBatchCall.try_into(), Ok(OrderEndpoint::ImportBatchCall));
/// let other = OrderEndpoint::try_from(Endpoint::StopOrder);
/// assert_eq!(other, Err(EndpointError::NoOrders));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OrderEndpoint {
    /// Adds orders to an existing task.
    AddBatchCall,
    /// Imports the newest batch of orders.
    ImportBatchCall,
    /// Creates a task and adds orders at once.
    CreateAndCall,
}

impl From<OrderEndpoint> for Endpoint {
    fn from(endpoint: OrderEndpoint) -> Self {
        match endpoint {
            OrderEndpoint::AddBatchCall => Self::AddBatchCall,
            OrderEndpoint::ImportBatchCall => Self::ImportBatchCall,
            OrderEndpoint::CreateAndCall => Self::CreateAndCall,
        }
    }
}

impl TryFrom<Endpoint> for OrderEndpoint {
    type Error = EndpointError;

    /// # Errors
    ///
    /// [`EndpointError::NoOrders`] for any other endpoint.
    fn try_from(endpoint: Endpoint) -> Result<Self, EndpointError> {
        match endpoint {
            Endpoint::AddBatchCall => Ok(Self::AddBatchCall),
            Endpoint::ImportBatchCall => Ok(Self::ImportBatchCall),
            Endpoint::CreateAndCall => Ok(Self::CreateAndCall),
            _ => Err(EndpointError::NoOrders),
        }
    }
}

/// Why an endpoint cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointError {
    /// The string is not the name of an endpoint.
    Unknown {
        /// The endpoint whose name it nearly is, and how it differs from that.
        nearest: Option<(Endpoint, NameDifference)>,
    },
    /// The endpoint takes no orders, and so no batch.
    NoOrders,
}

impl EndpointError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown { .. } => "endpoint",
            Self::NoOrders => "endpoint_no_orders",
        }
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown {
                nearest: Some((endpoint, difference)),
            } => write!(
                f,
                "unknown endpoint, whose name differs from {endpoint} {difference}; write it \
                 exactly so"
            ),
            Self::Unknown { nearest: None } => f.write_str(
                "unknown endpoint; use a name of the API's pages, such as addBatchCall, or sign \
                 any other path",
            ),
            Self::NoOrders => f.write_str(
                "this endpoint takes no orders; use addBatchCall, importBatchCall or createAndCall",
            ),
        }
    }
}

impl core::error::Error for EndpointError {}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn each_name_is_parsed_to_its_endpoint() {
        assert_eq!(Endpoint::ALL.len(), 13);
        for &endpoint in Endpoint::ALL {
            assert_eq!(endpoint.name().parse(), Ok(endpoint));
            let path = alloc::format!("{DIRECTORY}/{}", endpoint.name());
            assert_eq!(endpoint.path(), path);
        }
        for name in ["", "addBatchOrder", "/callcentre/api/v3/ping", "zhangwei"] {
            let unknown = EndpointError::Unknown { nearest: None };
            assert_eq!(name.parse::<Endpoint>(), Err(unknown), "{name:?}");
        }
    }

    #[test]
    fn a_name_that_is_nearly_known_is_told_by_the_known_one() {
        for (name, known, difference) in [
            ("addbatchcall", Endpoint::AddBatchCall, "by case"),
            (
                "addBatchCall ",
                Endpoint::AddBatchCall,
                "by whitespace (U+0020)",
            ),
            (
                "\u{feff}stopOrder",
                Endpoint::StopOrder,
                "by invisible characters (U+FEFF)",
            ),
            (
                "stop_order",
                Endpoint::StopOrder,
                "by case and underscores or hyphens",
            ),
            (
                "STOP-ORDER",
                Endpoint::StopOrder,
                "by case and underscores or hyphens",
            ),
            ("listCalls", Endpoint::ListCall, "by one letter"),
            ("pong", Endpoint::Ping, "by one letter"),
        ] {
            let error = name.parse::<Endpoint>().expect_err("the name is unknown");
            let EndpointError::Unknown {
                nearest: Some((nearest, _)),
            } = error
            else {
                panic!("{name:?}: {error:?}");
            };
            assert_eq!(nearest, known, "{name:?}");
            let message = error.to_string();
            assert!(message.contains(difference), "{message}");
            assert!(message.contains(known.name()), "{message}");
        }
    }
}

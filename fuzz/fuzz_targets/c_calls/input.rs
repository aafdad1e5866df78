//! What a program passes to the C library: the calls, and the orders, strings and lists with the
//! mistakes that a program in C can make.

use std::{ptr, str};

use arbitrary::Arbitrary;
use callbot::{
    CALLBOT_ENDPOINT, CALLBOT_LENGTH, CALLBOT_NOT_UTF8, CALLBOT_NULL_POINTER,
    CALLBOT_POLICY_KEEP_VALID, CALLBOT_POLICY_REFUSE_ALL, CALLBOT_UNKNOWN_CONSTANT, callbot_order,
    callbot_param, callbot_status, callbot_str,
};
use callbot_core::{Endpoint, OrderBytes, ParamBytes, Policy};

#[derive(Arbitrary, Debug)]
pub(crate) enum Call<'a> {
    NewBatch(Slot, RulesInput<'a>),
    ReadBatch(Slot, RulesInput<'a>, Json<'a>, PolicyInput),
    Add(Slot, OrderInput<'a>),
    AddAll(Slot, Vec<OrderInput<'a>>, PolicyInput),
    Reserve(Slot, u8, u16),
    Clear(Slot),
    FreeBatch(Slot),
    Build {
        batch: Slot,
        to: Slot,
        id: u8,
    },
    SignAgain {
        from: Slot,
        to: Slot,
        id: u8,
    },
    FreeRequest(Slot),
    BatchFor(
        Slot,
        RulesInput<'a>,
        EndpointInput<'a>,
        Json<'a>,
        PolicyInput,
    ),
    SignJson {
        to: Slot,
        endpoint: EndpointInput<'a>,
        json: Json<'a>,
        id: u8,
    },
    SignAny {
        to: Slot,
        path: Text<'a>,
        body: Text<'a>,
        id: u8,
    },
    Headers(HeaderLines<'a>),
    Url(Slot, Text<'a>),
    Content(Slot, ContentInput<'a>),
}

/// The name of an endpoint.
#[derive(Arbitrary, Debug, Clone, Copy)]
pub(crate) enum EndpointInput<'a> {
    Known(u8),
    Any(Text<'a>),
}

/// A raw header block.
#[derive(Arbitrary, Debug)]
pub(crate) enum HeaderLines<'a> {
    Any(Text<'a>),
    /// The lines that the library wrote for a request, with other bytes before and after them.
    Written {
        request: Slot,
        before: &'a [u8],
        after: &'a [u8],
        crlf: bool,
    },
}

/// The body of a response to a request, and what is read from it.
#[derive(Arbitrary, Debug)]
pub(crate) struct ContentInput<'a> {
    /// In place of a body with this retCode and these refused phones.
    pub(crate) body: Option<&'a [u8]>,
    pub(crate) ret_code: i16,
    pub(crate) total: Option<u8>,
    pub(crate) accepted: Option<u8>,
    pub(crate) phones: Vec<Text<'a>>,
    pub(crate) kind: i8,
    pub(crate) pointers: Vec<Text<'a>>,
}

/// Where an object is kept: one of two slots.
#[derive(Arbitrary, Debug, Clone, Copy)]
pub(crate) struct Slot(bool);

impl Slot {
    pub(crate) fn index(self) -> usize {
        self.0.into()
    }
}

#[derive(Arbitrary, Debug)]
pub(crate) struct RulesInput<'a> {
    pub(crate) params: Vec<Text<'a>>,
    pub(crate) no_other_params: bool,
    pub(crate) country_code: Option<Text<'a>>,
    pub(crate) max_orders: Option<u8>,
    pub(crate) allow_blank_edges: bool,
    pub(crate) unique_phones: bool,
}

#[derive(Arbitrary, Debug)]
pub(crate) enum Json<'a> {
    Any(Text<'a>),
    /// The body of a batch, perhaps truncated.
    Body(Slot, u8),
}

impl<'a> Json<'a> {
    /// The string. `body` is that of the batch that the input names.
    pub(crate) fn text_of<'b>(&self, body: &'b [u8]) -> Text<'b>
    where
        'a: 'b,
    {
        match *self {
            Self::Any(text) => text,
            Self::Body(_, less) => Text::Any(&body[..body.len().saturating_sub(less.into())]),
        }
    }
}

#[derive(Arbitrary, Debug, Clone, Copy)]
pub(crate) enum PolicyInput {
    RefuseAll,
    KeepValid,
    Unknown(i32),
}

#[derive(Arbitrary, Debug)]
pub(crate) struct OrderInput<'a> {
    order_id: Text<'a>,
    /// A valid one for `None`.
    user_phone: Option<Text<'a>>,
    other: Text<'a>,
    user_name: Text<'a>,
    customer_name: Text<'a>,
    params: Params<'a>,
}

#[derive(Arbitrary, Debug)]
pub(crate) enum Params<'a> {
    Listed(Vec<(Text<'a>, Text<'a>)>),
    Null(usize),
    TooMany(bool),
}

#[derive(Arbitrary, Debug, Clone, Copy)]
pub(crate) enum Text<'a> {
    Any(&'a [u8]),
    /// One of a few, so that duplicates occur.
    Short(u8),
    /// NULL, with a length of 0 or a wrong one.
    Null(usize),
    /// More bytes than an object can have.
    TooLong(usize),
}

impl EndpointInput<'_> {
    pub(crate) fn for_c(self) -> callbot_str {
        match self {
            Self::Known(_) => borrow(self.endpoint().map_or("", Endpoint::name).as_bytes()),
            Self::Any(name) => name.for_c(),
        }
    }

    pub(crate) fn endpoint(self) -> Result<Endpoint, Failed> {
        match self {
            Self::Known(which) => Ok(Endpoint::ALL[usize::from(which) % Endpoint::ALL.len()]),
            Self::Any(name) => name.text()?.parse().map_err(|_| CALLBOT_ENDPOINT),
        }
    }
}

/// A status other than `CALLBOT_OK`.
pub(crate) type Failed = callbot_status;

impl<'a> Text<'a> {
    /// What the library makes of the pointer and the length.
    pub(crate) fn bytes(self) -> Result<&'a [u8], Failed> {
        match self {
            Self::Any(bytes) => Ok(bytes),
            Self::Short(which) => Ok(&b"0123456789abcdef"[usize::from(which % 16)..][..1]),
            Self::Null(0) => Ok(&[]),
            Self::Null(len) if isize::try_from(len).is_ok() => Err(CALLBOT_NULL_POINTER),
            Self::Null(_) | Self::TooLong(_) => Err(CALLBOT_LENGTH),
        }
    }

    pub(crate) fn text(self) -> Result<&'a str, Failed> {
        str::from_utf8(self.bytes()?).map_err(|_| CALLBOT_NOT_UTF8)
    }

    pub(crate) fn for_c(self) -> callbot_str {
        let (data, len) = match self {
            Self::Null(len) => (ptr::null(), len),
            Self::TooLong(len) => (ptr::dangling(), len | (1 << (usize::BITS - 1))),
            Self::Any(_) | Self::Short(_) => return borrow(self.bytes().unwrap_or_default()),
        };
        callbot_str { data, len }
    }
}

pub(crate) fn borrow(bytes: &[u8]) -> callbot_str {
    callbot_str {
        data: bytes.as_ptr().cast(),
        len: bytes.len(),
    }
}

impl PolicyInput {
    pub(crate) fn for_c(self) -> i32 {
        match self {
            Self::RefuseAll => CALLBOT_POLICY_REFUSE_ALL,
            Self::KeepValid => CALLBOT_POLICY_KEEP_VALID,
            Self::Unknown(number) => number,
        }
    }

    pub(crate) fn policy(self) -> Result<Policy, Failed> {
        match self.for_c() {
            CALLBOT_POLICY_REFUSE_ALL => Ok(Policy::RefuseAll),
            CALLBOT_POLICY_KEEP_VALID => Ok(Policy::KeepValid),
            _ => Err(CALLBOT_UNKNOWN_CONSTANT),
        }
    }
}

impl<'a> OrderInput<'a> {
    fn user_phone(&self) -> Text<'a> {
        self.user_phone.unwrap_or(Text::Any(b"8613800000001"))
    }

    fn fields(&self) -> [Text<'a>; 5] {
        let phone = self.user_phone();
        [
            self.order_id,
            phone,
            self.other,
            self.user_name,
            self.customer_name,
        ]
    }

    pub(crate) fn params_for_c(&self) -> Vec<callbot_param> {
        let Params::Listed(params) = &self.params else {
            return Vec::new();
        };
        let param = |&(name, value): &(Text<'_>, Text<'_>)| callbot_param {
            name: name.for_c(),
            value: value.for_c(),
        };
        params.iter().map(param).collect()
    }

    pub(crate) fn for_c(&self, params: &[callbot_param]) -> callbot_order {
        let [order_id, user_phone, other, user_name, customer_name] =
            self.fields().map(Text::for_c);
        let (params, param_count) = match self.params {
            Params::Listed(_) => (params.as_ptr(), params.len()),
            Params::Null(count) => (ptr::null(), count),
            Params::TooMany(all) => (
                ptr::dangling(),
                if all { usize::MAX } else { usize::MAX / 32 },
            ),
        };
        callbot_order {
            order_id,
            user_phone,
            other,
            user_name,
            customer_name,
            params,
            param_count,
        }
    }

    /// The params, or the first thing that keeps the library from reading the order.
    pub(crate) fn read_params(&self) -> Result<Vec<ParamBytes<'a>>, Failed> {
        let max = isize::MAX.unsigned_abs() / size_of::<callbot_param>();
        let params = match &self.params {
            Params::Listed(params) => &params[..],
            Params::Null(0) => &[],
            &Params::Null(count) if count <= max => return Err(CALLBOT_NULL_POINTER),
            Params::Null(_) | Params::TooMany(_) => return Err(CALLBOT_LENGTH),
        };
        let param = |&(name, value): &(Text<'a>, Text<'a>)| {
            Ok(ParamBytes {
                name: name.bytes()?,
                value: value.bytes()?,
            })
        };
        let params = params.iter().map(param).collect::<Result<_, Failed>>()?;
        for field in self.fields() {
            field.bytes()?;
        }
        Ok(params)
    }

    pub(crate) fn order<'p>(&self, params: &'p [ParamBytes<'a>]) -> Result<OrderBytes<'p>, Failed> {
        let [order_id, user_phone, other, user_name, customer_name] = self.fields();
        Ok(OrderBytes {
            order_id: order_id.bytes()?,
            user_phone: user_phone.bytes()?,
            other: other.bytes()?,
            user_name: user_name.bytes()?,
            customer_name: customer_name.bytes()?,
            params,
        })
    }
}

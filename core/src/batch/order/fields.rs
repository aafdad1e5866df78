//! What an order's texts are read through, whichever way the order came in.

use alloc::vec::Vec;
use core::convert::Infallible;
use core::str;

use super::{Order, OrderBytes, Param, ParamBytes};

/// What the texts of an order can be.
pub(crate) trait Text {
    /// Whether such a text is always UTF-8.
    const IS_PROVEN: bool;
    /// Says that a text is not UTF-8. Where it always is, nothing can say so.
    type NotUtf8;

    fn bytes(&self) -> &[u8];
    fn prove(&self) -> Result<(), Self::NotUtf8>;
}

impl Text for str {
    const IS_PROVEN: bool = true;
    type NotUtf8 = Infallible;

    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn prove(&self) -> Result<(), Infallible> {
        Ok(())
    }
}

impl Text for [u8] {
    const IS_PROVEN: bool = false;
    type NotUtf8 = ();

    fn bytes(&self) -> &[u8] {
        self
    }

    #[inline(never)]
    fn prove(&self) -> Result<(), ()> {
        // Many that are asked about have nothing but an escape.
        let is_utf8 = self.is_ascii() || str::from_utf8(self).is_ok();
        is_utf8.then_some(()).ok_or(())
    }
}

/// An order as far as it could be read: what is `None` was found wrong before, and said so.
pub(crate) trait OrderFields {
    type Text: Text + ?Sized;
    type Param: ParamFields<Text = Self::Text>;

    fn order_id(&self) -> Option<&Self::Text>;
    fn user_phone(&self) -> Option<&Self::Text>;
    fn other(&self) -> Option<&Self::Text>;
    fn user_name(&self) -> Option<&Self::Text>;
    fn customer_name(&self) -> Option<&Self::Text>;
    fn params(&self) -> Option<&[Self::Param]>;
}

/// A param as far as it could be read.
pub(crate) trait ParamFields {
    type Text: Text + ?Sized;

    fn name(&self) -> Option<&Self::Text>;
    fn value(&self) -> Option<&Self::Text>;

    /// Which param of its order it is; `i` is its place among those that could be read.
    fn index(&self, i: usize) -> usize {
        i
    }
}

macro_rules! has_all_fields {
    ($Order:ident, $Param:ident, $Text:ty) => {
        impl<'a> OrderFields for $Order<'a> {
            type Text = $Text;
            type Param = $Param<'a>;

            fn order_id(&self) -> Option<&$Text> {
                Some(self.order_id)
            }

            fn user_phone(&self) -> Option<&$Text> {
                Some(self.user_phone)
            }

            fn other(&self) -> Option<&$Text> {
                Some(self.other)
            }

            fn user_name(&self) -> Option<&$Text> {
                Some(self.user_name)
            }

            fn customer_name(&self) -> Option<&$Text> {
                Some(self.customer_name)
            }

            fn params(&self) -> Option<&[$Param<'a>]> {
                Some(self.params)
            }
        }

        impl ParamFields for $Param<'_> {
            type Text = $Text;

            fn name(&self) -> Option<&$Text> {
                Some(self.name)
            }

            fn value(&self) -> Option<&$Text> {
                Some(self.value)
            }
        }
    };
}

has_all_fields!(Order, Param, str);
has_all_fields!(OrderBytes, ParamBytes, [u8]);

/// An order whose texts were proven; `None` are those that are not UTF-8.
pub(crate) struct ProvenOrder<'a> {
    pub(super) order_id: Option<&'a str>,
    pub(super) user_phone: Option<&'a str>,
    pub(super) other: Option<&'a str>,
    pub(super) user_name: Option<&'a str>,
    pub(super) customer_name: Option<&'a str>,
    pub(super) params: Vec<ProvenParam<'a>>,
}

/// A param of it.
pub(crate) struct ProvenParam<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) value: Option<&'a str>,
}

impl<'a> OrderFields for ProvenOrder<'a> {
    type Text = str;
    type Param = ProvenParam<'a>;

    fn order_id(&self) -> Option<&str> {
        self.order_id
    }

    fn user_phone(&self) -> Option<&str> {
        self.user_phone
    }

    fn other(&self) -> Option<&str> {
        self.other
    }

    fn user_name(&self) -> Option<&str> {
        self.user_name
    }

    fn customer_name(&self) -> Option<&str> {
        self.customer_name
    }

    fn params(&self) -> Option<&[ProvenParam<'a>]> {
        Some(&self.params)
    }
}

impl ParamFields for ProvenParam<'_> {
    type Text = str;

    fn name(&self) -> Option<&str> {
        self.name
    }

    fn value(&self) -> Option<&str> {
        self.value
    }
}

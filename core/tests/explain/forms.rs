//! Each mistake in each form that is tried together with another mistake.
//!
//! A form changes a recipe: what a program sends and signs. Two forms are two changes in turn.

use callbot_core::Algorithm;
use callbot_core::diagnose::Cause;

use crate::document::{Doc, Habits};
use crate::recipe::{Cut, End, Recipe, Side, Whole};

/// A form of a mistake.
pub(crate) struct Form {
    pub(crate) cause: Cause,
    pub(crate) name: String,
    is_cheap_only: bool,
    change: Box<dyn Fn(&mut Recipe) + Sync + Send>,
}

impl Form {
    pub(crate) fn apply(&self, recipe: &mut Recipe) {
        (self.change)(recipe);
    }

    /// Whether the two are tried together: `docs/explain.md` tells which form is not tried with the
    /// costly mistakes.
    pub(crate) fn goes_with(&self, other: &Self) -> bool {
        let is_costly = |form: &Self| matches!(form.cause, Cause::PartOrder | Cause::CreateTsOther);
        self.cause != other.cause
            && !(self.is_cheap_only && is_costly(other))
            && !(is_costly(self) && other.is_cheap_only)
    }
}

#[derive(Default)]
struct Forms(Vec<Form>);

impl Forms {
    fn add(
        &mut self,
        cause: Cause,
        name: impl Into<String>,
        change: impl Fn(&mut Recipe) + Sync + Send + 'static,
    ) {
        self.0.push(Form {
            cause,
            name: name.into(),
            is_cheap_only: false,
            change: Box::new(change),
        });
    }

    /// A habit of the serialiser, in the body that is signed or in the one that is sent.
    fn add_habit(&mut self, cause: Cause, name: &str, set: fn(&mut Habits)) {
        self.add(cause, format!("{name}, signed"), move |recipe| {
            set(recipe.habits(Side::Signed));
        });
        self.add(cause, format!("{name}, sent"), move |recipe| {
            set(recipe.habits(Side::Sent));
        });
    }

    fn add_whole(&mut self, cause: Cause, whole: Whole, sides: &[Side]) {
        for &side in sides {
            self.add(cause, format!("{whole:?}, {side:?}"), move |recipe| {
                recipe.whole(side).push(whole);
            });
        }
    }
}

/// All forms.
pub(crate) fn forms() -> Vec<Form> {
    let mut forms = Forms::default();
    forms.add_signature();
    forms.add_key();
    forms.add_bodies();
    forms.add_values();
    forms.add_layout();
    forms.0
}

impl Forms {
    fn add_signature(&mut self) {
        self.add(Cause::Algorithm, "the other one", |recipe| {
            recipe.algorithm = match recipe.algorithm {
                Algorithm::Md5 => Algorithm::Sha256,
                Algorithm::Sha256 => Algorithm::Md5,
            };
        });
        for (in_string, ampersand) in [(true, true), (false, true), (false, false)] {
            let name = format!("key in string: {in_string}, first ampersand: {ampersand}");
            self.add(Cause::AlgorithmHmac, name, move |recipe| {
                recipe.hmac = Some(in_string);
                recipe.ampersands[0] &= ampersand;
            });
        }
        self.add(Cause::LowerCase, "lower", |recipe| recipe.lower = true);
        self.add(Cause::Base64, "padded", |recipe| recipe.base64 = true);
        for cut in [Cut::Start, Cut::Middle, Cut::End] {
            self.add(Cause::Truncated, format!("{cut:?}"), move |recipe| {
                recipe.cut = Some(cut);
            });
        }
    }

    fn add_key(&mut self) {
        self.add(Cause::SecretKeyMissing, "empty", |recipe| {
            recipe.key.clear();
        });
        self.add(Cause::SecretKeyIsUuid, "as it is", |recipe| {
            recipe.key.clone_from(&recipe.account.uuid);
        });
        self.add(Cause::SecretKeyCase, "upper", |recipe| {
            recipe.key.make_ascii_uppercase();
        });
        self.add(Cause::SecretKeyCase, "lower", |recipe| {
            recipe.key.make_ascii_lowercase();
        });
        for quote in ["\"", "'"] {
            self.add(Cause::SecretKeyQuotes, quote, move |recipe| {
                recipe.key = format!("{quote}{}{quote}", recipe.key);
            });
        }
        for (before, after) in [("", "\n"), ("", "\r\n"), ("", " "), (" ", "")] {
            let name = format!("{before:?} {after:?}");
            self.add(Cause::SecretKeyWhitespace, name, move |recipe| {
                recipe.key = format!("{before}{}{after}", recipe.key);
            });
        }
        for ampersand in [true, false] {
            for label in ["", "&", "&secretKey=", "&key="] {
                let name = format!("{label:?}, first ampersand: {ampersand}");
                self.add(Cause::KeyAtEnd, name, move |recipe| {
                    recipe.end = End::Only(label);
                    recipe.ampersands[0] &= ampersand;
                });
            }
        }
        for label in ["", "&"] {
            self.add(Cause::KeyAtEnd, format!("{label:?} and at the start"), {
                move |recipe| recipe.end = End::Too(label)
            });
        }
    }

    fn add_bodies(&mut self) {
        use Side::{Sent, Signed};
        self.add_habit(Cause::BodySeparators, "blanks", |habits| {
            habits.blanks = true;
        });
        for (indent, set) in [
            (
                "two",
                (|habits| habits.indent = Some("  ")) as fn(&mut Habits),
            ),
            ("four", |habits| habits.indent = Some("    ")),
            ("tab", |habits| habits.indent = Some("\t")),
        ] {
            self.add_habit(Cause::BodyIndented, indent, set);
        }
        self.add(Cause::BodySorted, "signed", |recipe| {
            recipe.habits(Signed).sorted = true;
        });
        self.add_habit(Cause::BodyAsciiEscapes, "escapes", |habits| {
            habits.ascii = true;
        });
        self.add_habit(Cause::BodyEscapedSlashes, "slashes", |habits| {
            habits.slashes = true;
        });
        self.add_habit(Cause::BodyHtmlEscapes, "html", |habits| habits.html = true);
        let both = &[Signed, Sent];
        self.add_whole(Cause::BodyFinalNewline, Whole::FinalNewline, both);
        for side in [Signed, Sent] {
            self.add(Cause::BodyCrlf, format!("{side:?}"), move |recipe| {
                recipe.has_lines = true;
                recipe.whole(side).push(Whole::Crlf);
            });
        }
        self.add_whole(Cause::BodyQuoted, Whole::Quoted, both);
        self.add_whole(Cause::BodyLatin1, Whole::Latin1, &[Signed]);
        self.add_whole(Cause::BodyByteOrderMark, Whole::ByteOrderMark, both);
        for encoder in [
            Whole::UrlEncoded("-_.!~*'()", "%20"),
            Whole::UrlEncoded("-_.~", "%20"),
            Whole::UrlEncoded("-_.~/", "%20"),
            Whole::UrlEncoded("-_.~", "+"),
        ] {
            self.add_whole(Cause::BodyUrlEncoded, encoder, &[Signed]);
        }
        let encoder = Whole::UrlEncoded("-_.!~*'()", "%20");
        self.add_whole(Cause::BodyUrlEncoded, encoder, &[Sent]);
        self.add_whole(Cause::BodyEmpty, Whole::Empty, &[Signed]);
        self.add(Cause::BodyEmpty, "left out", |recipe| {
            recipe.parts[0].left_out = true;
        });
    }

    fn add_values(&mut self) {
        // No time stays none.
        let add = |recipe: &mut Recipe, milliseconds| {
            let signed = &mut recipe.parts[1].signed;
            if !signed.is_empty() {
                *signed += milliseconds;
            }
        };
        for milliseconds in ["000", "042"] {
            let name = format!("signed with {milliseconds}");
            self.add(Cause::CreateTsMilliseconds, name, move |recipe| {
                add(recipe, milliseconds);
            });
        }
        self.add(
            Cause::CreateTsMilliseconds,
            "sent and signed",
            move |recipe| {
                add(recipe, "042");
                recipe.headers[1] += "042";
            },
        );
        self.add(Cause::CreateTsMilliseconds, "sent", |recipe| {
            recipe.headers[1] += "042";
        });
        for seconds in [-3_600_i64, -1, 1, 3_599] {
            self.add(Cause::CreateTsOther, format!("{seconds}"), move |recipe| {
                let (second, rest) = recipe.parts[1]
                    .signed
                    .split_at(10.min(recipe.parts[1].signed.len()));
                let Ok(second) = second.parse::<i64>() else {
                    return;
                };
                recipe.parts[1].signed = format!("{}{rest}", second + seconds);
            });
        }
        for (part, cause) in [
            (1, Cause::CreateTsMissing),
            (2, Cause::RequestIdMissing),
            (3, Cause::UuidMissing),
        ] {
            self.add(cause, "empty", move |recipe| {
                recipe.parts[part].signed.clear();
            });
            self.add(cause, "left out", move |recipe| {
                recipe.parts[part].left_out = true;
            });
            if part != 1 {
                self.add(cause, "not sent", move |recipe| {
                    recipe.headers[part].clear();
                    if part == 2 {
                        recipe.parts[part].signed.clear();
                    }
                });
            }
        }
        self.add(Cause::RequestIdHyphens, "signed", |recipe| {
            for place in [20, 16, 12, 8] {
                if recipe.parts[2].signed.len() >= 32 {
                    recipe.parts[2].signed.insert(place, '-');
                }
            }
        });
        self.add(Cause::RequestIdCase, "upper", |recipe| {
            recipe.parts[2].signed.make_ascii_uppercase();
        });
    }

    fn add_layout(&mut self) {
        for order in orders() {
            self.add(Cause::PartOrder, format!("{order:?}"), move |recipe| {
                recipe.order = order;
            });
        }
        for names in [
            ["", "", "", ""],
            ["data", "createTs", "requestID", "uuid"],
            ["Body", "CreateTs", "RequestID", "Uuid"],
            ["body", "createTs", "requestId", "uuid"],
            ["body", "timestamp", "requestID", "uuid"],
            ["body", "timestamp", "requestId", "uuid"],
            ["body", "ts", "requestID", "uuid"],
            ["body", "ts", "requestId", "uuid"],
            ["body", "createts", "requestid", "uuid"],
            ["body", "create_ts", "request_id", "uuid"],
            ["body", "createTs", "requestID", "UUID"],
            ["body", "createTs", "requestID", "accessKey"],
            ["body", "create_ts", "requestID", "uuid"],
            ["body", "createTs", "reqId", "uuid"],
            ["body", "createTs", "requestID", "userId"],
        ] {
            self.add(Cause::PartNames, format!("{names:?}"), move |recipe| {
                recipe.names = names;
            });
            let form = self.0.last_mut().expect("the form");
            // The body's name, or one name alone.
            let others = names
                .iter()
                .zip(RULE)
                .filter(|(name, right)| *name != right);
            form.is_cheap_only = !["body", ""].contains(&names[0])
                || (others.count() == 1 && !COMMON_ALONE.iter().any(|name| names.contains(name)));
        }
        // All, each one, and those after the body.
        for missing in [0b1111_u8, 0b1000, 0b100, 0b10, 1, 0b111, 0b110, 0b101, 0b11] {
            self.add(Cause::AmpersandMissing, format!("{missing:04b}"), {
                move |recipe| {
                    for (place, has) in recipe.ampersands.iter_mut().enumerate() {
                        *has &= missing >> (3 - place) & 1 == 0;
                    }
                }
            });
            let form = self.0.last_mut().expect("the form");
            form.is_cheap_only = matches!(missing.count_ones(), 2 | 3);
        }
        for has_ts in [false, true] {
            self.add(Cause::OtherScheme, format!("milliseconds: {has_ts}"), {
                move |recipe| recipe.other_scheme = Some(has_ts)
            });
        }
    }
}

const RULE: [&str; 4] = ["body", "createTs", "requestID", "uuid"];

/// Names that are common without another mistake in the names.
const COMMON_ALONE: [&str; 5] = ["requestId", "timestamp", "ts", "UUID", "accessKey"];

/// All orders but the right one.
fn orders() -> Vec<[usize; 4]> {
    let mut orders = Vec::new();
    for number in 0..256 {
        let order = [6, 4, 2, 0].map(|shift| number >> shift & 3);
        let has_all = (0..4).all(|part| order.contains(&part));
        if has_all && order != [0, 1, 2, 3] {
            orders.push(order);
        }
    }
    orders
}

/// A document to which every form makes a difference.
pub(crate) fn document() -> Doc {
    let text = |text: &str| Doc::Text(text.into());
    let inner = Doc::Object(vec![
        ("z".into(), text("/<b> é*~'")),
        ("a".into(), Doc::Scalar("1".into())),
    ]);
    Doc::Object(vec![
        ("userTaskID".into(), text("中\"\\")),
        (
            "list".into(),
            Doc::List(vec![inner, Doc::Scalar("-1".into())]),
        ),
    ])
}

//! Tables of what a JSON object may have: a row for each key.
//!
//! A row that the API's page documents is held to it. A row that is known from an example only has
//! the kind [`Any`](Kind::Any) and takes any value.

/// An object's keys, in the order in which they are written.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) rows: &'static [Row],
    /// Whether other keys are carried on, after those of the rows. A closed object refuses them.
    pub(crate) is_open: bool,
}

/// A key and its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) key: &'static str,
    /// The path of the value.
    pub(crate) path: &'static str,
    /// The path of an element, if the value is a list.
    pub(crate) element: &'static str,
    pub(crate) kind: Kind,
    pub(crate) is_required: bool,
    /// Whether `null` may stand for a value.
    pub(crate) is_nullable: bool,
    pub(crate) rule: Rule,
    /// Whether it is the caller's own ID, or a list of such IDs. The IDs of a list are not empty.
    pub(crate) is_id: bool,
}

/// What a value must be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    String,
    Integer,
    Boolean,
    /// A list of strings.
    Strings,
    /// A list of integers.
    Integers,
    Object(&'static Table),
    /// Any JSON. If there is a table, it has the keys of the object in the page's example, or those
    /// of the objects in its list.
    Any(Option<&'static Table>),
}

/// What else a value must be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rule {
    None,
    /// A string or a list that is not empty.
    NotEmpty,
    /// A string that is always the same. It is added if it is missing.
    Constant(&'static str),
    /// An integer from the first to the second number.
    Range(i64, i64),
    /// A list of at most so many elements.
    AtMost(usize),
}

impl Row {
    pub(crate) const fn new(
        key: &'static str,
        [path, element]: [&'static str; 2],
        kind: Kind,
        is_required: bool,
    ) -> Self {
        Self {
            key,
            path,
            element,
            kind,
            is_required,
            is_nullable: false,
            rule: Rule::None,
            is_id: false,
        }
    }

    pub(crate) const fn constant(self, value: &'static str) -> Self {
        self.with(Rule::Constant(value))
    }

    pub(crate) const fn not_empty(self) -> Self {
        self.with(Rule::NotEmpty)
    }

    pub(crate) const fn range(self, min: i64, max: i64) -> Self {
        self.with(Rule::Range(min, max))
    }

    pub(crate) const fn at_most(self, elements: usize) -> Self {
        self.with(Rule::AtMost(elements))
    }

    pub(crate) const fn or_null(mut self) -> Self {
        self.is_nullable = true;
        self
    }

    pub(crate) const fn id(mut self) -> Self {
        self.is_id = true;
        self
    }

    const fn with(mut self, rule: Rule) -> Self {
        self.rule = rule;
        self
    }
}

//! Places in a document, as JSON Pointers (RFC 6901).

use core::fmt;

/// A JSON Pointer: a static pattern with a `*` for each index, and the indices.
///
/// It takes no allocation, however many orders are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Path {
    pattern: &'static str,
    /// The indices of the pattern's `*`, outermost first; those beyond its last `*` are 0.
    indices: [u32; Self::MAX_DEPTH],
}

impl Path {
    /// The maximum depth of nested lists.
    const MAX_DEPTH: usize = 4;

    /// The document as a whole.
    pub(crate) const ROOT: Self = Self::new("");

    /// A place that is in no list.
    pub(crate) const fn new(pattern: &'static str) -> Self {
        Self {
            pattern,
            indices: [0; Self::MAX_DEPTH],
        }
    }

    /// A place in the same elements of the same lists.
    pub(crate) const fn with_pattern(self, pattern: &'static str) -> Self {
        Self { pattern, ..self }
    }

    /// The place of a member, whose pattern is that of a table. A table whose object is found in
    /// another place than on the API's page gives the place of the object.
    pub(crate) fn member(self, pattern: &'static str) -> Self {
        let below = pattern.strip_prefix(self.pattern);
        if below.is_some_and(|below| !below.contains('*')) {
            self.with_pattern(pattern)
        } else {
            self
        }
    }

    /// The element `index` of the list at nesting depth `depth` (0 is the outermost).
    pub(crate) fn element(self, pattern: &'static str, depth: usize, index: usize) -> Self {
        let mut indices = self.indices;
        // It saturates: only the first `Violations::MAX_LISTED` violations are kept.
        indices[depth] = u32::try_from(index).unwrap_or(u32::MAX);
        Self { pattern, indices }
    }

    /// The element `index` of this list. The pattern is for the caller to complete.
    pub(crate) fn in_list(self, index: usize) -> Self {
        let depth = self.pattern.matches('*').count();
        self.element(self.pattern, depth, index)
    }

    /// Another element of the innermost list.
    pub(crate) fn sibling(self, index: usize) -> Self {
        let last = self.pattern.rfind('*').map_or(0, |last| last + 1);
        let depth = self.pattern[..last].matches('*').count();
        self.element(&self.pattern[..last], depth.saturating_sub(1), index)
    }

    /// The same place in another element of the outermost list.
    pub(crate) fn in_other(self, index: usize) -> Self {
        self.element(self.pattern, 0, index)
    }

    /// The last key of the pointer. Empty for the document as a whole.
    pub(crate) fn last_key(&self) -> &'static str {
        let key = self.pattern.trim_end_matches("/*");
        key.rsplit('/').next().unwrap_or_default()
    }

    /// The index in an outermost list, whose elements are at `element`. `None` outside of it.
    pub(crate) fn index_in(&self, element: &str) -> Option<usize> {
        let is_in_list = self.pattern.starts_with(element);
        is_in_list.then_some(self.indices[0] as usize)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = self.pattern.split('*');
        f.write_str(parts.next().unwrap_or_default())?;
        for (part, index) in parts.zip(self.indices) {
            write!(f, "{index}{part}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn each_index_is_shown_at_its_place() {
        let order = Path::ROOT.element("/callList/*", 0, 3);
        let name = order.element("/callList/*/params/*/name", 1, 12);
        assert_eq!(Path::ROOT.to_string(), "");
        assert_eq!(order.to_string(), "/callList/3");
        assert_eq!(name.to_string(), "/callList/3/params/12/name");
        let phone = order.with_pattern("/callList/*/userPhone");
        assert_eq!(phone.to_string(), "/callList/3/userPhone");
    }

    #[test]
    fn a_member_of_an_object_in_another_place_is_that_object() {
        let object = Path::ROOT.element("/setting/*", 0, 3);
        assert_eq!(object.member("/setting/name").to_string(), "/setting/3");
        assert_eq!(
            object.member("/setting/*/name").to_string(),
            "/setting/3/name"
        );
        let object = Path::new("/sms");
        assert_eq!(object.member("/sms/*/id").to_string(), "/sms");
        assert_eq!(object.member("/sms/id").to_string(), "/sms/id");
    }

    #[test]
    fn a_sibling_is_an_element_of_the_innermost_list() {
        let name =
            Path::ROOT
                .element("/callList/*", 0, 3)
                .element("/callList/*/params/*/name", 1, 12);
        assert_eq!(name.sibling(7).to_string(), "/callList/3/params/7");
        let other = name.in_other(5).sibling(7);
        assert_eq!(other.to_string(), "/callList/5/params/7");
        let id = Path::ROOT.element("/callList/*/orderID", 0, 3);
        assert_eq!(id.sibling(0).to_string(), "/callList/0");
    }

    #[test]
    fn the_last_key_is_that_of_a_list_for_its_element() {
        for (pattern, key) in [
            ("", ""),
            ("/callList", "callList"),
            ("/callList/*", "callList"),
            ("/callList/*/userPhone", "userPhone"),
            ("/callList/*/params/*", "params"),
            ("/callList/*/params/*/name", "name"),
        ] {
            assert_eq!(Path::new(pattern).last_key(), key);
        }
    }

    #[test]
    fn an_element_of_a_list_keeps_the_indices_around_it() {
        let params = Path::ROOT.element("/callList/*/params", 0, 3);
        let name = params.in_list(12).with_pattern("/callList/*/params/*/name");
        assert_eq!(name.to_string(), "/callList/3/params/12/name");
        let id = Path::new("/orderIDs").in_list(7);
        assert_eq!(id.with_pattern("/orderIDs/*").to_string(), "/orderIDs/7");
    }

    #[test]
    fn the_index_in_a_list_is_that_of_the_outermost_one() {
        let name =
            Path::ROOT
                .element("/callList/*", 0, 3)
                .element("/callList/*/params/*/name", 1, 12);
        assert_eq!(name.index_in("/callList/*"), Some(3));
        assert_eq!(Path::new("/callList").index_in("/callList/*"), None);
        let other = Path::ROOT.element("/orderIDs/*", 0, 3);
        assert_eq!(other.index_in("/callList/*"), None);
    }
}

//! `docs/explain.md` lists every cause with its message and its fix.

use callbot_core::diagnose::Cause;

#[test]
fn the_page_has_every_cause() {
    let page = include_str!("../../../docs/explain.md");
    let listed: Vec<_> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let wanted: Vec<_> = Cause::ALL
        .iter()
        .map(|cause| {
            format!(
                "| `{}` | {} | {} |",
                cause.code(),
                cause.message(),
                cause.fix()
            )
        })
        .collect();
    assert_eq!(listed, wanted);
    assert_eq!(Cause::ALL.len(), 35);
}

//! Raw header blocks: what is read, and what two programs could read differently and is refused.

use callbot_core::{Error, HeaderBlock, HeaderBlockErrorKind, ReceivedHeaders};
use proptest::prelude::{any, proptest};
use proptest::{collection, prop_assert_eq};

type Pair<'a> = (&'a str, &'a str);

fn parse(block: &str) -> Result<Vec<Pair<'_>>, (HeaderBlockErrorKind, usize)> {
    let text = |bytes| std::str::from_utf8(bytes).expect("the block is UTF-8");
    let block = HeaderBlock::parse(block.as_bytes());
    let block = block.map_err(|error| (error.kind(), error.line()))?;
    let pairs = block.pairs().map(|(name, value)| (text(name), text(value)));
    Ok(pairs.collect())
}

#[test]
fn every_usual_form_of_a_block_is_read() {
    let pairs: &[Pair<'_>] = &[("requestID", "r1"), ("x-note", "a: b")];
    for block in [
        "requestID: r1\nx-note: a: b",
        "requestID: r1\r\nx-note: a: b\r\n",
        "requestID: r1\r\nx-note: a: b\r\n\r\n",
        "requestID:r1\nx-note:a: b\n\n\n\r\n",
        "requestID: \t r1\t \r\nx-note: a: b \r\n",
        "HTTP/1.1 200 OK\r\nrequestID: r1\r\nx-note: a: b\r\n\r\n",
        "HTTP/2 200 \r\nrequestID: r1\r\nx-note: a: b\r\n\r\n",
        "POST /call HTTP/1.1\r\nrequestID: r1\r\nx-note: a: b\r\n\r\n",
        "POST http://example.com:80/call HTTP/1.1\nrequestID: r1\nx-note: a: b\n",
        // As curl writes them: a proxy's, an interim and a redirect's block before the last.
        "HTTP/1.1 200 Connection established\r\n\r\n\
         HTTP/1.1 100 Continue\r\n\r\n\
         HTTP/1.1 301 Moved\r\nrequestID: old\r\nsign: old\r\n\r\n\
         HTTP/1.1 200 OK\r\nrequestID: r1\r\nx-note: a: b\r\n\r\n",
    ] {
        assert_eq!(parse(block).as_deref(), Ok(pairs), "{block:?}");
    }
    for block in [
        "",
        "\n",
        "\r\n\r\n",
        "HTTP/1.1 200 OK",
        "a: b\n\nHTTP/1.1 200 OK\n",
    ] {
        assert_eq!(parse(block).as_deref(), Ok(&[][..]), "{block:?}");
    }
    assert_eq!(parse("a:"), Ok(vec![("a", "")]));
    assert_eq!(parse("a: \t"), Ok(vec![("a", "")]));
    // A duplicate is kept, so that it is refused later.
    assert_eq!(parse("a: 1\nA: 2").map(|pairs| pairs.len()), Ok(2));
}

#[test]
fn what_could_be_read_differently_is_refused() {
    use HeaderBlockErrorKind::{AfterEnd, BareCr, BlankBeforeColon, Folded, Name, NoColon, Nul};
    for (block, kind, line) in [
        ("sign : x", BlankBeforeColon, 1),
        ("a: b\r\nsign\t: x\r\n", BlankBeforeColon, 2),
        ("sign : HTTP/1.1\r\n", BlankBeforeColon, 1),
        ("a: b\r\n c\r\n", Folded, 2),
        ("a: b\r\n\tsign: x\r\n", Folded, 2),
        (" a: b", Folded, 1),
        ("a: b\r\n  \r\n", Folded, 2),
        ("a: b\rsign: x\r\n", BareCr, 1),
        ("a: b\r", BareCr, 1),
        ("a: b\r\r\n", BareCr, 1),
        ("a: b\r\n\r", BareCr, 2),
        ("a: b\0\r\n", Nul, 1),
        ("HTTP/1.1 200 OK\nx\0y: b\n", Nul, 2),
        ("a: b\n\n\0", Nul, 3),
        ("a: b\r\nsign x\r\n", NoColon, 2),
        ("POST /\r\n", NoColon, 1),
        ("a: b\r\nHTTP/1.1 200 OK\r\n", NoColon, 2),
        (": x", Name, 1),
        (":status: 200\n", Name, 1),
        ("a b: x", Name, 1),
        ("a: b\nPOST http://example.com/ HTTP/1.1\n", Name, 2),
        ("si\u{a0}gn: x", Name, 1),
        ("a: b\r\n\r\n{\"sign\":1}", AfterEnd, 3),
        ("a: b\n\nsign: x\n", AfterEnd, 3),
        ("\nsign: x\n", AfterEnd, 2),
        ("a: b\n\nPOST / HTTP/1.1\n", AfterEnd, 3),
    ] {
        assert_eq!(parse(block), Err((kind, line)), "{block:?}");
    }
}

#[test]
fn errors_name_the_line_and_never_its_content() {
    let error = HeaderBlock::parse(b"a: b\nsecret : x\n").expect_err("it is malformed");
    assert_eq!(
        error.to_string(),
        "line 2 of the headers has whitespace before its colon; \
         refuse the message, as RFC 9112 requires"
    );
    assert_eq!(Error::from(error).code(), "header_line_blank_before_colon");
    let block = HeaderBlock::parse(b"secret: x").expect("it is well-formed");
    assert!(!format!("{error:?}{block:?}").contains("secret"));
}

#[test]
fn a_block_has_the_headers_of_a_message() {
    let block = b"HTTP/1.1 200 OK\r\nREQUESTID:r1\r\nuuid: u\r\ncreateTs: 1726200000 \r\n\
        sign: 0C5CCB060F0A05A9C513390519DC7B50\r\n\r\n";
    let block = HeaderBlock::parse(block).expect("it is well-formed");
    ReceivedHeaders::from_pairs(block.pairs()).expect("the headers are valid");
}

proptest! {
    /// Names and values that are written as a block are read back.
    #[test]
    fn what_is_written_is_read_back(
        pairs in collection::vec(("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,8}", "([!-~]([ -~]{0,8}[!-~])?)?"), 0..8),
        crlf in any::<bool>(),
        ended in any::<bool>(),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let mut lines: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        lines.resize(lines.len() + 1 + usize::from(ended && !pairs.is_empty()), String::new());
        let block = lines.join(end);
        let expected: Vec<Pair<'_>> = pairs.iter().map(|(name, value)| (&**name, &**value)).collect();
        prop_assert_eq!(parse(&block), Ok(expected));
    }

    /// Any bytes are read or refused, without a panic.
    #[test]
    fn any_bytes_are_read_or_refused(block in collection::vec(any::<u8>(), 0..64)) {
        let lines = block.split(|&b| b == b'\n').count();
        match HeaderBlock::parse(&block) {
            Ok(block) => prop_assert_eq!(block.pairs().len() <= lines, true),
            Err(error) => prop_assert_eq!((1..=lines).contains(&error.line()), true),
        }
    }
}

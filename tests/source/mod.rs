//! Reads source code as far as the rules of the binary interface need it: the exported functions of
//! `src/`, and whether each goes through the panic boundary.

use std::fs;

use crate::support;

/// The macros of `src/abi/boundary.rs` that are bodies of exports, and whether such an export can
/// fail.
pub(crate) const MACROS: &[(&str, bool)] = &[
    ("accessor", false),
    ("free", false),
    ("fallible", true),
    ("produce", true),
];

/// C or Rust source without comments, with empty string and character literals.
pub(crate) fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            kept.push_str("\"\"");
            2 + end_of_string(&rest[1..])
        } else if let Some(len) = len_of_character(rest) {
            len
        } else {
            kept.push(first);
            first.len_utf8()
        };
        rest = &rest[skipped..];
    }
    kept
}

/// The end of a string literal without its opening quote.
pub(crate) fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    let end = text.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.expect("a string ends")
}

/// The length of the character literal at the start of `text`. `None` for a lifetime.
pub(crate) fn len_of_character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    let from = if inside.starts_with('\\') {
        2
    } else {
        inside.chars().next()?.len_utf8()
    };
    let end = from + inside.get(from..)?.find('\'')?;
    (end == from || inside.starts_with('\\')).then_some(end + 2)
}

/// An exported function of `src/`.
pub(crate) struct Function {
    pub(crate) file: String,
    pub(crate) name: String,
    /// The parameters and the return type, and the body, without whitespace.
    pub(crate) signature: String,
    pub(crate) body: String,
}

/// The exported functions of `src/`.
pub(crate) fn functions() -> Vec<Function> {
    let sources = support::root().join("src");
    let mut functions = Vec::new();
    let mut folders = vec![sources.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of src") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&sources).expect("below src");
            let text = fs::read_to_string(&path).expect("a source file");
            functions.extend(functions_of(&name.display().to_string(), &text));
        }
    }
    functions
}

pub(crate) fn functions_of(file: &str, text: &str) -> Vec<Function> {
    assert!(!text.contains("r#\""), "this test cannot read raw strings");
    let source = without_comments(text);
    // Strings are emptied: it is `extern "C" fn`.
    let found = source.split("extern \"\" fn ").skip(1);
    found
        .map(|from_name| {
            let name = from_name
                .split(['(', '<'])
                .next()
                .expect("a name")
                .to_owned();
            let (signature, body) = cut(&from_name[name.len()..]);
            Function {
                file: file.into(),
                name,
                signature,
                body,
            }
        })
        .collect()
}

/// A function from its parameters on: its signature and its body, without whitespace.
pub(crate) fn cut(function: &str) -> (String, String) {
    let open = function.find('{').expect("a body");
    let body = &function[open..];
    let end = end_of_bracket(body).expect("the body ends");
    (squeeze(&function[..open]), squeeze(&body[1..end]))
}

pub(crate) fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The position of the bracket that closes the first one.
pub(crate) fn end_of_bracket(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (place, c) in text.char_indices() {
        match c {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(place);
                }
            }
            _ => {}
        }
    }
    None
}

impl Function {
    pub(crate) fn can_fail(&self) -> bool {
        self.signature.contains("error:*mut*mutcallbot_error")
    }

    /// Checks that the body is one call of the boundary, or one of its macros.
    pub(crate) fn check(&self) -> Result<(), String> {
        let can_fail = self.can_fail();
        let body = self.body.strip_suffix(';').unwrap_or(&self.body);
        let name = body.split('!').next().unwrap_or_default();
        if !MACROS.contains(&(name, can_fail)) {
            return check_boundary(body, can_fail);
        }
        let arguments = &body[name.len() + 1..];
        if end_of_bracket(arguments) != Some(arguments.len() - 1) {
            return Err(format!("something follows {name}!"));
        }
        // The last argument runs inside the boundary; the others are evaluated outside.
        let arguments = split_arguments(&arguments[1..arguments.len() - 1]);
        let outside = match name {
            "free" => &arguments[..],
            _ => &arguments[..arguments.len() - 1],
        };
        match outside.iter().find(|argument| !is_plain(argument)) {
            Some(argument) => Err(format!("the argument {argument} can panic")),
            None => Ok(()),
        }
    }
}

/// Splits a macro's arguments, which have no whitespace, at the commas outside of brackets.
pub(crate) fn split_arguments(arguments: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let outside = |c: char| {
        match c {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    };
    arguments
        .split(outside)
        .filter(|part| !part.is_empty())
        .collect()
}

/// The arms of a macro of the boundary: what each matches and what it expands to, without
/// whitespace.
pub(crate) fn arms_of(source: &str, name: &str) -> Vec<(String, String)> {
    let definition = source.split(&format!("macro_rules! {name} ")).nth(1);
    let definition = definition.unwrap_or_else(|| panic!("there is no macro {name}"));
    let mut rest = squeeze(&definition[1..end_of_bracket(definition).expect("the macro ends")]);
    let mut arms = Vec::new();
    while !rest.is_empty() {
        let pattern = end_of_bracket(&rest).expect("the pattern ends") + 1;
        let body = pattern + "=>".len();
        let end = body + end_of_bracket(&rest[body..]).expect("the arm ends");
        arms.push((rest[..pattern].to_owned(), rest[body + 1..end].to_owned()));
        rest = rest[end + 1..].trim_start_matches(';').to_owned();
    }
    arms
}

/// Checks that each arm of a macro is one call of the boundary, or the macro itself with a default
/// that cannot panic.
pub(crate) fn check_macro(source: &str, name: &str, can_fail: bool) -> Result<(), String> {
    for (pattern, body) in arms_of(source, name) {
        let body = body.replace("$crate::abi::boundary::", "boundary::");
        let body = body.replace("$crate::abi::pointer::", "").replace('$', "");
        let body = body
            .strip_prefix('{')
            .and_then(|body| body.strip_suffix('}'))
            .unwrap_or(&body);
        let itself = format!("boundary::{name}!(handle,Default::default(),value)");
        if body != itself {
            check_boundary(body, can_fail).map_err(|why| format!("{name}!{pattern}: {why}"))?;
        }
    }
    Ok(())
}

/// Checks that a body is one call of the boundary, after nothing but the making of output pointers.
pub(crate) fn check_boundary(body: &str, can_fail: bool) -> Result<(), String> {
    let mut body = body;
    while body.starts_with("let") {
        let (statement, rest) = body.split_once(';').ok_or("a statement does not end")?;
        let name = statement["let".len()..].split('=').next();
        let name = name.unwrap_or_default();
        if !is_plain(name) || statement != format!("let{name}=unsafe{{Out::new({name})}}") {
            return Err(format!("before the boundary there is {statement}"));
        }
        body = rest;
    }
    let firsts: &[_] = if can_fail {
        &[
            "boundary::status(error,",
            "boundary::object(out,stringify!(out),error,",
        ]
    } else {
        &[
            "boundary::value((),||",
            "boundary::value(0,||",
            "boundary::value(default,||",
            "boundary::value(callbot_str::EMPTY,||",
            "boundary::value(CALLBOT_PANIC,||",
            "boundary::value(ptr::null(),||",
            "boundary::value(ptr::null_mut(),||",
        ]
    };
    let call = body.strip_suffix(';').unwrap_or(body);
    if !firsts.iter().any(|first| call.starts_with(first)) {
        return Err(format!("it does not begin with one of {firsts:?}"));
    }
    let arguments = call.find('(').expect("it begins with a call");
    if end_of_bracket(&call[arguments..]) != Some(call.len() - arguments - 1) {
        return Err("something follows the boundary".into());
    }
    Ok(())
}

/// Whether it is a name or a constant, without a call.
pub(crate) fn is_plain(text: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    !text.is_empty() && text.chars().all(part)
}

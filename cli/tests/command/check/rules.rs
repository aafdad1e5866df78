//! The rules of a campaign.

use super::{check, problems, report};
use crate::support::{assert_misuse, write};

const USAGE: &str = "callbot check [OPTIONS] <LIST>";
const DELIMITER: &str = "--delimiter <CHARACTER>: give one character of ASCII such as ; or | (\\t is a \
     tab), and no letter, digit, quotation mark or line end";
const LIST: &str =
    "orderID,userPhone\n1,8613800000001\n2,+44 20 7946 0958\n3,020 7946 0958\n4,0086 13800000001\n";

#[test]
fn phone_numbers_are_read_as_people_write_them() {
    let report = report(1, "typed", LIST, &[]);
    assert_eq!(
        problems(&report),
        [(4, "userPhone", "phone_no_country_code")]
    );
    assert_eq!(report["rewrittenPhones"], 2);
}

#[test]
fn a_region_is_only_what_the_user_says() {
    let region = report(
        0,
        "region",
        "orderID,userPhone\n1,020 7946 0958\n2,2079460958\n",
        &["--region=44"],
    );
    assert_eq!(region["rewrittenPhones"], 2);
    // It may be meant either way.
    let open = report(
        1,
        "open",
        "orderID,userPhone\n1,442079460958\n",
        &["--region=44"],
    );
    assert_eq!(problems(&open), [(2, "userPhone", "phone_no_country_code")]);
}

#[test]
fn country_codes_are_limited() {
    let found = report(1, "country", LIST, &["--country=86"]);
    let told = problems(&found);
    assert_eq!(
        told,
        [
            (3, "userPhone", "country_code_not_allowed"),
            (4, "userPhone", "phone_no_country_code")
        ]
    );
    let both = report(1, "countries", LIST, &["--country=86", "--country=44"]);
    assert_eq!(problems(&both), [(4, "userPhone", "phone_no_country_code")]);
}

#[test]
fn phone_numbers_can_be_unique() {
    let found = report(1, "unique", LIST, &["--unique-phones"]);
    let told = problems(&found);
    assert_eq!(
        told,
        [
            (4, "userPhone", "phone_no_country_code"),
            (5, "userPhone", "duplicate_phone")
        ]
    );
    assert_eq!(
        found["problems"][1]["message"],
        "row 2 has this phone number already; keep one of them"
    );
}

/// The batches that are checked in between are smaller than this list.
#[test]
fn ids_are_unique_in_the_whole_list() {
    let mut list = String::from("orderID,userPhone\n");
    for row in 0..5_000 {
        list += &format!("{},8613800000001\n", if row == 4_500 { 3 } else { row });
    }
    let found = report(1, "ids", list, &[]);
    assert_eq!(problems(&found), [(4_502, "orderID", "duplicate_order_id")]);
    assert_eq!(
        found["problems"][0]["message"],
        "row 5 has this orderID already; give each order its own"
    );
}

#[test]
fn everything_that_is_wrong_with_a_row_is_told() {
    let list = "orderID,userPhone,userName,a,b\n1,8613800000001,x,1,2\n 1,+44,\0,,2,3\n1,12,x,,\n";
    let found = report(1, "all", list, &[]);
    assert_eq!(
        problems(&found),
        [
            (3, "", "row_length"),
            (3, "userPhone", "phone_too_short"),
            (3, "userName", "nul_character"),
            (3, "orderID", "blank_edge"),
            (3, "a", "empty"),
            (4, "orderID", "duplicate_order_id"),
            (4, "userPhone", "phone_too_short"),
            (4, "a", "empty"),
            (4, "b", "empty"),
        ]
    );
}

#[test]
fn rules_may_be_in_a_file() {
    let rules = "countries = [\"86\"]\nregion = \"86\"\nparams = [\"amount\"]\nunique_phones = true\n\
        ignore = [\"Notes\"]\nmax_orders = 10\n\n[map]\nuserPhone = \"Mobile\"\namount = \"Sum\"\n";
    let file = write("rules-file", "rules.toml", rules);
    let list =
        "orderID,Mobile,Sum,Notes\n1,13800000001,5,x\n2,+44 20 7946 0958,5,x\n3,13800000001,5,x\n";
    let with_file = ["--rules", file.to_str().unwrap()];
    let found = report(1, "rules", list, &with_file);
    assert_eq!(
        problems(&found),
        [
            (3, "Mobile", "country_code_not_allowed"),
            (4, "Mobile", "duplicate_phone")
        ]
    );
    // An option comes first.
    let both = [with_file[0], with_file[1], "--country=44"];
    let found = report(1, "rules", list, &both);
    assert_eq!(
        problems(&found)[0],
        (2, "Mobile", "country_code_not_allowed")
    );
}

#[test]
fn wrong_rules_are_refused() {
    let country = "--country: not an assigned country code; give its digits alone, such as 86 or 1";
    let region = "--region: not an assigned country code; give its digits alone, such as 86 or 1";
    for (arguments, message) in [
        (&["--country=+86"][..], country),
        (&["--region=0"], region),
        (
            &["--param="],
            "the name of a required param must not be empty",
        ),
        (
            &["--param=a", "--param=a"],
            "duplicate required param; name each once",
        ),
        (
            &["--max-orders=x"],
            "--max-orders <N>: invalid digit found in string",
        ),
        (&["--delimiter=→"], DELIMITER),
        (&["--delimiter=ab"], DELIMITER),
        (&["--delimiter=\""], DELIMITER),
        (&["--delimiter=\n"], DELIMITER),
        (&["--delimiter=e"], DELIMITER),
        (&["--delimiter="], DELIMITER),
    ] {
        assert_misuse(&check("wrong-rules", LIST, arguments), USAGE, message);
    }
    for (rules, what) in [
        (
            "countries = 86",
            "line 1: invalid type: integer `86`, expected a sequence",
        ),
        ("\ncolour = true", "line 2: unknown field `colour`"),
        ("countries", "line 1: "),
        (
            "region = \"GB\"",
            "--region: not an assigned country code; give its digits alone, such as 86 or 1",
        ),
        ("[map]\nuserPhone = 5", "line 2: "),
    ] {
        let file = write("wrong-rules-file", "rules.toml", rules);
        let run = check("wrong-rules", LIST, &["--rules", file.to_str().unwrap()]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
        assert!(run.stderr.contains(what), "{}", run.stderr);
    }
}

/// Both rows would be duplicates as soon as the first one is repaired.
#[test]
fn a_duplicate_of_a_rejected_row_is_told() {
    let list = "orderID,userPhone,userName\n1,12345,a\n1,8613800000001,b\n1,8613800000002,c\n\
        ,8613800000003,d\n,8613800000003,e\n2,8613800000004,\"f\"g\n2,8613800000005,h\n1,86138,\"i";
    let found = report(1, "duplicate-of-rejected", list, &[]);
    assert_eq!(
        problems(&found),
        [
            (2, "userPhone", "phone_too_short"),
            (3, "orderID", "duplicate_order_id"),
            (4, "orderID", "duplicate_order_id"),
            (5, "orderID", "empty"),
            (6, "orderID", "empty"),
            (7, "userName", "text_after_quote"),
            (8, "orderID", "duplicate_order_id"),
            (9, "userName", "open_quote"),
            (9, "orderID", "duplicate_order_id"),
        ]
    );
    for (index, first) in [(1, 2), (2, 2), (6, 7), (8, 2)] {
        let message = found["problems"][index]["message"].as_str().unwrap();
        assert!(
            message.starts_with(&format!("row {first} has this orderID already")),
            "{message}"
        );
    }
}

//! Which column is what.

use serde_json::json;

use super::{check, problems, report};
use crate::support::assert_misuse;

const USAGE: &str = "callbot check [OPTIONS] <LIST>";

#[test]
fn fields_are_found_by_their_names() {
    for header in [
        "orderID,userPhone,userName,customerName,other",
        "ORDERID,userphone,USERNAME,CustomerName,OTHER",
        "order_id,user_phone,user_name,customer_name,other",
        "Order ID,User-Phone,User name,Customer Name, Other ",
    ] {
        let list = format!("{header}\n1,8613800000001,a,b,c\n");
        let columns = &report(0, "names", list, &[])["columns"];
        let becomes: Vec<_> = columns
            .as_array()
            .unwrap()
            .iter()
            .map(|column| &column["becomes"])
            .collect();
        assert_eq!(
            becomes,
            ["orderID", "userPhone", "userName", "customerName", "other"],
            "{header}"
        );
    }
}

#[test]
fn columns_are_mapped_and_left_out() {
    let list = "No,Mobile,Amount due,Notes,\n1,8613800000001,5,call late,\n";
    let arguments = [
        "--map=orderID=No",
        "--map",
        "userPhone=mobile",
        "--map=amount=Amount due",
        "--ignore=Notes",
    ];
    let report = report(0, "map", list, &arguments);
    assert_eq!(
        report["columns"],
        json!([
            {"column": "No", "becomes": "orderID"},
            {"column": "Mobile", "becomes": "userPhone"},
            {"column": "Amount due", "becomes": "amount"},
        ])
    );
    // A column without a name cannot be a param.
    assert_eq!(report["notSent"], json!(["Notes", ""]));
}

#[test]
fn a_mapped_column_comes_before_one_with_the_name() {
    let list = "orderID,userPhone,Mobile\n1,landline,8613800000001\n";
    let run = check("before", list, &["--map=userPhone=Mobile"]);
    assert_misuse(
        &run,
        USAGE,
        "columns with the name of one field are there twice, the second one is column 2; give one \
         with --map, and the other one with --ignore",
    );
    report(
        0,
        "before",
        list,
        &["--map=userPhone=Mobile", "--ignore=userPhone"],
    );
}

#[test]
fn what_is_missing_or_there_twice_is_told() {
    for (list, arguments, message) in [
        (
            "a,userPhone\n",
            &[][..],
            "no column is named orderID; name it with --map orderID=COLUMN. The columns are \"a\", \"userPhone\"",
        ),
        (
            "1,8613800000001,other\n",
            &[],
            "no column is named orderID; name it with --map orderID=COLUMN. The first row has to have \
             the columns' names",
        ),
        (
            "1,8613800000001,other\n",
            &["--map=userPhone=Mobile"],
            "--map \"Mobile\": no column has this name. The first row has to have the columns' names",
        ),
        (
            "orderID,userPhone,a,a\n",
            &[],
            "two columns have one name, the second one is column 4; rename it, or leave it out with --ignore",
        ),
        (
            "orderID,userPhone,a\n",
            &["--map=userPhone=Mobile"],
            "--map \"Mobile\": no column has this name. The columns are \"orderID\", \"userPhone\", \"a\"",
        ),
        (
            "orderID,userPhone,a\n",
            &["--ignore=b"],
            "--ignore \"b\": no column has this name. The columns are \"orderID\", \"userPhone\", \"a\"",
        ),
        (
            "orderID,userPhone,a\n1,8613800000001,x\n",
            &["--param=a", "--param=b"],
            "--param \"b\": no column has this name. The columns are \"orderID\", \"userPhone\", \"a\"",
        ),
        (
            "orderID,userPhone,A\n1,8613800000001,x\n",
            &["--param=a"],
            "--param \"a\": the column with this name is written otherwise in the first row; rename it \
             or name it with --map. The columns are \"orderID\", \"userPhone\", \"A\"",
        ),
        (
            "orderID,userPhone,a\n1,8613800000001,x\n",
            &["--param=a", "--ignore=a"],
            "--param \"a\": the column with this name is used otherwise, as a field or by --map or \
             --ignore; name another one with --map",
        ),
        (
            "orderID,userPhone,a\n",
            &["--map=x=a", "--map=y=a"],
            "--map: one column is mapped twice; map each once",
        ),
        (
            "orderID,userPhone,a\n",
            &["--map=a"],
            "--map <NAME=COLUMN>: write NAME=COLUMN",
        ),
    ] {
        assert_misuse(&check("twice", list, arguments), USAGE, message);
    }
    let run = check("nothing", "", &[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(
        run.stderr
            .contains("it is empty; the first row has the columns' names"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_template_says_which_columns_are_sent() {
    let list = "orderID,userPhone,amount,Notes\n1,8613800000001,5,x\n";
    let with_template = report(0, "template", list, &["--param=amount"]);
    assert_eq!(with_template["notSent"], json!(["Notes"]));
    assert_eq!(
        report(0, "template", list, &["--no-params"])["notSent"],
        json!(["amount", "Notes"])
    );
}

/// Every row would repeat it.
#[test]
fn a_name_that_is_wrong_is_told_once() {
    let list = "orderID,userPhone,amount\u{200b}\n1,8613800000001,5\n2,8613800000002,6\n";
    assert_misuse(
        &check("invisible", list, &["--param=amount"]),
        USAGE,
        "--param \"amount\": no column has this name. The columns are \"orderID\", \"userPhone\", \
         \"amount\\u{200b}\"",
    );

    let list = "orderID,userPhone,amount \n1,8613800000001,5\n2,8613800000002,6\n";
    let edge = report(1, "edge", list, &[]);
    assert_eq!(problems(&edge), [(1, "amount ", "blank_edge")]);
    assert_eq!(
        (&edge["accepted"], &edge["rejected"]),
        (&json!(0), &json!(2))
    );
    report(0, "edge", list, &["--allow-blank-edges"]);
}

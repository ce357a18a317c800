//! The document itself: committed as it is served, and complete in itself.

use std::path::Path;

use motcua_openapi::problem::ProblemCode;
use motcua_tests::Desk;
use motcua_tests::Engine::Sqlite;
use serde_json::Value;

#[tokio::test]
async fn the_committed_document_is_the_one_that_is_served() {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/openapi.json");
    let committed: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(committed == *desk.contract().document(), "run `cargo xtask openapi` and look at what changed");
}

#[tokio::test]
async fn every_refusal_that_is_documented_is_a_problem_and_every_reference_leads_somewhere() {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let document = desk.contract().document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                if status.as_str() >= "400" {
                    let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                    assert_eq!(schema, "#/components/schemas/Problem", "{method} {path} {status}");
                }
            }
        }
    }
    let mut references = Vec::new();
    collect_references(document, &mut references);
    for reference in references {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference} leads nowhere");
    }
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            found.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
            object.values().for_each(|value| collect_references(value, found));
        }
        Value::Array(all) => all.iter().for_each(|value| collect_references(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_document_lists_every_code_of_a_refusal() {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let listed = &desk.contract().document()["components"]["schemas"]["ProblemCode"]["enum"];
    let listed: Vec<&str> = listed.as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    let known: Vec<&str> = ProblemCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(listed, known);
}

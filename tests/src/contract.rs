//! The OpenAPI document as a judge: every request that should be good and every answer is held against it.
//!
//! Stricter than JSON Schema asks for: an answer with a property that the document does not name is
//! refused too. Refuses requests that no operation takes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::{Draft, Validator};
use reqwest::Method;
use serde_json::{Map, Value, json};

/// The document that a server served.
pub struct Contract {
    document: Value,
    operations: Vec<Operation>,
    validators: Mutex<BTreeMap<String, Arc<Validator>>>,
}

/// One operation of the document.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId`
    pub id: String,
    /// The method.
    pub method: Method,
    /// The path with its parameters in braces.
    pub path: String,
    /// Whether it is behind a sign-in.
    pub is_protected: bool,
    value: Value,
}

impl Operation {
    fn takes(&self, method: &Method, path: &str) -> bool {
        let (mut pattern, mut given) = (self.path.split('/'), path.split('/'));
        self.method == *method
            && loop {
                match (pattern.next(), given.next()) {
                    (None, None) => break true,
                    (Some(part), Some(text)) if part == text || (part.starts_with('{') && !text.is_empty()) => {}
                    _ => break false,
                }
            }
    }

    fn parameters(&self) -> impl Iterator<Item = &Value> {
        self.value["parameters"].as_array().into_iter().flatten()
    }
}

impl Contract {
    pub(crate) async fn served_at(http: &reqwest::Client, base: &str) -> Self {
        let answer = http.get(format!("{base}/openapi.json")).send().await.expect("the document is served");
        Self::new(answer.json().await.expect("the document is JSON"))
    }

    /// Of a document.
    ///
    /// # Panics
    /// Where it is none.
    pub fn new(document: Value) -> Self {
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().expect("paths") {
            for (method, value) in item.as_object().expect("a path item") {
                operations.push(Operation {
                    id: value["operationId"].as_str().expect("operationId").to_owned(),
                    method: method.to_uppercase().parse().expect("a method"),
                    path: path.clone(),
                    is_protected: value["security"].as_array().is_some_and(|all| !all.is_empty()),
                    value: value.clone(),
                });
            }
        }
        Self { document, operations, validators: Mutex::default() }
    }

    /// The document itself.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Every operation.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    fn operation(&self, method: &Method, path: &str) -> Result<&Operation, String> {
        let found = self.operations.iter().filter(|one| one.takes(method, path));
        // A literal path goes before one with a parameter.
        found
            .min_by_key(|one| one.path.matches('{').count())
            .ok_or_else(|| format!("{method} {path} is no operation of the document"))
    }

    /// Whether a request is one that the document allows.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check_request(
        &self,
        method: &Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<(&str, &[u8])>,
    ) -> Result<(), String> {
        let operation = self.operation(method, path)?;
        for (name, _) in query {
            if !operation.parameters().any(|one| one["in"] == "query" && one["name"] == *name) {
                return Err(format!("{} has no query parameter {name}", operation.id));
            }
        }
        let expected = &operation.value["requestBody"]["content"];
        match (expected.as_object(), body) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(format!("{} takes no body", operation.id)),
            (Some(_), None) => Err(format!("{} takes a body", operation.id)),
            (Some(types), Some((media_type, bytes))) => {
                let essence = essence(media_type);
                let content = types.get(essence).ok_or_else(|| format!("{} takes no {essence}", operation.id))?;
                if essence != "application/json" {
                    return Ok(());
                }
                self.validate(&format!("{} request", operation.id), &content["schema"], bytes, Strictness::AsWritten)
            }
        }
    }

    /// Whether an answer is one that the document announces.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check_answer(
        &self,
        method: &Method,
        path: &str,
        status: u16,
        media_type: Option<&str>,
        body: &[u8],
    ) -> Result<(), String> {
        let operation = self.operation(method, path)?;
        let Some(response) = operation.value["responses"].get(status.to_string()) else {
            return Err(format!("{} does not document the status {status}", operation.id));
        };
        let Some(content) = response["content"].as_object().filter(|content| !content.is_empty()) else {
            return if body.is_empty() { Ok(()) } else { Err(format!("{} {status} has no body", operation.id)) };
        };
        let media_type = media_type.ok_or_else(|| format!("{} {status} has no Content-Type", operation.id))?;
        let schema = content
            .get(essence(media_type))
            .ok_or_else(|| format!("{} {status} documents {:?}, not {media_type}", operation.id, content.keys()))?;
        if essence(media_type).ends_with("json") {
            let name = format!("{} {status} {media_type}", operation.id);
            self.validate(&name, &schema["schema"], body, Strictness::NothingElse)
        } else {
            Ok(())
        }
    }

    fn validate(&self, name: &str, schema: &Value, bytes: &[u8], strictness: Strictness) -> Result<(), String> {
        let value: Value = serde_json::from_slice(bytes).map_err(|error| format!("{name} is no JSON: {error}"))?;
        let validator = self.validator(name, schema, strictness);
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|error| format!("{error} at {:?}", error.instance_path())).collect();
        if errors.is_empty() { Ok(()) } else { Err(format!("{name}: {}\n{value:#}", errors.join("; "))) }
    }

    fn validator(&self, name: &str, schema: &Value, strictness: Strictness) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        let build = || {
            let mut root = json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "components": self.document["components"],
                "allOf": [schema],
            });
            if strictness == Strictness::NothingElse {
                close(&mut root["components"]["schemas"]);
            }
            let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
            Arc::new(options.build(&root).unwrap_or_else(|error| panic!("the schema of {name}: {error}")))
        };
        validators.entry(name.to_owned()).or_insert_with(build).clone()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Strictness {
    AsWritten,
    NothingElse,
}

/// Lets an object have the properties that its schema names and no others.
fn close(schemas: &mut Value) {
    match schemas {
        Value::Object(schema) => {
            if is_open_object(schema) {
                schema.insert("additionalProperties".into(), Value::Bool(false));
            }
            schema.values_mut().for_each(close);
        }
        Value::Array(all) => all.iter_mut().for_each(close),
        _ => {}
    }
}

fn is_open_object(schema: &Map<String, Value>) -> bool {
    schema.get("properties").is_some_and(Value::is_object)
        && schema.get("type").is_some_and(|kind| kind.as_str() == Some("object"))
        && !schema.contains_key("additionalProperties")
}

fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract() -> Contract {
        Contract::new(json!({
            "paths": {"/things/{id}": {"get": {
                "operationId": "get_thing",
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}
            }}},
            "components": {"schemas": {"Thing": {
                "type": "object", "required": ["id"], "properties": {"id": {"type": "string", "format": "uuid"}}
            }}}
        }))
    }

    fn verdict(path: &str, status: u16, media_type: &str, body: &str) -> Result<(), String> {
        contract().check_answer(&Method::GET, path, status, Some(media_type), body.as_bytes())
    }

    #[test]
    fn only_what_the_document_announces_passes() {
        let good = r#"{"id":"0190b5a0-0000-7000-8000-000000000000"}"#;
        assert_eq!(verdict("/things/1", 200, "application/json", good), Ok(()));
        assert!(verdict("/other", 200, "application/json", good).unwrap_err().contains("no operation"));
        assert!(verdict("/things/1", 201, "application/json", good).unwrap_err().contains("status 201"));
        assert!(verdict("/things/1", 200, "text/html", good).unwrap_err().contains("text/html"));
        assert!(verdict("/things/1", 200, "application/json", "{}").unwrap_err().contains("required"));
        assert!(verdict("/things/1", 200, "application/json", r#"{"id":"x"}"#).unwrap_err().contains("uuid"));
        let more = r#"{"id":"0190b5a0-0000-7000-8000-000000000000","secret":1}"#;
        assert!(verdict("/things/1", 200, "application/json", more).unwrap_err().contains("secret"));
    }
}

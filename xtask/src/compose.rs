//! What can be said of docker-compose.yml without Docker: it parses, every image is pinned, every service says how it
//! is, and no secret is in the file.
//!
//! Refuses: to stand for a real start. It gathers all findings before it fails.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use saphyr::{LoadableYamlNode, Yaml};

/// Reads the file and fails with every finding.
pub(crate) fn check(file: &Path) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let findings = findings(&text)?;
    if !findings.is_empty() {
        bail!("{}:\n  {}", file.display(), findings.join("\n  "));
    }
    Ok(())
}

fn findings(text: &str) -> Result<Vec<String>> {
    let documents = Yaml::load_from_str(text).context("this is no YAML")?;
    let document = documents.first().context("the file is empty")?;
    let services = entries(document.as_mapping_get("services"));
    if services.is_empty() {
        bail!("the file names no service");
    }
    let mut findings = Vec::new();
    for (name, service) in &services {
        let mut note = |what: String| findings.push(format!("{name}: {what}"));
        check_image(service, &mut note);
        check_environment(service, &mut note);
        let runs_once = field(service, "restart").and_then(Yaml::as_str) == Some("no");
        if field(service, "healthcheck").is_none() && !runs_once {
            note("has no healthcheck".to_owned());
        }
        for (other, _) in entries(field(service, "depends_on")) {
            if !services.iter().any(|(name, _)| *name == other) {
                note(format!("depends on {other}, which is no service"));
            }
        }
    }
    for (name, secret) in entries(document.as_mapping_get("secrets")) {
        let path = secret.as_mapping_get("file").and_then(Yaml::as_str);
        if !path.is_some_and(|path| path.starts_with("./secrets/")) {
            findings.push(format!("secret {name}: must be a file in ./secrets"));
        }
    }
    Ok(findings)
}

fn check_image(service: &Yaml<'_>, note: &mut impl FnMut(String)) {
    match field(service, "image").and_then(Yaml::as_str) {
        None => note("names no image".to_owned()),
        Some(image) if !is_pinned(image) => note(format!("image {image} is not pinned")),
        Some(_) => {}
    }
}

fn is_pinned(image: &str) -> bool {
    let tag = image.rsplit('/').next().and_then(|name| name.split_once(':')).map(|(_, tag)| tag);
    tag.is_some_and(|tag| !tag.is_empty() && !tag.starts_with("latest") && tag.contains(|c: char| c.is_ascii_digit()))
}

fn check_environment(service: &Yaml<'_>, note: &mut impl FnMut(String)) {
    for (name, value) in entries(field(service, "environment")) {
        let value = value.as_str().unwrap_or_default();
        let upper = name.to_uppercase();
        let names_a_secret = ["PASSWORD", "SECRET", "TOKEN", "KEY"].iter().any(|word| upper.contains(word));
        let secret = names_a_secret && !upper.ends_with("KEY_ID");
        if (secret && !value.starts_with("/run/secrets/")) || value.contains("://") && value.contains('@') {
            note(format!("{name} looks like a secret in the file"));
        }
    }
}

/// A key of a service, its own or one that `<<` merges in.
fn field<'a>(service: &'a Yaml<'a>, key: &str) -> Option<&'a Yaml<'a>> {
    service.as_mapping_get(key).or_else(|| service.as_mapping_get("<<")?.as_mapping_get(key))
}

fn entries<'a>(mapping: Option<&'a Yaml<'a>>) -> Vec<(&'a str, &'a Yaml<'a>)> {
    let Some(mapping) = mapping.and_then(Yaml::as_mapping) else { return Vec::new() };
    mapping.iter().filter_map(|(name, value)| Some((name.as_str()?, value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "
x-backend: &backend
  image: motcua/backend:0.1.0
  environment: { MOTCUA__DATABASE__URL_FILE: /run/secrets/database_url, DATABASE_PASSWORD: /run/secrets/password }
  healthcheck: { test: [CMD, true] }
services:
  one: { <<: *backend, depends_on: { two: { condition: service_healthy } } }
  once: { image: 'motcua/backend:0.1.0', restart: 'no', environment: { ACCESS_KEY_ID: motcua } }
  two: { image: 'postgres:17.9-bookworm', healthcheck: { test: [CMD, pg_isready] } }
secrets:
  database_url: { file: ./secrets/database_url }
";

    #[test]
    fn a_sound_file_has_no_findings() {
        assert_eq!(findings(GOOD).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn each_fault_is_found() {
        let faults = [
            ("postgres:17.9-bookworm", "postgres:latest", "two: image postgres:latest is not pinned"),
            ("postgres:17.9-bookworm", "postgres", "two: image postgres is not pinned"),
            ("healthcheck: { test: [CMD, pg_isready] }", "restart: always", "two: has no healthcheck"),
            ("/run/secrets/password", "letmein", "one: DATABASE_PASSWORD looks like a secret in the file"),
            ("/run/secrets/database_url", "postgres://a:b@db/c", "one: MOTCUA__DATABASE__URL_FILE looks like a secret"),
            ("./secrets/database_url", "./deploy/url", "secret database_url: must be a file in ./secrets"),
            ("two: { condition", "three: { condition", "one: depends on three, which is no service"),
        ];
        for (good, bad, expected) in faults {
            let found = findings(&GOOD.replace(good, bad)).unwrap();
            assert!(found.iter().any(|finding| finding.starts_with(expected)), "{bad}: {found:?}");
        }
    }

    #[test]
    fn what_is_no_compose_file_is_an_error() {
        for text in ["", "a: [", "services: {}"] {
            assert!(findings(text).is_err(), "{text:?}");
        }
    }
}

//! What must hold wherever an officer is: accessible by axe's rules, no sideways scroll. Each gives what is wrong.

use motcua_tests::browser::axe_source;
use serde::Deserialize;
use serde_json::json;

use crate::page::Page;

/// What axe found against one of its rules.
#[derive(Deserialize)]
struct Violation {
    id: String,
    impact: Option<String>,
    help: String,
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    html: String,
    failure_summary: Option<String>,
}

impl Violation {
    fn is_serious(&self) -> bool {
        matches!(self.impact.as_deref(), Some("serious" | "critical"))
    }

    fn told(&self) -> String {
        let nodes = self.nodes.iter().map(|node| {
            format!("\n    {}\n        {}", node.html, node.failure_summary.as_deref().unwrap_or_default())
        });
        let impact = self.impact.as_deref().unwrap_or("unrated");
        format!("{} ({impact}): {}{}", self.id, self.help, nodes.collect::<String>())
    }
}

/// The rules of axe's that are broken seriously; what is broken less is printed.
pub async fn serious_violations(page: &Page) -> Vec<String> {
    let has_axe = page.chromium.script("return typeof window.axe === 'object'", vec![]).await;
    if has_axe != json!(true) {
        page.chromium.script(&axe_source(), vec![]).await;
    }
    let run = "const done = arguments[0];
        axe.run(document, {resultTypes: ['violations']}).then(found => done(found.violations), fault => done(String(fault)))";
    let found = page.chromium.driver().execute_async(run, vec![]).await.unwrap();
    let violations: Vec<Violation> =
        serde_json::from_value(found.json().clone()).unwrap_or_else(|error| panic!("axe: {error}: {}", found.json()));
    let (serious, slight): (Vec<_>, Vec<_>) = violations.iter().partition(|one| one.is_serious());
    for violation in slight {
        eprintln!("axe, not serious: {}", violation.told());
    }
    serious.into_iter().map(Violation::told).collect()
}

/// What stands out at 320 pixels, which is a zoom to 400 %, where the page is wider than its window.
pub async fn sideways_scroll(page: &Page, place: &str) -> Option<String> {
    page.chromium.resize(320, 640).await;
    page.keep_picture(&format!("320-{place}")).await;
    // In a dialog it is the dialog, or a part of it, that would scroll.
    let measure = "const scrolls = e => e.scrollWidth > e.clientWidth
            && (e === document.documentElement || ['auto', 'scroll'].includes(getComputedStyle(e).overflowX));
        const out = [...document.querySelectorAll('body *')]
            .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth)
            .map(e => `${e.tagName}.${e.className}`);
        const wide = [document.documentElement, ...document.querySelectorAll('body *')].filter(scrolls);
        return wide.length ? `${wide.map(e => `${e.tagName}.${e.className}: ${e.scrollWidth}`)} by ${out}` : null";
    let wide = page.chromium.script(measure, vec![]).await;
    page.chromium.restore_size().await;
    wide.as_str().map(|wide| format!("scrolls sideways at 320 pixels: {wide}"))
}

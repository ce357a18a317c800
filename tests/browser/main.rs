//! The pages in a real Chromium, against a whole server in this process: the officer's journey, a
//! refusal for each of its steps, what interrupts it, and what holds on every page. Each test leaves
//! screenshots among the artefacts.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod administration_walk;
mod audit;
mod citizen;
mod codes;
mod dashboard;
mod data_requests;
mod dialog;
mod drafts;
mod every_page;
mod imports;
mod interruptions;
mod journey;
mod officers;
mod own_account;
mod page;
mod refusals;
mod rules;
mod statistics;
mod texts;
mod unit_requests;
mod units;
mod walk;

//! The API, black box over HTTP: the same tests on SQLite and PostgreSQL, every answer held against the
//! contract. One module an area of URLs, and one each for what cuts across them.
//!
//! An inline snapshot stands in `allow_duplicates!`: cargo's own runner, unlike nextest, meets it once an
//! engine in one process.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod architecture;
mod audit;
mod audit_search;
mod chaos;
mod citizen_captchas;
mod citizen_certificates;
mod citizen_data_requests;
mod citizen_enumeration;
mod citizen_me;
mod citizen_mobile_signatures;
mod citizen_password;
mod citizen_phone_changes;
mod citizen_resets;
mod citizen_sessions;
mod contract;
mod dashboard;
mod desk;
mod every_operation;
mod failover;
mod faults;
mod gateways;
mod health;
mod live;
mod lookups;
mod me;
mod messages;
mod monitoring;
mod officer_imports;
mod officers;
mod otp;
mod otp_caps;
mod otp_races;
mod password_resend;
mod real_kannel;
mod real_nginx;
mod registrations;
mod reports;
mod request_form;
mod restart;
mod scans;
mod search;
mod second_factors;
mod secrets;
mod sessions;
mod statistics;
mod text_caps;
mod unit_requests;
mod units;

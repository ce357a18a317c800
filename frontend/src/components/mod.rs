//! The pieces that pages are made of. Each draws what it is given and reports what was done to it.
//! A piece with a state or hooks is a component; one that only draws is a function, which costs
//! neither the reader nor the download a component's frame.
//!
//! Refuses calls to the API and knowledge of registrations or accounts.

mod banner;
mod button;
mod copy;
mod date_field;
mod dialog;
mod error_summary;
mod facts;
mod field;
mod icon;
mod message_list;
mod message_steps;
mod question;
mod remote_view;
mod select_field;
mod shell;
mod tag;

pub(crate) use banner::{Banner, Tone};
pub(crate) use button::{Button, ButtonKind};
pub(crate) use copy::CopyableNumber;
pub(crate) use date_field::{DateField, optional_date};
pub(crate) use dialog::Dialog;
pub(crate) use error_summary::{ErrorSummary, SummaryItem};
pub(crate) use facts::{fact, text_fact};
pub(crate) use field::{FieldFrame, TextField, described_by, required_note};
pub(crate) use icon::{IconName, icon};
pub(crate) use message_list::message_list;
#[cfg(test)]
pub(crate) use message_steps::example_message;
pub(crate) use message_steps::{message_steps, message_why};
pub(crate) use question::Question;
pub(crate) use remote_view::{remote_view, to_the_list};
pub(crate) use select_field::SelectField;
pub(crate) use shell::{Crumb, Page, Shell, TitleBar, offline_banner};
pub(crate) use tag::message_tag;

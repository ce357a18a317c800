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

pub use banner::{Banner, Tone};
pub use button::{Button, ButtonKind};
pub use copy::CopyableNumber;
pub use date_field::{DateField, NotADate, optional_date};
pub use dialog::Dialog;
pub use error_summary::{ErrorSummary, SummaryItem};
pub use facts::{fact, text_fact};
pub use field::{FieldFrame, TextField, described_by, required_note};
pub use icon::{IconName, icon};
pub use message_list::message_list;
pub use message_steps::{example_message, message_steps, message_why};
pub use question::Question;
pub use remote_view::{BackHome, remote_view};
pub use select_field::SelectField;
pub use shell::{Crumb, Page, Shell, TitleBar, menu_item, menu_way_out, offline_banner};
pub use tag::message_tag;

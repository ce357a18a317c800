//! The request form, "Giấy đề nghị tạo tài khoản công dân": details in, PDF or DOCX out.
//!
//! A [`Typesetter`] is made once at start from [`Templates`] and shared by every thread. It owns the two templates, the
//! fonts and the rules by which values get into them; it refuses to read files, the network or the clock, to judge the
//! details and to compute the code.
//!
//! # Templates
//! Both are files that an administrator can replace, and both see the same texts under the same names: `unit_name`,
//! `portal_name`, `place`, `date`, `full_name`, `id_number`, `previous_id_number`, `birth_date`, `phone`, `email`,
//! `officer_name`, `officer_phone`, `code`.
//!
//! - **PDF**: one Typst file, by default [`PDF_TEMPLATE`]. Values arrive as strings in `sys.inputs`, never as markup.
//!   It sees no other file, no package and only the embedded faces of Tinos (regular, bold, italic).
//! - **Word**: a `.docx` in which `{{full_name}}` stands for the value, by default [`WORD_TEMPLATE`]. It is made to be
//!   opened, edited and saved in Word, which likes to cut `{{full_name}}` into several runs: a placeholder is therefore
//!   found across the runs of its paragraph, in the body, headers, footers and notes, and takes the looks of its first
//!   character. The package is taken apart once; filling it in is joining pieces of XML, values escaped. The default is
//!   written by `cargo run -p motcua-request-form --example word_template`, and a test holds the two together.
//!
//! A replaced template is tried at start with [`RequestForm::sample`]: a broken one, one with an unknown name, and one
//! that leaves out what the citizen signs for are refused with their file, line and reason.
//!
//! # Why not a wrapper around the engine
//! The engine asks for a `World` of seven short methods; our own (in `pdf`) can prove that no file is read and that
//! "today" is the form's date, so that the same form gives the same bytes.

mod error;
mod form;
mod pdf;
mod typesetter;
mod word;

pub use error::{Error, Place};
pub use form::RequestForm;
pub use typesetter::{PDF_TEMPLATE, Templates, Typesetter, WORD_TEMPLATE};

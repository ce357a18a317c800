//! The door of the crate: templates in, a typesetter out, and a form through it.
//!
//! Owns which template is in force. How each is filled in belongs to `pdf` and `word`.

use crate::error::Error;
use crate::form::RequestForm;
use crate::pdf::PdfTemplate;
use crate::word::WordTemplate;

/// The default PDF template, a Typst file: a start for an administrator's own.
pub const PDF_TEMPLATE: &str = include_str!("../templates/request-form.typ");

/// The default Word template, a `.docx`: a start for an administrator's own.
pub const WORD_TEMPLATE: &[u8] = include_bytes!("../templates/request-form.docx");

/// The two templates in force, each with the name that errors call it by.
#[derive(Debug, Clone)]
pub struct Templates {
    pdf: (String, String),
    word: (String, Vec<u8>),
}

/// The templates in the binary.
impl Default for Templates {
    fn default() -> Self {
        Self {
            pdf: ("request-form.typ".into(), PDF_TEMPLATE.into()),
            word: ("request-form.docx".into(), WORD_TEMPLATE.into()),
        }
    }
}

impl Templates {
    /// Replaces the PDF template by `text`, a Typst file known to its administrator as `name`.
    #[must_use]
    pub fn with_pdf(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.pdf = (name.into(), text.into());
        self
    }

    /// Replaces the Word template by `docx`, known to its administrator as `name`.
    #[must_use]
    pub fn with_word(mut self, name: impl Into<String>, docx: impl Into<Vec<u8>>) -> Self {
        self.word = (name.into(), docx.into());
        self
    }
}

/// Turns request forms into papers. Made once at start, shared by reference between threads.
#[derive(Debug)]
pub struct Typesetter {
    pdf: PdfTemplate,
    word: WordTemplate,
}

impl Typesetter {
    /// Takes the templates apart and tries replaced ones with a made-up form.
    ///
    /// # Errors
    /// [`Error::Template`] with the place and the reason, for the administrator.
    pub fn new(templates: Templates) -> Result<Self, Error> {
        let Templates { pdf: (pdf_name, pdf_text), word: (word_name, word_bytes) } = templates;
        // The embedded one is held to the same check by a test, which spares every start the time.
        let replaced = pdf_text != PDF_TEMPLATE;
        let pdf = PdfTemplate::new(pdf_name, pdf_text)?;
        if replaced {
            pdf.try_out(&RequestForm::sample())?;
        }
        Ok(Self { pdf, word: WordTemplate::new(&word_name, &word_bytes)? })
    }

    /// The form as a tagged PDF that declares PDF/A-2a and PDF/UA-1. The same form gives the same bytes.
    ///
    /// Works on the caller's thread for some milliseconds: call it from a blocking pool.
    ///
    /// # Errors
    /// [`Error::Form`] where a replaced template fails on these values.
    pub fn pdf(&self, form: &RequestForm) -> Result<Vec<u8>, Error> {
        self.pdf.render(form)
    }

    /// The form as a Word document. The same form gives the same bytes.
    ///
    /// # Errors
    /// [`Error::Form`] where the package cannot be written.
    pub fn docx(&self, form: &RequestForm) -> Result<Vec<u8>, Error> {
        self.word.fill(form)
    }
}

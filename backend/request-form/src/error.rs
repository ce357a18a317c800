//! What can go wrong, told to the person who can mend it: the administrator who wrote the template.
//!
//! A complaint found at start is about the made-up sample, so it is told in full. One found on a citizen's form names
//! only the place: the engine may quote the text that it stumbled over, and nothing personal goes into an error.

use std::fmt;

/// Why there is no typesetter, or no paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A template cannot be used; found at start, when it is rendered with a made-up sample.
    #[error("{place}: {message}")]
    Template {
        /// Where in which template.
        place: Place,
        /// What is wrong and, where known, how to mend it. In English, from the engine.
        message: String,
    },
    /// A template that passed the check at start failed on one form's values, which are not repeated here.
    #[error("{place}: the template fails on the values of this form")]
    Form {
        /// Where in which template.
        place: Place,
    },
}

/// A place in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The template's name as the settings gave it; for Word followed by the part within the package.
    pub file: String,
    /// The line, from 1, where one is known.
    pub line: Option<usize>,
}

impl Place {
    pub(crate) fn file(name: impl Into<String>) -> Self {
        Self { file: name.into(), line: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

impl Error {
    pub(crate) fn template(place: Place, message: impl Into<String>) -> Self {
        Self::Template { place, message: message.into() }
    }
}

//! Writes the default Word template: `cargo run -p motcua-request-form --example word_template`.
//!
//! Run it after a change to `paper`, look at the result in Word, and commit both.

mod paper;

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/request-form.docx");
    std::fs::write(file, paper::package()?)?;
    Ok(())
}

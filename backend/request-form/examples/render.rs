//! Writes a sample of both papers to a folder and prints what a warm render costs:
//! `cargo run --release -p motcua-request-form --example render -- FOLDER`.
//!
//! Prints one line a format, `pdf first_ms=… min_ms=… median_ms=… bytes=…`, over fifty renders with a new name each, so
//! that no render can be remembered. `cargo xtask bench` reads these lines.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use motcua_request_form::{RequestForm, Templates, Typesetter};

const RENDERS: usize = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("say the folder to write to")?);
    std::fs::create_dir_all(&folder)?;
    let mut out = std::io::stdout().lock();

    let start = Instant::now();
    let typesetter = Typesetter::new(Templates::default())?;
    writeln!(out, "start ms={:.2}", milliseconds(start.elapsed()))?;

    let sample = RequestForm::sample();
    std::fs::write(folder.join("request-form.pdf"), measure(&mut out, "pdf", &sample, |form| typesetter.pdf(form))?)?;
    std::fs::write(
        folder.join("request-form.docx"),
        measure(&mut out, "docx", &sample, |form| typesetter.docx(form))?,
    )?;
    Ok(())
}

/// Renders the sample, then others, prints the times, and gives back the sample's paper.
fn measure<E: Error + 'static>(
    out: &mut impl Write,
    format: &str,
    sample: &RequestForm,
    render: impl Fn(&RequestForm) -> Result<Vec<u8>, E>,
) -> Result<Vec<u8>, Box<dyn Error>> {
    let start = Instant::now();
    let paper = render(sample)?;
    let first = milliseconds(start.elapsed());

    let mut times = Vec::with_capacity(RENDERS);
    for nth in 0..RENDERS {
        let form = RequestForm {
            full_name: format!("Nguyễn Văn Thử {nth}"),
            id_number: format!("056 190 {nth:03} 234"),
            email: Some(format!("cong.dan.{nth}@example.vn")),
            code: format!("TEST-{nth:04}"),
            ..sample.clone()
        };
        let start = Instant::now();
        render(&form)?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let (min, median) = (milliseconds(times[0]), milliseconds(times[RENDERS / 2]));
    let bytes = paper.len();
    writeln!(out, "{format} first_ms={first:.2} min_ms={min:.2} median_ms={median:.2} bytes={bytes}")?;
    Ok(paper)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

//! The form as PDF: the Typst engine on one template, with the embedded fonts.
//!
//! Owns the engine's view of the world, which holds one source, three faces and the form's date. It refuses every other
//! file, every package and the system's clock and fonts. Values go in as strings through `sys.inputs`.

use std::fmt;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue, Smart};
use typst::layout::{Frame, FrameItem};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt, comemo};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::error::{Error, Place};
use crate::form::{Field, REQUIRED, RequestForm};

/// How many renders ago a remembered result may have been used last. The template's own words stay laid out from one
/// render to the next, one form's values are forgotten after a few: memory stays level.
const REMEMBERED_RENDERS: usize = 4;

/// Vietnam has had one zone without summer time since 1975.
const MINUTES_FROM_UTC: i32 = 7 * 60;

static FACES: LazyLock<Faces> = LazyLock::new(|| {
    let files: [&'static [u8]; 3] = [
        include_bytes!("../fonts/Tinos-Regular.ttf"),
        include_bytes!("../fonts/Tinos-Bold.ttf"),
        include_bytes!("../fonts/Tinos-Italic.ttf"),
    ];
    let fonts: Vec<Font> = files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
    let book = LazyHash::new(FontBook::from_fonts(&fonts));
    Faces { fonts, book }
});

/// The embedded faces, parsed once for the process.
struct Faces {
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
}

impl Faces {
    fn has(&self, c: char) -> bool {
        self.fonts.iter().all(|font| font.info().coverage.contains(u32::from(c)))
    }

    /// The text with a visible mark for each character that no face can draw; PDF/A refuses to leave a hole.
    fn printable(&self, text: &str) -> String {
        text.chars().map(|c| if self.has(c) { c } else { '□' }).collect()
    }
}

/// A PDF template, parsed.
pub(crate) struct PdfTemplate {
    name: String,
    source: Source,
    standards: PdfStandards,
}

impl fmt::Debug for PdfTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PdfTemplate").field("name", &self.name).finish_non_exhaustive()
    }
}

impl PdfTemplate {
    pub(crate) fn new(name: String, text: String) -> Result<Self, Error> {
        let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
            .map_err(|error| Error::template(Place::file(&name), error.message().as_str()))?;
        Ok(Self { name, source: Source::detached(text), standards })
    }

    pub(crate) fn render(&self, form: &RequestForm) -> Result<Vec<u8>, Error> {
        let result = self.typeset(form).map(|(_, pdf)| pdf);
        result.map_err(|complaint| Error::Form { place: complaint.place })
    }

    /// Renders a made-up form and looks for every value that a citizen signs for.
    pub(crate) fn try_out(&self, sample: &RequestForm) -> Result<(), Error> {
        let (document, _) =
            self.typeset(sample).map_err(|complaint| Error::template(complaint.place, complaint.message))?;
        let mut printed = String::new();
        for page in document.pages() {
            collect_text(&page.frame, &mut printed);
        }
        let printed = comparable(&printed);
        for (name, value) in sample.fields().into_iter().filter(|(name, _)| REQUIRED.contains(name)) {
            if !printed.contains(&comparable(&value)) {
                let message = format!("the paper does not show `{name}`; print it with #sys.inputs.{name}");
                return Err(Error::template(Place::file(&self.name), message));
            }
        }
        Ok(())
    }

    fn typeset(&self, form: &RequestForm) -> Result<(PagedDocument, Vec<u8>), Complaint> {
        let desk = Desk::new(&self.source, form.fields(), form.date);
        let result = typst::compile::<PagedDocument>(&desk).output.and_then(|document| {
            let pdf = typst_pdf::pdf(&document, &self.options(form))?;
            Ok((document, pdf))
        });
        let result = result.map_err(|diagnostics| self.complaint(&desk, diagnostics.first()));
        comemo::evict(REMEMBERED_RENDERS);
        result
    }

    fn options(&self, form: &RequestForm) -> PdfOptions {
        PdfOptions {
            ident: Smart::Custom(format!("motcua request form {}", form.code)),
            creator: Smart::Custom(Some("Motcua".into())),
            timestamp: midnight(form.date).and_then(|at| Timestamp::new_local(at, MINUTES_FROM_UTC)),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        }
    }

    fn complaint(&self, desk: &Desk<'_>, diagnostic: Option<&SourceDiagnostic>) -> Complaint {
        let mut place = Place::file(&self.name);
        let Some(diagnostic) = diagnostic else {
            return Complaint { place, message: "the engine refused the template without a reason".into() };
        };
        place.line = desk
            .range(diagnostic.span)
            .and_then(|range| self.source.lines().byte_to_line(range.start))
            .map(|index| index + 1);
        let mut message = diagnostic.message.to_string();
        for hint in &diagnostic.hints {
            message.push_str("; hint: ");
            message.push_str(&hint.v);
        }
        Complaint { place, message }
    }
}

/// What the engine said, before it is decided how much of it may be told.
struct Complaint {
    place: Place,
    message: String,
}

/// All that the engine can see during one render.
struct Desk<'a> {
    source: &'a Source,
    library: LazyHash<Library>,
    today: NaiveDate,
}

impl<'a> Desk<'a> {
    fn new(source: &'a Source, fields: impl IntoIterator<Item = Field>, today: NaiveDate) -> Self {
        let inputs: Dict =
            fields.into_iter().map(|(name, value)| (name.into(), FACES.printable(&value).into_value())).collect();
        Self { source, library: LazyHash::new(Library::builder().with_inputs(inputs).build()), today }
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FACES.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(another_file()) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(another_file())
    }

    fn font(&self, index: usize) -> Option<Font> {
        FACES.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        date(self.today)
    }
}

fn another_file() -> FileError {
    FileError::Other(Some("a template is one file and can read no other".into()))
}

fn date(day: NaiveDate) -> Option<Datetime> {
    Datetime::from_ymd(day.year(), u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?)
}

fn midnight(day: NaiveDate) -> Option<Datetime> {
    let (month, day_of_month) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    Datetime::from_ymd_hms(day.year(), month, day_of_month, 0, 0, 0)
}

fn collect_text(frame: &Frame, text: &mut String) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => collect_text(&group.frame, text),
            FrameItem::Text(run) => text.push_str(&run.text),
            FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {}
        }
    }
}

/// A template may break a value over lines or set it in capitals: neither matters for whether it is there.
fn comparable(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200B}').flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every letter of Vietnamese, composed, in both cases.
    fn vietnamese_letters() -> Vec<char> {
        let vowels = "aăâeêioôơuưy";
        let tones = ["", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}"];
        let mut letters: Vec<char> = "bcdđghklmnpqrstvx".chars().collect();
        for vowel in vowels.chars() {
            for tone in tones {
                use unicode_normalization::UnicodeNormalization;
                letters.extend(format!("{vowel}{tone}").nfc());
            }
        }
        let capitals: Vec<char> = letters.iter().flat_map(|c| c.to_uppercase()).collect();
        letters.extend(capitals);
        letters
    }

    #[test]
    fn the_three_faces_are_read() {
        assert_eq!(FACES.fonts.len(), 3);
    }

    #[test]
    fn every_vietnamese_letter_has_a_glyph_in_every_face() {
        let letters = vietnamese_letters();
        assert_eq!(letters.len(), 2 * (17 + 12 * 6));
        for font in &FACES.fonts {
            for &letter in &letters {
                let name = font.post_script_name();
                assert!(font.info().coverage.contains(u32::from(letter)), "no {letter} in {name:?}");
            }
        }
    }

    #[test]
    fn the_mark_for_a_missing_character_is_in_every_face() {
        assert!(FACES.has('□'));
        assert_eq!(FACES.printable("Lê 山 An"), "Lê □ An");
    }

    /// The left end, base line and right end of everything written, in millimetres from the page's corner.
    fn lines(frame: &Frame, (x, y): (f64, f64)) -> Vec<[f64; 3]> {
        let mut found = Vec::new();
        for (at, item) in frame.items() {
            let (x, y) = (x + at.x.to_mm(), y + at.y.to_mm());
            match item {
                FrameItem::Group(group) => found.extend(lines(&group.frame, (x, y))),
                FrameItem::Text(run) => found.push([x, y, x + run.width().to_mm()]),
                FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {}
            }
        }
        found
    }

    #[test]
    fn no_value_leaves_the_margins() {
        let template = PdfTemplate::new("request-form.typ".into(), crate::PDF_TEMPLATE.into()).unwrap();
        let words = |letter: &str, word: usize, all: usize| {
            let letters = letter.repeat(all).chars().collect::<Vec<_>>();
            letters.chunks(word).map(|word| word.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
        };
        for name in [words("W", 6, 60), words("Ễ", 16, 60), words("Ư", 7, 90), words("W", 100, 100), words("ị", 3, 75)]
        {
            let form = RequestForm {
                unit_name: words("Ở", 5, 160),
                portal_name: words("M", 8, 80),
                email: Some(format!("{}@{}.vn", "w".repeat(64), "m".repeat(120))),
                officer_name: name.clone(),
                full_name: name,
                ..RequestForm::sample()
            };
            let (document, _) = template.typeset(&form).map_err(|complaint| complaint.message).unwrap();
            for page in document.pages() {
                for [left, y, right] in lines(&page.frame, (0.0, 0.0)) {
                    let inside = left >= 29.99 && right <= 195.01 && (10.0..=277.01).contains(&y);
                    assert!(inside, "{left} mm to {right} mm at {y} mm for {}", form.full_name);
                }
            }
        }
    }

    #[test]
    fn the_embedded_template_passes_the_check_of_a_replaced_one() {
        let template = PdfTemplate::new("request-form.typ".into(), crate::PDF_TEMPLATE.into()).unwrap();
        template.try_out(&RequestForm::sample()).unwrap();
    }
}

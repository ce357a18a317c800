//! The pass over a PDF's objects in the order of the file.
//!
//! Owns what the objects are: which stream is an object stream, and whether the trailer leads to a
//! catalog, the catalog to a page tree, and there is a page. Refuses to choose where two readers may
//! choose differently.

use std::borrow::Cow;
use std::collections::HashSet;

use lopdf::{Dictionary, Object, Stream};
use motcua_openapi::registrations::ScanKind;

use super::super::ScanRefusal;
use super::tokens::{Token, Tokens, is_white};
use super::{Surroundings, active, find, forbidden, marks_object_stream, names_in, refuse_active};

/// Bytes that all object streams together may unpack to. A card's scan has a few kilobytes of them.
const MAX_UNPACKED: usize = 16 * 1024 * 1024;
/// Bytes that may be handed to the decoder: each object stream is offered the whole rest of the
/// file, since a wrong `/Length` must not hide its end.
const MAX_DECODER_INPUT: usize = 512 * 1024 * 1024;

/// How an object's stream is packed.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Packing {
    #[default]
    None,
    Flate,
    Other,
}

/// What the object being read has said of its stream so far.
#[derive(Default)]
struct Heading {
    is_object_stream: bool,
    packing: Packing,
    length: Option<usize>,
    first: Option<usize>,
}

impl Heading {
    fn note_name(&mut self, name: &[u8], rest: &Tokens<'_>) {
        self.is_object_stream |= marks_object_stream(name);
        match name {
            b"Filter" if self.packing == Packing::None && is_plain_flate(rest.clone()) => self.packing = Packing::Flate,
            // A predictor, an external file, or a second word on the matter.
            b"Filter" | b"DecodeParms" | b"DP" | b"F" | b"FFilter" => self.packing = Packing::Other,
            _ => {}
        }
    }

    fn note_number(&mut self, key: &[u8], value: usize) {
        match key {
            b"Length" => self.length = Some(value),
            b"First" => self.first = Some(value),
            _ => {}
        }
    }
}

/// Whether the value of a `/Filter` just read is Flate and nothing else.
fn is_plain_flate(mut ahead: Tokens<'_>) -> bool {
    let is_flate = |token| matches!(token, Some(Token::Name(name)) if *name == *b"FlateDecode");
    match ahead.next() {
        Some(Token::OpenArray) => is_flate(ahead.next()) && matches!(ahead.next(), Some(Token::CloseArray)),
        token => is_flate(token),
    }
}

/// The objects, by number, that lead to a page.
#[derive(Default)]
struct Outline {
    /// What a `/Root` names.
    roots: HashSet<u32>,
    catalogs: HashSet<u32>,
    /// An object and what its `/Pages` names.
    trees: HashSet<(u32, u32)>,
    /// Objects with `/Kids`.
    parents: HashSet<u32>,
    has_page: bool,
}

impl Outline {
    fn note_name(&mut self, object: u32, key: &[u8], name: &[u8]) {
        match (key, name) {
            (b"Type", b"Catalog") => drop(self.catalogs.insert(object)),
            (b"Type", b"Page") => self.has_page = true,
            (_, b"Kids") => drop(self.parents.insert(object)),
            _ => {}
        }
    }

    fn note_number(&mut self, object: u32, key: &[u8], number: u32) {
        match key {
            b"Root" => drop(self.roots.insert(number)),
            b"Pages" => drop(self.trees.insert((object, number))),
            _ => {}
        }
    }

    fn leads_to_a_page(&self) -> bool {
        let leads = |(catalog, tree): &(u32, u32)| {
            // No object has the number 0: it stands for what is outside of objects.
            *catalog != 0
                && self.roots.contains(catalog)
                && self.catalogs.contains(catalog)
                && self.parents.contains(tree)
        };
        self.has_page && self.trees.iter().any(leads)
    }
}

/// What the pass has met.
#[derive(Default)]
pub(super) struct Walk {
    outline: Outline,
    object_stream_marks: usize,
    unpacked: usize,
    decoder_input: usize,
}

impl Walk {
    /// Goes through a file.
    pub(super) fn through(content: &[u8]) -> Result<Self, ScanRefusal> {
        let mut walk = Self::default();
        walk.file(content)?;
        Ok(walk)
    }

    /// How many names that tell an object stream stood outside streams.
    pub(super) fn object_stream_marks(&self) -> usize {
        self.object_stream_marks
    }

    /// Whether the trailer leads to a page.
    pub(super) fn has_a_page(&self) -> bool {
        self.outline.leads_to_a_page()
    }

    fn file(&mut self, content: &[u8]) -> Result<(), ScanRefusal> {
        let mut tokens = Tokens::of(content);
        let mut heading = Heading::default();
        let mut depth = 0_usize;
        let mut key = Cow::Borrowed(&b""[..]);
        let mut object = 0;
        // The last two numbers: `12 0 obj`.
        let mut numbers = [0, 0];
        while let Some(token) = tokens.next() {
            match token {
                Token::Name(name) => {
                    if let Some(what) = forbidden(&name) {
                        return Err(active(what));
                    }
                    self.outline.note_name(object, &key, &name);
                    self.object_stream_marks += usize::from(marks_object_stream(&name));
                    heading.note_name(&name, &tokens);
                    key = name;
                    continue;
                }
                // A keyword inside a dictionary: one reader begins anew there, another reads on.
                Token::Word(b"obj" | b"endobj" | b"stream") if depth > 0 => return Err(ScanRefusal::Damaged),
                Token::Word(b"stream") => {
                    tokens.at = self.stream(content, tokens.at, &heading)?;
                    heading = Heading::default();
                }
                Token::Word(b"obj") => {
                    heading = Heading::default();
                    object = numbers[0];
                }
                Token::Word(_) => {
                    if let Some(number) = token.number() {
                        self.outline.note_number(object, &key, number);
                        numbers = [numbers[1], number];
                    }
                    if let Some(value) = token.number() {
                        heading.note_number(&key, value);
                    }
                }
                Token::OpenDictionary => depth += 1,
                Token::CloseDictionary => depth = depth.saturating_sub(1),
                Token::OpenArray | Token::CloseArray | Token::Other => {}
            }
            key = Cow::Borrowed(b"");
        }
        Ok(())
    }

    /// Looks into a stream whose keyword ends at `at`, and says where to go on.
    fn stream(&mut self, content: &[u8], at: usize, heading: &Heading) -> Result<usize, ScanRefusal> {
        let rest = &content[at..];
        let eol = match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        let data = &rest[eol..];
        let by_length = heading.length.filter(|&length| {
            let after = data.get(length..).unwrap_or_default();
            let blank = after.iter().take(2).take_while(|byte| is_white(**byte)).count();
            after[blank..].starts_with(b"endstream")
        });
        let length = by_length.or_else(|| find(data, b"endstream")).ok_or(ScanRefusal::Damaged)?;
        if heading.is_object_stream {
            match heading.packing {
                Packing::None => self.objects(&data[..length], heading.first)?,
                Packing::Flate => {
                    let unpacked = self.unpack(data)?;
                    self.objects(&unpacked, heading.first)?;
                }
                // Every producer uses plain Flate here. What does not is refused, not followed.
                Packing::Other => return Err(ScanRefusal::Damaged),
            }
        }
        Ok(at + eol + length)
    }

    fn unpack(&mut self, data: &[u8]) -> Result<Vec<u8>, ScanRefusal> {
        self.decoder_input += data.len();
        if self.decoder_input > MAX_DECODER_INPUT {
            return Err(ScanRefusal::TooManyEntries { kind: ScanKind::Pdf });
        }
        let mut dictionary = Dictionary::new();
        dictionary.set("Filter", Object::Name(b"FlateDecode".to_vec()));
        let stream = Stream::new(dictionary, data.to_vec());
        let unpacked =
            stream.decompressed_content_with_limit(MAX_UNPACKED - self.unpacked).map_err(|error| match error {
                lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. }) => {
                    ScanRefusal::UnpacksTooLarge { kind: ScanKind::Pdf }
                }
                _ => ScanRefusal::Damaged,
            })?;
        // The decoder keeps its errors to itself and hands out what it had before them.
        if unpacked.is_empty() {
            return Err(ScanRefusal::Damaged);
        }
        self.unpacked += unpacked.len();
        Ok(unpacked)
    }

    /// Looks through an object stream: first pairs of an object's number and its place, then, from
    /// `first` on, the objects.
    fn objects(&mut self, content: &[u8], first: Option<usize>) -> Result<(), ScanRefusal> {
        refuse_active(&names_in(content, Surroundings::ObjectStream))?;
        let index = first.and_then(|first| content.get(..first)).ok_or(ScanRefusal::Damaged)?;
        let index: Option<Vec<usize>> = Tokens::of(index).map(|token| token.number()).collect();
        let mut places: Vec<(usize, u32)> = Vec::new();
        for pair in index.ok_or(ScanRefusal::Damaged)?.chunks_exact(2) {
            let number = u32::try_from(pair[0]).map_err(|_| ScanRefusal::Damaged)?;
            places.push((first.unwrap_or_default().saturating_add(pair[1]), number));
        }
        places.sort_unstable();
        let mut tokens = Tokens::of(content);
        tokens.at = first.unwrap_or_default();
        let mut key = Cow::Borrowed(&b""[..]);
        let mut next = 0;
        let mut object = 0;
        while let Some(token) = tokens.next() {
            while let Some((_, number)) = places.get(next).filter(|(place, _)| *place < tokens.at) {
                object = *number;
                next += 1;
            }
            if let Token::Name(name) = token {
                self.outline.note_name(object, &key, &name);
                key = name;
                continue;
            }
            if let Some(number) = token.number() {
                self.outline.note_number(object, &key, number);
            }
            key = Cow::Borrowed(b"");
        }
        Ok(())
    }
}

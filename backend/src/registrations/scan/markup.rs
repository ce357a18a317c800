//! Reading the XML of a Word document just far enough to judge it.
//!
//! Owns tags, attributes and text with their entities resolved, so that no spelling hides a word.
//! Refuses what Word's own parts never have (a DOCTYPE, an encoding other than UTF-8 and UTF-16)
//! and whatever is not well formed at the level of tags; does not check that tags match. One pass,
//! no recursion, no entity of the document's own, so nothing grows.

use std::borrow::Cow;

/// The part cannot be read as XML.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// A piece of XML. Names of tags are local names: prefixes are the writer's choice.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A start tag, or an empty-element tag.
    Start(Tag<'a>),
    /// The local name of an end tag.
    End(&'a str),
    /// Text between tags.
    Text(Cow<'a, str>),
}

/// A start tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// The local name.
    pub(super) name: &'a str,
    attributes: Vec<(&'a str, Cow<'a, str>)>,
}

impl Tag<'_> {
    /// The value of an attribute without a prefix; empty when it is not there.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(found, _)| *found == name).map_or("", |(_, value)| value)
    }

    /// The values of every attribute with this local name: which prefix counts is declared elsewhere.
    pub(super) fn attributes(&self, name: &str) -> impl Iterator<Item = &str> {
        self.attributes.iter().filter(move |(found, _)| local(found) == name).map(|(_, value)| value.as_ref())
    }
}

/// Whether the first bytes of a part are those of XML, in any encoding that [`text_of`] reads. Blank
/// bytes may still become XML.
pub(super) fn begins_as_xml(bytes: &[u8]) -> bool {
    let marks: [&[u8]; 4] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0<"];
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    marks.iter().any(|mark| bytes.starts_with(mark)) || (!bytes.is_empty() && first.is_none_or(|byte| *byte == b'<'))
}

/// The text of a part: UTF-8, or UTF-16 by its byte-order mark or its first character.
pub(super) fn text_of(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        if !bytes.len().is_multiple_of(2) {
            return Err(Unreadable);
        }
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).collect::<Result<String, _>>().map(Cow::Owned).map_err(|_| Unreadable)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [b'<', 0, ..] => wide(bytes, u16::from_le_bytes),
        [0, b'<', ..] => wide(bytes, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).map(Cow::Borrowed).map_err(|_| Unreadable),
        _ => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| Unreadable),
    }
}

/// The pieces of a text in order.
pub(super) fn pieces(text: &str) -> Pieces<'_> {
    Pieces { rest: text, failed: false }
}

/// Iterator of [`pieces`]; ends after the first error.
pub(super) struct Pieces<'a> {
    rest: &'a str,
    failed: bool,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<Piece<'a>, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.rest.is_empty() {
            return None;
        }
        let piece = self.piece().transpose();
        self.failed = matches!(piece, Some(Err(_)));
        piece
    }
}

impl<'a> Pieces<'a> {
    /// The next piece, `None` at the end; comments and processing instructions are passed over.
    fn piece(&mut self) -> Result<Option<Piece<'a>>, Unreadable> {
        loop {
            if self.rest.is_empty() {
                return Ok(None);
            }
            if !self.rest.starts_with('<') {
                let text = self.up_to_tag();
                return Ok(Some(Piece::Text(resolve(text)?)));
            }
            if let Some(rest) = self.rest.strip_prefix("<!--") {
                self.skip_past(rest, "-->")?;
            } else if let Some(rest) = self.rest.strip_prefix("<![CDATA[") {
                return Ok(Some(Piece::Text(Cow::Borrowed(self.skip_past(rest, "]]>")?))));
            } else if let Some(rest) = self.rest.strip_prefix("<?") {
                let instruction = self.skip_past(rest, "?>")?;
                if instruction.starts_with("xml") && !encoding_is_known(instruction) {
                    return Err(Unreadable);
                }
            } else if self.rest.starts_with("<!") {
                return Err(Unreadable);
            } else if let Some(rest) = self.rest.strip_prefix("</") {
                return Ok(Some(Piece::End(local(self.skip_past(rest, ">")?.trim_end()))));
            } else {
                return self.start().map(Some);
            }
        }
    }

    fn up_to_tag(&mut self) -> &'a str {
        let (text, rest) = self.rest.split_at(self.rest.find('<').unwrap_or(self.rest.len()));
        self.rest = rest;
        text
    }

    fn skip_past(&mut self, from: &'a str, end: &str) -> Result<&'a str, Unreadable> {
        let (skipped, rest) = from.split_once(end).ok_or(Unreadable)?;
        self.rest = rest;
        Ok(skipped)
    }

    fn start(&mut self) -> Result<Piece<'a>, Unreadable> {
        let inside = self.rest.strip_prefix('<').ok_or(Unreadable)?;
        let end = inside.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).ok_or(Unreadable)?;
        let (name, mut rest) = inside.split_at(end);
        let mut attributes = Vec::new();
        if name.is_empty() {
            return Err(Unreadable);
        }
        loop {
            rest = rest.trim_ascii_start();
            if let Some(after) = rest.strip_prefix("/>").or_else(|| rest.strip_prefix('>')) {
                self.rest = after;
                return Ok(Piece::Start(Tag { name: local(name), attributes }));
            }
            let (key, after) = rest.split_once('=').ok_or(Unreadable)?;
            let after = after.trim_ascii_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or(Unreadable)?;
            let (value, after) = after[1..].split_once(quote).ok_or(Unreadable)?;
            let key = key.trim_ascii_end();
            if key.is_empty() || key.contains(|c: char| c.is_ascii_whitespace() || matches!(c, '<' | '>' | '"' | '\''))
            {
                return Err(Unreadable);
            }
            attributes.push((key, resolve(value)?));
            rest = after;
        }
    }
}

/// What the XML declaration may say: nothing, or what [`text_of`] has read it as. Word would believe
/// another encoding, and read other words than were looked at.
fn encoding_is_known(declaration: &str) -> bool {
    let Some((_, after)) = declaration.split_once("encoding") else { return true };
    let value = after.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '=');
    let value = value.trim_start_matches(['"', '\'']);
    let name = value.split(['"', '\'']).next().unwrap_or_default();
    ["utf-8", "utf-16", "us-ascii"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Resolves the predefined entities and character references.
fn resolve(text: &str) -> Result<Cow<'_, str>, Unreadable> {
    if !text.contains('&') {
        return Ok(Cow::Borrowed(text));
    }
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, after)) = rest.split_once('&') {
        // The longest entity is `&#x10FFFF;`; leading zeros are nobody's habit.
        let (entity, after) = after.split_once(';').filter(|(entity, _)| entity.len() <= 10).ok_or(Unreadable)?;
        resolved.push_str(plain);
        resolved.push(character(entity).ok_or(Unreadable)?);
        rest = after;
    }
    resolved.push_str(rest);
    Ok(Cow::Owned(resolved))
}

fn character(entity: &str) -> Option<char> {
    let code = match entity {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        _ => entity.strip_prefix('#')?,
    };
    let value = match code.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => code.parse().ok()?,
    };
    char::from_u32(value)
}

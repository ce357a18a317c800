//! Server-sent events out of bytes that come cut anywhere, as WHATWG's HTML defines them.
//!
//! Pure. Owns lines, fields, and the event that they make. Refuses `id` and `retry`: each of our events is the
//! whole state, so that nothing is taken up where it was left.

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// Its `event` field; empty where there was none.
    pub name: String,
    /// Its `data` fields, one a line.
    pub data: String,
}

/// What has come so far and is no event yet.
#[derive(Debug, Default)]
pub(super) struct EventParser {
    /// A line is bytes until it is whole: a chunk may end inside a letter.
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed after it belongs to it.
    after_return: bool,
    name: String,
    data: String,
}

impl EventParser {
    /// Takes the next bytes; gives the events that they end.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        for byte in chunk {
            let after_return = std::mem::replace(&mut self.after_return, *byte == b'\r');
            match byte {
                b'\n' if after_return => {}
                b'\n' | b'\r' => events.extend(self.end_line()),
                byte => self.line.push(*byte),
            }
        }
        events
    }

    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            return self.end_event();
        }
        let line = String::from_utf8_lossy(&line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            // A comment has no name, and the rest is not for us.
            _ => {}
        }
        None
    }

    /// An empty line ends an event; without data there is none.
    fn end_event(&mut self) -> Option<Event> {
        let (name, mut data) = (std::mem::take(&mut self.name), std::mem::take(&mut self.data));
        data.pop()?;
        Some(Event { name, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = ": hello\n\nevent: messages\ndata: {\"items\":\ndata: [\"Đã gửi\"]}\n\nid: 7\ndata:plain\n\n";

    fn parsed<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<Event> {
        let mut parser = EventParser::default();
        chunks.into_iter().flat_map(|chunk| parser.push(chunk)).collect()
    }

    fn event(name: &str, data: &str) -> Event {
        Event { name: name.into(), data: data.into() }
    }

    fn expected() -> Vec<Event> {
        vec![event("messages", "{\"items\":\n[\"Đã gửi\"]}"), event("", "plain")]
    }

    #[test]
    fn comments_are_no_events_and_several_data_lines_are_one() {
        assert_eq!(parsed([STREAM.as_bytes()]), expected());
    }

    #[test]
    fn a_stream_may_be_cut_anywhere() {
        let bytes = STREAM.as_bytes();
        assert_eq!(parsed(bytes.chunks(1)), expected());
        for at in 0..bytes.len() {
            let (head, tail) = bytes.split_at(at);
            assert_eq!(parsed([head, tail]), expected(), "cut at {at}");
        }
    }

    #[test]
    fn lines_may_end_in_each_of_the_three_ways() {
        for end in ["\r\n", "\r"] {
            let stream = STREAM.replace('\n', end);
            assert_eq!(parsed([stream.as_bytes()]), expected(), "{end:?}");
            assert_eq!(parsed(stream.as_bytes().chunks(1)), expected(), "{end:?}");
        }
    }

    #[test]
    fn an_event_without_data_or_without_its_end_is_none() {
        assert_eq!(parsed([&b"event: messages\n\n"[..]]), []);
        assert_eq!(parsed([&b"data: half"[..]]), []);
        assert_eq!(parsed([&b"event: old\n\ndata: x\n\n"[..]]), [event("", "x")]);
    }
}

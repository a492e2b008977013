//! A bounded parser of server-sent events (WHATWG HTML, 9.2.6).
//!
//! Own code rather than a crate because the bound is the point: a server that
//! never ends a line or an event is cut off instead of filling the memory.

/// One event of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SseEvent {
    /// The `event` field; empty where there was none.
    pub event: String,
    /// The `data` fields, joined by line feeds.
    pub data: String,
}

/// What was larger than allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SseTooLarge {
    Line,
    Event,
}

/// The state of a stream between two chunks.
pub(crate) struct SseParser {
    line: Vec<u8>,
    event: String,
    data: String,
    has_data: bool,
    /// The last byte was a CR, so that a following LF belongs to it.
    after_carriage_return: bool,
    at_start: bool,
    max_line_bytes: usize,
    max_event_bytes: usize,
}

impl SseParser {
    /// A parser at the start of a stream.
    pub fn new(max_line_bytes: usize, max_event_bytes: usize) -> Self {
        Self {
            line: Vec::new(),
            event: String::new(),
            data: String::new(),
            has_data: false,
            after_carriage_return: false,
            at_start: true,
            max_line_bytes,
            max_event_bytes,
        }
    }

    /// Takes the next bytes and appends the events that they complete to
    /// `events`.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<SseEvent>) -> Result<(), SseTooLarge> {
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.after_carriage_return {
                self.after_carriage_return = false;
                if rest[0] == b'\n' {
                    rest = &rest[1..];
                    continue;
                }
            }
            match rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
                Some(end) => {
                    self.extend_line(&rest[..end])?;
                    self.after_carriage_return = rest[end] == b'\r';
                    rest = &rest[end + 1..];
                    self.end_line(events)?;
                }
                None => {
                    self.extend_line(rest)?;
                    rest = &[];
                }
            }
        }
        Ok(())
    }

    fn extend_line(&mut self, bytes: &[u8]) -> Result<(), SseTooLarge> {
        if self.line.len() + bytes.len() > self.max_line_bytes {
            return Err(SseTooLarge::Line);
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn end_line(&mut self, events: &mut Vec<SseEvent>) -> Result<(), SseTooLarge> {
        let line = std::mem::take(&mut self.line);
        let mut line = line.as_slice();
        if std::mem::take(&mut self.at_start) {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            let data = std::mem::take(&mut self.data);
            if std::mem::take(&mut self.has_data) {
                events.push(SseEvent { event, data });
            }
            return Ok(());
        }
        let line = String::from_utf8_lossy(line);
        let (field, value) = match line.split_once(':') {
            Some((field, value)) => (field, value.strip_prefix(' ').unwrap_or(value)),
            None => (line.as_ref(), ""),
        };
        match field {
            "data" => {
                if self.data.len() + value.len() + 1 > self.max_event_bytes {
                    return Err(SseTooLarge::Event);
                }
                if std::mem::replace(&mut self.has_data, true) {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            "event" => value.clone_into(&mut self.event),
            // Comments (an empty field), ids, retry times and unknown fields
            // mean nothing here.
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(chunks: &[&[u8]]) -> Result<Vec<SseEvent>, SseTooLarge> {
        let mut parser = SseParser::new(64, 64);
        let mut events = Vec::new();
        for chunk in chunks {
            parser.push(chunk, &mut events)?;
        }
        Ok(events)
    }

    fn event(event: &str, data: &str) -> SseEvent {
        SseEvent {
            event: event.into(),
            data: data.into(),
        }
    }

    #[test]
    fn events_end_with_an_empty_line() {
        assert_eq!(
            parse(&[b"event: a\ndata: one\n\ndata: two\ndata:three\n\ndata: half"]).unwrap(),
            [event("a", "one"), event("", "two\nthree")]
        );
    }

    #[test]
    fn every_line_end_and_a_byte_order_mark_are_taken() {
        for text in [
            "\u{feff}data: x\r\n\r\ndata: y\r\n\r\n",
            "data: x\r\rdata: y\r\r",
            ": ping\ndata: x\n\nid: 3\nretry: 9\ndata: y\n\n",
        ] {
            assert_eq!(
                parse(&[text.as_bytes()]).unwrap(),
                [event("", "x"), event("", "y")],
                "{text:?}"
            );
        }
    }

    #[test]
    fn where_the_chunks_are_cut_does_not_matter() {
        let text = "event: é\r\ndata: ünï\r\n\r\n: c\n\ndata: b\n\n".as_bytes();
        let whole = parse(&[text]).unwrap();
        for cut in 0..text.len() {
            assert_eq!(
                parse(&[&text[..cut], &text[cut..]]).unwrap(),
                whole,
                "{cut}"
            );
        }
        let single: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(parse(&single).unwrap(), whole);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_in_any_chunks_mean_the_same(
            bytes in proptest::collection::vec(proptest::sample::select(b"data: evnt\r\n\xff\xef\xbb\xbfx".to_vec()), 0..300),
            cuts in proptest::collection::vec(0usize..300, 0..8),
        ) {
            let whole = parse(&[&bytes]);
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let chunks: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            proptest::prop_assert_eq!(parse(&chunks), whole);
        }
    }

    #[test]
    fn endless_lines_and_events_are_refused() {
        assert_eq!(parse(&[&[b'x'; 65]]), Err(SseTooLarge::Line));
        assert_eq!(parse(&[&[b'x'; 40], &[b'x'; 40]]), Err(SseTooLarge::Line));
        let lines = b"data: 0123456789\n".repeat(10);
        assert_eq!(parse(&[&lines]), Err(SseTooLarge::Event));
    }

    #[test]
    fn bytes_that_are_no_utf8_do_not_stop_the_stream() {
        let events = parse(&[b"data: a\xff\n\n"]).unwrap();
        assert_eq!(events, [event("", "a\u{fffd}")]);
    }
}

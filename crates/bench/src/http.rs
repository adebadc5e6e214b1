//! Reads HTTP/1.1 answers from raw bytes: as little work as possible, because the load shares its cores with the server.

use crate::Result;

/// What the head of an answer says about the bytes that follow it.
#[derive(Debug, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    /// Length of the head itself, its empty line included.
    pub size_bytes: usize,
    pub framing: Framing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    Length(u64),
    Chunked,
}

/// Parses the head at the start of `bytes`; `None` while it is incomplete.
pub fn parse_head(bytes: &[u8]) -> Result<Option<Head>> {
    let Some(end) = memchr::memmem::find(bytes, b"\r\n\r\n") else {
        return Ok(None);
    };
    let text = std::str::from_utf8(&bytes[..end])?;
    let mut lines = text.split("\r\n");
    let status_line = lines.next().unwrap_or_default();
    let status = status_line
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3))
        .ok_or_else(|| format!("'{status_line}' is no HTTP/1.1 status line"))?
        .parse::<u16>()?;

    // These answers have no body, whatever their headers say.
    let mut framing = matches!(status, 204 | 304).then_some(Framing::Length(0));
    for line in lines {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("content-length") && framing.is_none() {
            framing = Some(Framing::Length(value.trim().parse()?));
        }
        if name.eq_ignore_ascii_case("transfer-encoding") && value.trim().eq_ignore_ascii_case("chunked") {
            framing = Some(Framing::Chunked);
        }
    }
    let framing = framing.ok_or_else(|| format!("an answer without a length: {text}"))?;
    Ok(Some(Head { status, size_bytes: end + 4, framing }))
}

/// Takes the bytes after a head and gives out those of the body.
#[derive(Debug)]
pub struct BodyReader {
    state: State,
}

#[derive(Debug)]
enum State {
    /// Plain bytes up to a known length.
    Plain {
        left: u64,
    },
    /// A chunk's size line; `extension` once a `;` was seen.
    Size {
        size: u64,
        extension: bool,
    },
    /// Inside a chunk.
    Chunk {
        left: u64,
    },
    /// The line end after a chunk.
    ChunkEnd,
    /// Lines after the last chunk; an empty one ends the body.
    Trailer {
        line_bytes: usize,
    },
    Done,
}

impl BodyReader {
    pub fn new(framing: Framing) -> Self {
        let state = match framing {
            Framing::Length(0) => State::Done,
            Framing::Length(left) => State::Plain { left },
            Framing::Chunked => State::Size { size: 0, extension: false },
        };
        Self { state }
    }

    pub fn is_done(&self) -> bool {
        matches!(self.state, State::Done)
    }

    /// Consumes `input` and hands the body's bytes to `sink`; the answer says how much of `input` belonged to it.
    pub fn read(&mut self, input: &[u8], sink: &mut impl FnMut(&[u8])) -> Result<usize> {
        let mut used = 0;
        while used < input.len() && !self.is_done() {
            let rest = &input[used..];
            if let State::Plain { left } | State::Chunk { left } = self.state {
                let take = rest.len().min(usize::try_from(left)?);
                sink(&rest[..take]);
                self.advance(left - take as u64);
                used += take;
            } else {
                self.read_frame_byte(rest[0])?;
                used += 1;
            }
        }
        Ok(used)
    }

    fn advance(&mut self, left: u64) {
        self.state = match (&self.state, left) {
            (State::Plain { .. }, 0) => State::Done,
            (State::Plain { .. }, left) => State::Plain { left },
            (_, 0) => State::ChunkEnd,
            (_, left) => State::Chunk { left },
        };
    }

    /// One byte of the frame around the chunks.
    fn read_frame_byte(&mut self, byte: u8) -> Result<()> {
        self.state = match (&self.state, byte) {
            (State::Size { size: 0, .. }, b'\n') => State::Trailer { line_bytes: 0 },
            (State::Size { size, .. }, b'\n') => State::Chunk { left: *size },
            (State::Size { size, .. }, b';') => State::Size { size: *size, extension: true },
            (State::Size { size, extension }, b'\r' | b' ') => {
                State::Size { size: *size, extension: *extension }
            }
            (State::Size { size, extension: true }, _) => State::Size { size: *size, extension: true },
            (State::Size { size, .. }, byte) => {
                let digit = char::from(byte).to_digit(16).ok_or("a chunk size that is no hex number")?;
                let size = size.checked_mul(16).and_then(|size| size.checked_add(u64::from(digit)));
                State::Size { size: size.ok_or("a chunk size that is too large")?, extension: false }
            }
            (State::ChunkEnd, b'\r') => State::ChunkEnd,
            (State::ChunkEnd, b'\n') => State::Size { size: 0, extension: false },
            (State::ChunkEnd, _) => return Err("a chunk longer than its size".into()),
            (State::Trailer { line_bytes: 0 }, b'\n') => State::Done,
            (State::Trailer { .. }, b'\n') => State::Trailer { line_bytes: 0 },
            (State::Trailer { line_bytes }, b'\r') => State::Trailer { line_bytes: *line_bytes },
            (State::Trailer { line_bytes }, _) => State::Trailer { line_bytes: line_bytes + 1 },
            // `read` never comes here: these states consume runs of bytes, or none.
            (State::Plain { .. } | State::Chunk { .. } | State::Done, _) => {
                return Err("a frame byte outside of a frame".into());
            }
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_whole(framing: Framing, wire: &[u8], piece_bytes: usize) -> (Vec<u8>, usize, bool) {
        let mut reader = BodyReader::new(framing);
        let mut body = Vec::new();
        let mut used = 0;
        for piece in wire.chunks(piece_bytes) {
            used += reader.read(piece, &mut |bytes| body.extend_from_slice(bytes)).unwrap();
        }
        (body, used, reader.is_done())
    }

    #[test]
    fn a_head_is_read_only_when_whole() {
        let wire = b"HTTP/1.1 200 OK\r\ncontent-type: a/b\r\nContent-Length: 12\r\n\r\nbody";
        let head_bytes = wire.len() - 4;
        for end in 0..head_bytes {
            assert_eq!(parse_head(&wire[..end]).unwrap(), None);
        }
        let expected = Head { status: 200, size_bytes: head_bytes, framing: Framing::Length(12) };
        assert_eq!(parse_head(wire).unwrap(), Some(expected));
    }

    #[test]
    fn a_chunked_head_and_an_empty_answer_are_known() {
        let chunked = parse_head(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n").unwrap().unwrap();
        assert_eq!(chunked.framing, Framing::Chunked);
        let empty = parse_head(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap().unwrap();
        assert_eq!((empty.status, empty.framing), (204, Framing::Length(0)));
    }

    #[test]
    fn a_head_that_makes_no_sense_is_an_error() {
        assert!(parse_head(b"HTTP/2 200\r\n\r\n").is_err());
        assert!(parse_head(b"HTTP/1.1 abc\r\n\r\n").is_err());
        assert!(parse_head(b"HTTP/1.1 200 OK\r\nserver: x\r\n\r\n").is_err());
        assert!(parse_head(b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n").is_err());
    }

    #[test]
    fn a_plain_body_ends_at_its_length() {
        for piece_bytes in 1..=12 {
            let (body, used, done) = read_whole(Framing::Length(5), b"helloHTTP/1.", piece_bytes);
            assert_eq!((body.as_slice(), used, done), (b"hello".as_slice(), 5, true));
        }
        assert!(BodyReader::new(Framing::Length(0)).is_done());
    }

    #[test]
    fn a_chunked_body_is_the_same_however_it_is_cut() {
        let wire = b"5;name=value\r\nhello\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nx: y\r\n\r\nNEXT";
        for piece_bytes in 1..=wire.len() {
            let (body, used, done) = read_whole(Framing::Chunked, wire, piece_bytes);
            assert_eq!(body, b"helloabcdefghijklmnopqrstuvwxyz");
            assert_eq!((used, done), (wire.len() - 4, true));
        }
    }

    #[test]
    fn a_broken_chunk_is_an_error() {
        for wire in [b"zz\r\n".as_slice(), b"2\r\nabc\r\n", b"11111111111111111\r\n"] {
            let mut reader = BodyReader::new(Framing::Chunked);
            assert!(reader.read(wire, &mut |_| ()).is_err());
        }
    }
}

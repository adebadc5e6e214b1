//! Bodies of `multipart/form-data`, read piece by piece: the file in one may be of any size, and nothing of it is held.
//! The parsers that there are read ahead as fast as the client sends, which has no bound.

use bytes::{Buf as _, Bytes, BytesMut};
use futures_util::StreamExt as _;
use memchr::memmem;
use weir_domain::{Error, Result};

use crate::mlflow::artifacts::Incoming;

/// Bytes of a line before a part's content, and lines there.
const LINE_BYTES: usize = 8 * 1024;
const LINES: usize = 32;

pub struct Form {
    body: Incoming,
    buffer: BytesMut,
    /// What stands between parts: a line end, two dashes and the boundary.
    delimiter: Vec<u8>,
    at: At,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// In the content of a part, or in what stands before the first.
    Content,
    /// Behind a delimiter.
    Delimiter,
    End,
}

impl Form {
    /// `None`: the body is no form.
    pub fn new(content_type: &str, body: Incoming) -> Result<std::result::Result<Self, Incoming>> {
        let mut parts = content_type.splitn(2, ';');
        if !parts.next().unwrap_or_default().trim().eq_ignore_ascii_case("multipart/form-data") {
            return Ok(Err(body));
        }
        let boundary = param(parts.next().unwrap_or_default(), "boundary");
        let Some(boundary) = boundary.filter(|boundary| (1..=70).contains(&boundary.len())) else {
            return Err(Error::Invalid(format!(
                "Content-Type '{content_type}' has no boundary of 1 to 70 characters"
            )));
        };
        // The first delimiter may stand at the very beginning, without its line end.
        let buffer = BytesMut::from(&b"\r\n"[..]);
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        Ok(Ok(Self { body, buffer, delimiter, at: At::Content }))
    }

    /// The name of the next part; what was left of the one before is passed over.
    pub async fn next(&mut self) -> Result<Option<String>> {
        while self.chunk().await?.is_some() {}
        if self.at == At::End {
            return Ok(None);
        }
        let rest = self.line().await?;
        if rest.starts_with(b"--") {
            self.at = At::End;
            return Ok(None);
        }
        if !rest.trim_ascii().is_empty() {
            return Err(malformed("there is more than a boundary in the line of one"));
        }
        let mut name = None;
        for _ in 0..LINES {
            let line = self.line().await?;
            if line.is_empty() {
                self.at = At::Content;
                return name.map(Some).ok_or_else(|| malformed("a part has no name"));
            }
            let line = String::from_utf8(line.to_vec()).map_err(|_| malformed("a header is not UTF-8"))?;
            let (header, value) = line.split_once(':').ok_or_else(|| malformed("a header has no colon"))?;
            match header.trim().to_ascii_lowercase().as_str() {
                "content-disposition" => name = param(value, "name"),
                "content-transfer-encoding"
                    if !["binary", "8bit", "7bit"].contains(&value.trim().to_ascii_lowercase().as_str()) =>
                {
                    return Err(malformed("a part is encoded; send its bytes as they are"));
                }
                _ => {}
            }
        }
        Err(malformed("a part has too many headers"))
    }

    /// The next bytes of the part's content; `None` at its end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        if self.at != At::Content {
            return Ok(None);
        }
        loop {
            match memmem::find(&self.buffer, &self.delimiter) {
                Some(0) => {
                    self.buffer.advance(self.delimiter.len());
                    self.at = At::Delimiter;
                    return Ok(None);
                }
                Some(end) => return Ok(Some(self.buffer.split_to(end).freeze())),
                None => {}
            }
            // What could be the beginning of a delimiter stays.
            let sure = (self.buffer.len() + 1).saturating_sub(self.delimiter.len());
            if sure > 0 {
                return Ok(Some(self.buffer.split_to(sure).freeze()));
            }
            self.fill().await?;
        }
    }

    /// The content of a part that is a short text.
    pub async fn text(&mut self, name: &str) -> Result<String> {
        let mut text = Vec::new();
        while let Some(bytes) = self.chunk().await? {
            text.extend_from_slice(&bytes);
            if text.len() > LINE_BYTES {
                return Err(Error::TooLarge(format!(
                    "the form's field '{name}' has more than the {LINE_BYTES} bytes allowed"
                )));
            }
        }
        String::from_utf8(text).map_err(|_| malformed(&format!("the field '{name}' is not UTF-8")))
    }

    /// The bytes up to the next line end, which is passed over.
    async fn line(&mut self) -> Result<Bytes> {
        loop {
            if let Some(end) = memmem::find(&self.buffer, b"\r\n") {
                let line = self.buffer.split_to(end).freeze();
                self.buffer.advance(2);
                return Ok(line);
            }
            // Behind the last boundary there need not be a line end.
            if self.buffer.starts_with(b"--") {
                return Ok(self.buffer.split().freeze());
            }
            if self.buffer.len() > LINE_BYTES {
                return Err(malformed("a header is too long"));
            }
            self.fill().await?;
        }
    }

    async fn fill(&mut self) -> Result<()> {
        match self.body.next().await {
            Some(bytes) => {
                self.buffer.extend_from_slice(&bytes?);
                Ok(())
            }
            None => Err(malformed("it broke off before its last boundary")),
        }
    }
}

fn malformed(reason: &str) -> Error {
    Error::Invalid(format!("the body is no multipart/form-data as its Content-Type says: {reason}"))
}

/// The value of a parameter behind `;`, bare or in quotes.
fn param(text: &str, name: &str) -> Option<String> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ';']);
        let (key, value) = rest.split_once(['=', ';']).unwrap_or((rest, ""));
        if key.is_empty() {
            return None;
        }
        let bare = !rest[key.len()..].starts_with('=');
        let (value, behind) = match value.strip_prefix('"') {
            _ if bare => (String::new(), value),
            Some(quoted) => unquote(quoted)?,
            None => {
                let (value, behind) = value.split_once(';').unwrap_or((value, ""));
                (value.trim().to_owned(), behind)
            }
        };
        if !bare && key.trim().eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = behind;
    }
}

/// A text up to its closing quote, and what stands behind that.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(characters.next()?.1),
            plain => value.push(plain),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use futures_util::stream;
    use proptest::prelude::*;

    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=xYz";

    /// What is read of a body that arrives in pieces of `size` bytes.
    fn read(body: &[u8], size: usize) -> Result<Vec<(String, Vec<u8>)>> {
        let pieces: Vec<std::result::Result<Bytes, std::io::Error>> =
            body.chunks(size.max(1)).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        let body = Incoming::new(Body::from_stream(stream::iter(pieces)));
        let Ok(mut form) = Form::new(TYPE, body)? else { panic!("a form") };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut parts = Vec::new();
            while let Some(name) = form.next().await? {
                let mut content = Vec::new();
                while let Some(bytes) = form.chunk().await? {
                    content.extend_from_slice(&bytes);
                }
                parts.push((name, content));
            }
            Ok(parts)
        })
    }

    fn written(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, content) in parts {
            let head = format!(
                "--xYz\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a;b\\\"\"\r\nX-A: b\r\n\r\n"
            );
            body.extend(head.into_bytes());
            body.extend(*content);
            body.extend(b"\r\n");
        }
        body.extend(b"--xYz--\r\n");
        body
    }

    #[test]
    fn parts_come_out_as_they_went_in_however_they_arrive() {
        let parts: [(&str, &[u8]); 3] =
            [("status", b"hidden"), ("file", b"\r\n--xY\r\n--xYy \0\r\n-"), ("empty", b"")];
        let body = written(&parts);
        for size in 1..body.len() {
            let read = read(&body, size).unwrap();
            assert_eq!(read.len(), 3);
            for ((name, content), (expected, bytes)) in read.iter().zip(parts) {
                assert_eq!((name.as_str(), content.as_slice()), (expected, bytes), "in pieces of {size}");
            }
        }
        let bare = b"preamble\r\n--xYz  \r\ncontent-disposition:form-data;name=a\r\n\r\n1\r\n--xYz--";
        assert_eq!(read(bare, 7).unwrap(), [("a".to_owned(), b"1".to_vec())]);
        assert_eq!(read(b"--xYz--", 3).unwrap(), []);
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for body in [
            "",
            "--xYz",
            "--xYz\r\n",
            "--xYz\r\n\r\nno name\r\n--xYz--",
            "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end",
            "--xYz\r\nno colon\r\n\r\n\r\n--xYz--",
            "--xYzz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--xYz--",
            "--xYz\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n\r\n--xYz--",
        ] {
            assert!(matches!(read(body.as_bytes(), 5), Err(Error::Invalid(_))), "{body:?}");
        }
        let long = format!("--xYz\r\nX: {}", "y".repeat(2 * LINE_BYTES));
        assert!(read(long.as_bytes(), 1000).is_err());
        let many = format!("--xYz\r\n{}\r\n", "X: y\r\n".repeat(LINES + 1));
        assert!(read(many.as_bytes(), 1000).is_err());
    }

    #[test]
    fn a_form_is_known_by_its_type() {
        let body = || Incoming::new(Body::empty());
        for (kind, is_form) in [
            ("multipart/form-data; boundary=a", true),
            ("Multipart/Form-Data;charset=utf-8; Boundary=\"a b\"", true),
            ("multipart/mixed; boundary=a", false),
            ("application/octet-stream", false),
            ("", false),
        ] {
            assert_eq!(Form::new(kind, body()).unwrap().is_ok(), is_form, "{kind}");
        }
        for kind in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; x=\"a"] {
            assert!(Form::new(kind, body()).is_err(), "{kind}");
        }
    }

    proptest! {
        #[test]
        fn no_body_panics(body in "(--xYz|--|\r\n|Content-Disposition: form-data; name=a|:|[a\";=\\\\]){0,20}", size in 1..40_usize) {
            let _ = read(body.as_bytes(), size);
        }

        #[test]
        fn any_content_comes_back(content in proptest::collection::vec(any::<u8>(), 0..300), size in 1..80_usize) {
            let read = read(&written(&[("file", &content)]), size).unwrap();
            prop_assert_eq!(&read[0].1, &content);
        }
    }
}

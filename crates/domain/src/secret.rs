//! Secrets that the server makes for browsers: of sessions, and of one-time links.

/// 256 bits as they stand in a cookie or an address.
pub fn from_random(bytes: [u8; 32]) -> String {
    hex::encode(bytes)
}

/// Whether a text could be one: what cannot is not worth a question to the database.
pub fn looks_like_one(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

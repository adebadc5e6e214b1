//! Scopes: what an access token may be used for, whatever its user may do.

use crate::{Error, Result};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes {
    /// Everything that the user may do.
    pub api: bool,
    pub read_api: bool,
    /// Only who the user is, and who the others are.
    pub read_user: bool,
    /// Only to put a new token in its own place.
    pub self_rotate: bool,
}

const NAMES: &str = "api, read_api, read_user or self_rotate";

impl Scopes {
    pub const NONE: Self = Self { api: false, read_api: false, read_user: false, self_rotate: false };
    pub const API: Self = Self { api: true, ..Self::NONE };
    pub const READ_API: Self = Self { read_api: true, ..Self::NONE };

    /// Names separated by commas or blanks.
    pub fn parse(text: &str) -> Result<Self> {
        let mut scopes = Self::NONE;
        for name in text.split([',', ' ']).filter(|name| !name.is_empty()) {
            match name {
                "api" => scopes.api = true,
                "read_api" => scopes.read_api = true,
                "read_user" => scopes.read_user = true,
                "self_rotate" => scopes.self_rotate = true,
                other => return Err(Error::Invalid(format!("'{other}' is not a scope: use {NAMES}"))),
            }
        }
        if scopes == Self::NONE {
            return Err(Error::Invalid(format!("a token needs at least one scope: {NAMES}")));
        }
        Ok(scopes)
    }

    pub fn names(self) -> Vec<&'static str> {
        let all = [
            ("api", self.api),
            ("read_api", self.read_api),
            ("read_user", self.read_user),
            ("self_rotate", self.self_rotate),
        ];
        all.iter().filter(|(_, has)| *has).map(|(name, _)| *name).collect()
    }

    pub fn text(self) -> String {
        self.names().join(",")
    }

    pub fn may_read(self) -> bool {
        self.api || self.read_api
    }

    pub fn may_read_users(self) -> bool {
        self.may_read() || self.read_user
    }

    pub fn may_rotate_itself(self) -> bool {
        self.api || self.self_rotate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_come_back_as_they_were_written() {
        for text in ["api", "read_api", "api,read_api", "read_user,self_rotate"] {
            assert_eq!(Scopes::parse(text).unwrap().text(), text);
        }
        assert_eq!(Scopes::parse("self_rotate api").unwrap().text(), "api,self_rotate");
        for text in ["", " , ", "write", "api,sudo"] {
            assert!(Scopes::parse(text).is_err(), "{text}");
        }
    }
}

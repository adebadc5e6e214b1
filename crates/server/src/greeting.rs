//! What `weir serve` prints to standard output, ready to paste.

use crate::first_start::{self, TokenState};

pub struct Greeting<'a> {
    /// `http://127.0.0.1:5000`: tests and scripts read the port from the first address printed.
    pub local_url: &'a str,
    pub external_url: Option<&'a str>,
    pub project_id: i64,
    pub token: &'a TokenState,
    pub no_auth: bool,
    /// Options that `weir token create` needs to find the same database, with a blank before each.
    pub store_options: &'a str,
}

impl Greeting<'_> {
    pub fn text(&self) -> String {
        let mut lines = vec![format!("Weir {} listens on {}", env!("CARGO_PKG_VERSION"), self.local_url)];
        if let Some(url) = self.external_url {
            lines.push(format!("Users reach it at {url}"));
        }
        let url = self.external_url.unwrap_or(self.local_url);
        if let (TokenState::Made { link, .. }, false) = (self.token, self.no_auth) {
            lines.push(String::new());
            lines.push("Open this in a browser; it signs you in as root, once, within 24 hours:".to_owned());
            lines.push(String::new());
            lines.push(first_start::link(url, link));
        }
        lines.push(String::new());
        lines.push("Paste this where your training runs:".to_owned());
        lines.push(String::new());
        lines.push(format!("export MLFLOW_TRACKING_URI={url}/api/v4/projects/{}/ml/mlflow", self.project_id));
        let create = format!("weir token create --user root{}", self.store_options);
        let let_in = format!("weir user sign-in-link root{}", self.store_options);
        match self.token {
            TokenState::Made { token, .. } => {
                lines.push(format!("export MLFLOW_TRACKING_TOKEN={token}"));
                lines.push(String::new());
                lines.push(format!("The token of user root is shown this once. For another: {create}"));
            }
            TokenState::Given => {
                lines.push("export MLFLOW_TRACKING_TOKEN=$WEIR_ROOT_TOKEN".to_owned());
                lines.push(String::new());
                lines.push(format!("A link that signs root in with a browser: {let_in}"));
            }
            TokenState::Kept => {
                lines.push(String::new());
                lines.push(format!("MLFLOW_TRACKING_TOKEN is a token of yours. To make one: {create}"));
                lines.push(format!("A link that signs root in with a browser: {let_in}"));
            }
        }
        if self.no_auth {
            lines.push("Everybody on this machine is root and needs no token (--no-auth).".to_owned());
        }
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(token: &TokenState, external_url: Option<&str>) -> String {
        let local_url = "http://127.0.0.1:5000";
        Greeting { local_url, external_url, project_id: 1, token, no_auth: false, store_options: "" }.text()
    }

    #[test]
    fn a_first_start_prints_both_exports() {
        let made = TokenState::Made { token: "glpat-abc".to_owned(), link: "s3cret".to_owned() };
        let text = text(&made, None);
        assert!(text.lines().next().unwrap().ends_with("listens on http://127.0.0.1:5000"), "{text}");
        let uri = "export MLFLOW_TRACKING_URI=http://127.0.0.1:5000/api/v4/projects/1/ml/mlflow\n";
        assert!(text.contains(&format!("{uri}export MLFLOW_TRACKING_TOKEN=glpat-abc\n")), "{text}");
        assert!(text.contains("\nhttp://127.0.0.1:5000/-/sign-in/link/s3cret\n"), "{text}");
    }

    #[test]
    fn a_later_start_says_where_tokens_come_from() {
        let text = text(&TokenState::Kept, Some("https://weir.example"));
        assert!(
            text.contains("export MLFLOW_TRACKING_URI=https://weir.example/api/v4/projects/1/ml/mlflow"),
            "{text}"
        );
        assert!(
            text.contains("weir token create") && !text.contains("export MLFLOW_TRACKING_TOKEN"),
            "{text}"
        );
        assert!(text.find("http://127.0.0.1:5000") < text.find("https://weir.example"), "{text}");
    }
}

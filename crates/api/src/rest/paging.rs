//! GitLab's pages by number: what is asked for, and the headers that tell where one is.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use weir_domain::{Error, Result};
use weir_store::slice::{Part, Place, Slice};

use crate::app::App;
use crate::reply::json_response;
use crate::server_address::server_address;
use crate::wire::Int;

/// Rows of a page when the request does not say, and at most, as in GitLab.
const PER_PAGE: i64 = 20;
const MOST_PER_PAGE: i64 = 100;

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// From 1.
    #[param(value_type = Option<i64>, minimum = 1)]
    page: Int,
    /// Of a page; 20 when it is not said. More than 100 are 100.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    per_page: Int,
}

/// A page of a list, and the address that its neighbours are told by.
pub struct Page {
    number: i64,
    per_page: i64,
    offset: i64,
    /// Of this list, up to its query.
    address: String,
    /// The rest of the query, as it was sent.
    query: Vec<String>,
}

impl Page {
    pub fn read(app: &App, headers: &HeaderMap, uri: &Uri, asked: PageQuery) -> Result<Self> {
        let number = positive("page", asked.page.optional("page")?.unwrap_or(1))?;
        let per_page = positive("per_page", asked.per_page.optional("per_page")?.unwrap_or(PER_PAGE))?
            .min(MOST_PER_PAGE);
        let offset = (number - 1).checked_mul(per_page);
        let offset = offset.ok_or_else(|| {
            Error::Invalid(format!("page is invalid: there is no page {number} of any list"))
        })?;
        let pairs = uri.query().unwrap_or_default().split('&');
        let kept = |pair: &&str| {
            let name = pair.split('=').next().unwrap_or_default();
            !pair.is_empty()
                && !matches!(name, "page" | "per_page" | "private_token" | "access_token" | "job_token")
        };
        Ok(Self {
            number,
            per_page,
            offset,
            address: format!("{}{}", server_address(app, headers)?, uri.path()),
            query: pairs.filter(kept).map(ToOwned::to_owned).collect(),
        })
    }

    pub fn slice(&self) -> Slice {
        Slice { limit: self.per_page, place: Place::Offset(self.offset) }
    }

    /// A JSON list with GitLab's headers. A list of more than 10,000 tells no total, as GitLab has it.
    pub fn answer<T, U: Serialize>(&self, part: Part<T>, show: impl FnMut(T) -> U) -> Result<Response> {
        let rows: Vec<U> = part.rows.into_iter().map(show).collect();
        let mut response = json_response(StatusCode::OK, serde_json::to_vec(&rows).map_err(Error::internal)?);
        let headers = response.headers_mut();
        let last = part.total.map(|total| (total.max(1) + self.per_page - 1) / self.per_page);
        let next = part.more.then_some(self.number + 1);
        let before = (self.number > 1).then_some(self.number - 1);
        let text = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
        for (name, value) in [
            ("x-page", Some(self.number.to_string())),
            ("x-per-page", Some(self.per_page.to_string())),
            ("x-next-page", Some(text(next))),
            ("x-prev-page", Some(text(before))),
            ("x-total", part.total.map(|total| total.to_string())),
            ("x-total-pages", last.map(|last| last.to_string())),
        ] {
            if let Some(value) = value {
                let value = HeaderValue::from_str(&value).map_err(Error::internal)?;
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        let links = [("prev", before), ("next", next), ("first", Some(1)), ("last", last)];
        let links = links.into_iter().filter_map(|(name, page)| Some(self.link(name, page?)));
        let links = links.collect::<Vec<_>>().join(", ");
        headers.insert(header::LINK, HeaderValue::from_str(&links).map_err(Error::internal)?);
        Ok(response)
    }

    fn link(&self, name: &str, page: i64) -> String {
        let mut query = self.query.clone();
        query.extend([format!("page={page}"), format!("per_page={}", self.per_page)]);
        format!("<{}?{}>; rel=\"{name}\"", self.address, query.join("&"))
    }
}

fn positive(name: &str, number: i64) -> Result<i64> {
    if number < 1 {
        return Err(Error::Invalid(format!("{name} is invalid: '{number}' is not a number from 1 on")));
    }
    Ok(number)
}

//! Pages of lists as GitLab gives them: by number with totals, or by keyset; where to go on stands in the headers.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use weir_domain::{Error, Result};
use weir_store::slice::{Part, Place, Slice};

use super::filters;
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::parse_query;
use crate::peer::Peer;
use crate::reply::json_response;
use crate::server_address::{server_address, without_secrets};
use crate::wire::{Int, Text};

const PER_PAGE: i64 = 20;
const MOST_PER_PAGE: i64 = 100;
/// Pages by number end here, as in GitLab: what lies behind is asked for by keyset.
const MOST_OFFSET: i64 = 50_000;

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
    /// `offset` (when it is not said) or `keyset`, which goes by id.
    #[param(value_type = Option<String>)]
    pagination: Text,
    #[param(ignore)]
    order_by: Text,
    #[param(ignore)]
    sort: Text,
    /// Of a page by keyset; stands in the `Link` header of the page before.
    #[param(value_type = Option<i64>)]
    id_after: Int,
    /// The same when the order is descending.
    #[param(value_type = Option<i64>)]
    id_before: Int,
}

/// What [`PageQuery`] reads besides, where a list has a choice of orders.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes; nothing is made of it")]
pub struct OrderQuery {
    /// `id`, `name`, `path` or another field that the list has an order by.
    order_by: Option<String>,
    /// `asc` or `desc`.
    sort: Option<String>,
}

/// The page that a request asks for.
#[derive(Debug)]
pub struct Paging {
    /// Its rows in the store.
    pub slice: Slice,
    /// `order_by`, which a keyset has only one of.
    order_by: Option<String>,
    descending: Option<bool>,
    page: i64,
    /// The address without the parameters that say which page.
    address: String,
}

impl FromRequestParts<App> for Paging {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        filters::check(parts.uri.path(), query)?;
        let peer = Peer::of_request(app, &parts.extensions, &parts.headers);
        let base = format!("{}{}", server_address(app, &peer, &parts.headers)?, parts.uri.path());
        Ok(read(parse_query(query)?, address(&base, query))?)
    }
}

/// The address that pages are told apart behind.
fn address(base: &str, query: &str) -> String {
    let of_pages = ["page", "per_page", "id_after", "id_before"];
    let query = without_secrets(query);
    let kept = query.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !name.is_empty() && !of_pages.contains(&name)
    });
    // What else stands there is repeated as it was sent, but for what would end the header's address early.
    let kept: String = kept.map(|pair| format!("{}&", pair.replace(['<', '>', '"'], ""))).collect();
    format!("{base}?{kept}")
}

fn read(query: PageQuery, address: String) -> Result<Paging> {
    let asked = query.per_page.optional("per_page")?.unwrap_or(PER_PAGE);
    if asked < 1 {
        return Err(Error::invalid(format!("per_page is invalid: '{asked}' is not a number from 1 on")));
    }
    let limit = asked.min(MOST_PER_PAGE);
    let order_by = query.order_by.optional("order_by")?;
    let descending = match query.sort.optional("sort")?.as_deref() {
        None => None,
        Some("asc") => Some(false),
        Some("desc") => Some(true),
        // Tokens have a `sort` of their own.
        Some(_) => None,
    };
    let page = query.page.optional("page")?.unwrap_or(1);
    let place = match query.pagination.optional("pagination")?.as_deref() {
        None | Some("offset") => offset(page, limit)?,
        Some("keyset") => {
            let descending = descending.unwrap_or(true);
            let beyond = if descending { query.id_before } else { query.id_after };
            let beyond = beyond.optional(if descending { "id_before" } else { "id_after" })?;
            if order_by.as_deref().is_some_and(|by| by != "id") {
                return Err(Error::invalid("pages by keyset are ordered by id: write order_by=id"));
            }
            Place::Keyset { beyond, descending }
        }
        Some(other) => {
            return Err(Error::invalid(format!("'{other}' is not a pagination: use offset or keyset")));
        }
    };
    Ok(Paging { slice: Slice { limit, place }, order_by, descending, page, address })
}

fn offset(page: i64, limit: i64) -> Result<Place> {
    if page < 1 {
        return Err(Error::invalid(format!("page is invalid: '{page}' is not a number from 1 on")));
    }
    let offset = (page - 1).saturating_mul(limit);
    if offset >= MOST_OFFSET {
        return Err(Error::invalid(format!(
            "page {page} begins behind {MOST_OFFSET} rows: ask with pagination=keyset&order_by=id"
        )));
    }
    Ok(Place::Offset(offset))
}

impl Paging {
    /// `order_by` and whether it descends, with what holds when they are not said.
    pub fn order(&self, by: &'static str, descending: bool) -> (&str, bool) {
        (self.order_by.as_deref().unwrap_or(by), self.descending.unwrap_or(descending))
    }

    /// The slice of a list whose rows have no id to go on behind.
    pub fn by_number(&self) -> Result<Slice> {
        match self.slice.place {
            Place::Offset(_) => Ok(self.slice),
            Place::Keyset { .. } => {
                Err(Error::invalid("this list has no pages by keyset: ask for them by number"))
            }
        }
    }

    /// The answer: a list, and where the others are. `id` is what a keyset goes on behind.
    pub fn answer<T, J: Serialize>(
        &self,
        part: Part<T>,
        id: impl Fn(&T) -> i64,
        map: impl FnMut(T) -> J,
    ) -> ApiResult<Response> {
        let last = part.rows.last().map(id);
        let headers = match self.slice.place {
            Place::Offset(_) => self.number_headers(part.total, part.more),
            Place::Keyset { descending, .. } => self.keyset_headers(last, part.more, descending),
        };
        let rows: Vec<J> = part.rows.into_iter().map(map).collect();
        let body = serde_json::to_vec(&rows).map_err(Error::internal)?;
        let mut response = json_response(StatusCode::OK, body);
        for (name, value) in headers {
            let value = HeaderValue::from_str(&value).map_err(Error::internal)?;
            response.headers_mut().insert(name, value);
        }
        Ok(response.into_response())
    }

    fn number_headers(&self, total: Option<i64>, more: bool) -> Vec<(&'static str, String)> {
        let per_page = self.slice.limit;
        let link = |page: i64, rel: &str| {
            format!("<{}page={page}&per_page={per_page}>; rel=\"{rel}\"", self.address)
        };
        let next = more.then_some(self.page + 1);
        let previous = (self.page > 1).then_some(self.page - 1);
        let pages = total.map(|total| (total + per_page - 1) / per_page).map(|pages| pages.max(1));
        let mut links = Vec::new();
        links.extend(previous.map(|page| link(page, "prev")));
        links.extend(next.map(|page| link(page, "next")));
        links.push(link(1, "first"));
        links.extend(pages.map(|page| link(page, "last")));
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let mut headers = vec![
            ("x-page", self.page.to_string()),
            ("x-per-page", per_page.to_string()),
            ("x-next-page", number(next)),
            ("x-prev-page", number(previous)),
            ("link", links.join(", ")),
        ];
        if total.is_some() {
            headers.extend([("x-total", number(total)), ("x-total-pages", number(pages))]);
        }
        headers
    }

    fn keyset_headers(&self, last: Option<i64>, more: bool, descending: bool) -> Vec<(&'static str, String)> {
        let Some(last) = last.filter(|_| more) else { return Vec::new() };
        let name = if descending { "id_before" } else { "id_after" };
        let per_page = self.slice.limit;
        vec![("link", format!("<{}{name}={last}&per_page={per_page}>; rel=\"next\"", self.address))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paging(query: &str) -> Result<Paging> {
        read(parse_query(query)?, address("http://weir/api/v4/projects", query))
    }

    #[test]
    fn pages_are_told_by_number() {
        let paging = paging("page=2&per_page=3&search=a%20b").unwrap();
        assert_eq!(paging.slice, Slice { limit: 3, place: Place::Offset(3) });
        let headers = paging.number_headers(Some(8), true);
        let link = |page, rel| {
            format!("<http://weir/api/v4/projects?search=a%20b&page={page}&per_page=3>; rel=\"{rel}\"")
        };
        let links = [link(1, "prev"), link(3, "next"), link(1, "first"), link(3, "last")].join(", ");
        let expected = [
            ("x-page", "2"),
            ("x-per-page", "3"),
            ("x-next-page", "3"),
            ("x-prev-page", "1"),
            ("link", &links),
            ("x-total", "8"),
            ("x-total-pages", "3"),
        ];
        assert_eq!(headers, expected.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn a_list_that_is_too_long_to_count_has_no_last_page() {
        let headers = paging("per_page=1000").unwrap().number_headers(None, true);
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["x-page", "x-per-page", "x-next-page", "x-prev-page", "link"]);
        assert!(headers[1].1 == "100" && !headers[4].1.contains("last"), "{headers:?}");
    }

    #[test]
    fn a_keyset_goes_on_behind_the_last_id() {
        let down = paging("pagination=keyset&order_by=id&per_page=2&id_before=9").unwrap();
        assert_eq!(down.slice.place, Place::Keyset { beyond: Some(9), descending: true });
        let link = "<http://weir/api/v4/projects?pagination=keyset&order_by=id&id_before=7&per_page=2>; rel=\"next\"";
        assert_eq!(down.keyset_headers(Some(7), true, true), [("link", link.to_owned())]);
        assert!(down.keyset_headers(Some(7), false, true).is_empty());
        let up = paging("pagination=keyset&sort=asc&id_after=3").unwrap();
        assert_eq!(up.slice.place, Place::Keyset { beyond: Some(3), descending: false });
    }

    #[test]
    fn what_cannot_be_a_page_is_refused() {
        for query in [
            "page=0",
            "page=-1",
            "page=x",
            "per_page=0",
            "page=9223372036854775807",
            "pagination=both",
            "pagination=keyset&order_by=name",
        ] {
            assert!(paging(query).is_err(), "{query}");
        }
    }
}

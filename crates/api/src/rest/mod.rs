//! `/api/v4` in GitLab's form.

pub mod paging;

//! CI jobs: which of them a project trusts, and what is known of those that made and wrote its runs.

mod ask;
pub mod jobs;
pub mod link;
pub mod provenance;
pub mod trust_rules;

//! CI jobs: which of them a project trusts, and what is known of those that made and wrote its runs.

pub mod provenance;
pub mod trust_rules;

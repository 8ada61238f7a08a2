//! People, sessions, members and their marks against their promises.

use super::store;

nexus_core::jobs_conformance!(store());
nexus_core::users_conformance!(store());
nexus_core::bonds_conformance!(store());
nexus_core::names_conformance!(store());
nexus_core::requests_conformance!(store());
nexus_core::retention_conformance!(store());
nexus_core::sessions_conformance!(store());
nexus_core::settings_conformance!(store());
nexus_core::suppressions_conformance!(store());
nexus_core::digests_conformance!(store());
nexus_core::places_conformance!(store());
nexus_core::email_tokens_conformance!(store());
nexus_core::emails_conformance!(store());
nexus_core::second_factors_conformance!(store());
nexus_core::ceremonies_conformance!(store());
nexus_core::passkeys_conformance!(store());
nexus_core::links_conformance!(store());
nexus_core::chats_conformance!(store());
nexus_core::members_conformance!(store());
nexus_core::unread_conformance!(store());
nexus_core::receipts_conformance!(store());
nexus_core::announcements_conformance!(store());
nexus_core::audit_conformance!(store());
nexus_core::reports_conformance!(store());
nexus_core::sweeps_conformance!(store());
nexus_core::staff_conformance!(store());

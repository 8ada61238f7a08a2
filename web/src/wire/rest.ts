// Made from docs/api/openapi.json by `npm run gen`. Do not edit.

export interface paths {
    "/api/v1/admin/announcements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List all announcements, those withdrawn or over and the warnings to single users included */
        get: operations["admin_announcements_list"];
        put?: never;
        /**
         * Say something to everybody
         * @description Whoever is connected hears it at once (`announcement:new`), others find it in
         *     `GET /announcements`.
         */
        post: operations["admin_announcements_make"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/announcements/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Withdraw an announcement */
        delete: operations["admin_announcements_withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the audit log, the newest first
         * @description Each entry is chained to the one before by its hash. `GET /admin/audit/export` gives all of it, and
         *     `nexus admin audit verify` follows the chain.
         */
        get: operations["admin_audit_page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Fetch the whole audit log, the oldest first, one entry a line
         * @description `nexus admin audit verify FILE` follows the chain of hashes in what was fetched. That it was is the
         *     last entry.
         */
        get: operations["admin_audit_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List dead letters, the last that died first, without what people wrote */
        get: operations["admin_dead_letters_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/dead-letters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at a dead letter with all it holds, message text included
         * @description Who looks is noted in the audit log.
         */
        get: operations["admin_dead_letters_get"];
        put?: never;
        post?: never;
        /** Delete a dead letter for good */
        delete: operations["admin_dead_letters_discard"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/dead-letters/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a dead letter back in the queue */
        post: operations["admin_dead_letters_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See what waits to be carried out, lane by lane */
        get: operations["admin_queues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List reports, the last filed first, without their evidence
         * @description What several people report about one message, user or chat is one report. What is said about one
         *     of the staff only admins see: a page may be shorter than `limit`, and the next go on.
         */
        get: operations["admin_reports_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/reports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at a report, with all that its reporters saw
         * @description Who looks is noted in the audit log. What is said about one of the staff only admins see.
         */
        get: operations["admin_reports_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/reports/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Do something about a report, and close it
         * @description A report that was closed meanwhile answers `conflict`, one about yourself `forbidden`. `ban` and
         *     `sweep` take a step-up.
         */
        post: operations["admin_reports_resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count what there is */
        get: operations["admin_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/sweep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete many messages of one user, or count them
         * @description With `dryRun` the count is in the answer, and nothing is deleted. Else a side job deletes them for
         *     everybody, in chats they have left, too, and a minute later what was on its way meanwhile;
         *     `GET /admin/sweeps/{id}` tells how far it is.
         */
        post: operations["admin_sweeps_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/sweeps/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See how far a sweep is */
        get: operations["admin_sweeps_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List accounts by user name */
        get: operations["admin_users_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look an account up */
        get: operations["admin_users_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Make somebody user, moderator or admin */
        patch: operations["admin_users_change"];
        trace?: never;
    };
    "/api/v1/admin/users/{id}/ban": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep somebody out, for a time or for good
         * @description All devices are signed out at once, on every node. A ban takes the place of the one before.
         */
        post: operations["admin_users_ban"];
        /** Lift a ban */
        delete: operations["admin_users_lift"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/announcements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what staff have to say to everybody, or to the caller */
        get: operations["announcements_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/announcements/{id}/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put an announcement away, on all own devices */
        post: operations["announcements_dismiss"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/change-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for another e-mail address; it is changed once a letter to it was answered
         * @description Needs the password, or a step-up. The answer is the same whether somebody else has the address.
         */
        post: operations["auth_change_email"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change the password; all other devices are signed out */
        post: operations["auth_change_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/confirm-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change the e-mail address with the token of the letter to the new one */
        post: operations["auth_confirm_email"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/forgot-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a letter sent that lets its reader choose a new password
         * @description The answer is the same whether there is such an account or not.
         */
        post: operations["auth_forgot_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with e-mail address or username */
        post: operations["auth_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign this device out */
        post: operations["auth_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign all devices out, this one included */
        post: operations["auth_logout_all"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the accounts elsewhere that sign in to one's own */
        get: operations["auth_list_oidc_links"];
        put?: never;
        /**
         * Let an account elsewhere sign in to one's own
         * @description Needs a step-up, and the browser that the ticket was made for.
         */
        post: operations["auth_link_oidc"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/links/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Let it sign in no more
         * @description Needs a step-up; `conflict` where it is the last way into the account.
         */
        delete: operations["auth_unlink_oidc"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in to the account that is linked
         * @description `totp_required` as after a password.
         */
        post: operations["auth_oidc_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/signup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create an account for somebody who has none yet, and sign in */
        post: operations["auth_oidc_signup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** See whose ticket it is, and what it can be used for */
        post: operations["auth_look_at_oidc_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/{provider}/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the provider sends the browser back to
         * @description With `state`, and `code` or `error` (RFC 6749, §4.1.2). Leads on to the web client, with
         *     `#oidc-ticket=…` or `#oidc-error=…`.
         */
        get: operations["auth_oidc_callback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/{provider}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a sign-in with an account elsewhere: send the browser to the `url`
         * @description For browsers only: a cookie makes sure that the one that comes back is the one that went.
         */
        post: operations["auth_start_oidc"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List one's own passkeys */
        get: operations["auth_list_passkeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/passkeys/login/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with a passkey; it stands for password and second factor */
        post: operations["auth_passkey_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/passkeys/login/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get what `navigator.credentials.get()` needs to sign somebody in
         * @description No name is asked for: the authenticator knows whose its passkeys are. Good once, and for five
         *     minutes.
         */
        post: operations["auth_start_passkey_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/passkeys/register/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add the passkey that was made */
        post: operations["auth_add_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/passkeys/register/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get what `navigator.credentials.create()` needs to make a passkey
         * @description Needs the password, or a step-up. Good once, and for five minutes.
         */
        post: operations["auth_start_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/passkeys/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Get what `navigator.credentials.get()` needs for the `passkey` of a step-up */
        post: operations["auth_start_passkey_step_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a passkey: it signs nobody in any more
         * @description Needs a step-up; `conflict` where it is the last way into the account.
         */
        delete: operations["auth_remove_passkey"];
        options?: never;
        head?: never;
        /** Give a passkey another name */
        patch: operations["auth_rename_passkey"];
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange a refresh token for its successor and a new access token
         * @description Presented again within 30 seconds, a token yields the same successor; later than that it counts
         *     as stolen, and the whole session ends.
         */
        post: operations["auth_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/resend-verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have the letter that verifies the address sent again */
        post: operations["auth_resend_verification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Choose a new password with the token of a letter; all devices are signed out */
        post: operations["auth_reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/revert-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take the account back with the token of the letter to the old address
         * @description All devices are signed out, the password is no good any more, and a letter lets its owner choose
         *     a new one.
         */
        post: operations["auth_revert_email"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the signed-in devices */
        get: operations["auth_list_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Sign one device out */
        delete: operations["auth_revoke_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/signup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create an account and sign in */
        post: operations["auth_signup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Prove once more who one is, before something dangerous */
        post: operations["auth_step_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/totp/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for no one-time codes any more
         * @description Needs the password, or a step-up.
         */
        post: operations["auth_disable_totp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/totp/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for a one-time code at each sign-in from now on */
        post: operations["auth_enable_totp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/totp/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get new recovery codes; the old ones are no good any more
         * @description Needs the password, or a step-up.
         */
        post: operations["auth_renew_recovery_codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/totp/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a secret for an app that makes one-time codes; not asked for yet
         * @description Needs the password, or a step-up.
         */
        post: operations["auth_set_up_totp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show with the token of a letter that the address is one's own */
        post: operations["auth_verify_email"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/blocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom I block, by id */
        get: operations["contacts_blocked"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/blocks/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Block somebody
         * @description Between the two there are no more messages in their direct chat, no typing, receipts and
         *     presence; who is blocked doesn't find the other, and sees neither their picture nor their about.
         *     In groups that both are in, both are heard. Nobody is told.
         */
        put: operations["contacts_block"];
        post?: never;
        /** Unblock somebody */
        delete: operations["contacts_unblock"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My chats, the last active first */
        get: operations["chats_list"];
        put?: never;
        /**
         * Start a direct chat or a group
         * @description A second direct chat with the same person answers the first, with 200.
         */
        post: operations["chats_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chats/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One chat */
        get: operations["chats_get"];
        put?: never;
        post?: never;
        /** Delete a group with all its messages (owner) */
        delete: operations["chats_delete"];
        options?: never;
        head?: never;
        /**
         * Change a group's title, about or permissions
         * @description Title and about: whoever `editInfo` names. Permissions: admins, as far as they are not the
         *     owner's alone.
         */
        patch: operations["chats_update"];
        trace?: never;
    };
    "/api/v1/chats/{id}/invites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Links that are neither revoked nor expired
         * @description Admins see all, others who may add members their own.
         */
        get: operations["invites_list"];
        put?: never;
        /**
         * Make a link by which people come into a group
         * @description For who may add members. At most 50 that are neither revoked nor expired.
         */
        post: operations["invites_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chats/{id}/invites/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a link */
        delete: operations["invites_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chats/{id}/join-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who waits to be let in */
        get: operations["invites_list_requests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chats/{id}/join-requests/{userId}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let somebody in
         * @description Counts as a use of the link, and is not refused because of it.
         */
        post: operations["invites_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chats/{id}/join-requests/{userId}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turn somebody away; they may ask again */
        post: operations["invites_decline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chats/{id}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leave a group */
        post: operations["chats_leave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chats/{id}/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Mute, pin, archive, draft, mark unread: for me alone, on all my devices */
        patch: operations["chats_update_me"];
        trace?: never;
    };
    "/api/v1/chats/{id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is in a chat */
        get: operations["chats_list_members"];
        put?: never;
        /** Add people to a group */
        post: operations["chats_add_members"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chats/{id}/members/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a member; oneself: leave */
        delete: operations["chats_remove_member"];
        options?: never;
        head?: never;
        /** Change a member's role; `owner` hands the group over */
        patch: operations["chats_change_role"];
        trace?: never;
    };
    "/api/v1/chats/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One page of a chat's messages
         * @description `nextCursor` is the `before` (or `after`) of the next page.
         */
        get: operations["messages_page"];
        put?: never;
        /**
         * Send a message
         * @description Answers when the message is durable. The same `clientId` again stores nothing more, and answers
         *     `sent` with the `seq` once the message has its place.
         */
        post: operations["messages_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chats/{id}/pins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is pinned in a chat, the last pinned first */
        get: operations["messages_pins"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chats/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** I have read up to here */
        post: operations["chats_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My contacts, by id */
        get: operations["contacts_list"];
        put?: never;
        /**
         * Add a contact
         * @description Whoever takes messages from their own contacts only is asked to add the caller: then there is a
         *     `request` in the answer.
         */
        post: operations["contacts_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Contact requests that wait, to me and by me */
        get: operations["contacts_requests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/requests/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept a contact request: each becomes the other's contact */
        post: operations["contacts_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/requests/{id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decline a contact request; the one who asked is not told */
        post: operations["contacts_decline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a contact */
        delete: operations["contacts_remove"];
        options?: never;
        head?: never;
        /** Give a contact a nickname */
        patch: operations["contacts_rename"];
        trace?: never;
    };
    "/api/v1/invites/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The group behind a link
         * @description For anybody who is signed in. `gone` once it is revoked, expired or used up, or who made it may
         *     not invite any more.
         */
        get: operations["invites_preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invites/{code}/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Come in by a link, or ask to
         * @description 202 where somebody has to approve. For a member nothing changes. Who was removed from the group
         *     gets in by no link, but may ask where it needs approval.
         */
        post: operations["invites_join"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One message */
        get: operations["messages_get"];
        put?: never;
        post?: never;
        /** Delete a message, for me or for everybody */
        delete: operations["messages_delete"];
        options?: never;
        head?: never;
        /** Edit an own message, within 24 hours */
        patch: operations["messages_edit"];
        trace?: never;
    };
    "/api/v1/messages/{id}/forward": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forward a message to other chats
         * @description Answers those that have taken it: all, unless a queue is full.
         */
        post: operations["messages_forward"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every text an edited message has had */
        get: operations["messages_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Each stage of an own message's delivery, with times */
        get: operations["messages_ledger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/pin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Pin a message for everybody */
        put: operations["messages_pin"];
        post?: never;
        /** Unpin a message */
        delete: operations["messages_unpin"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/reactions/{emoji}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** React with an emoji */
        put: operations["messages_react"];
        post?: never;
        /** Take a reaction back */
        delete: operations["messages_unreact"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who has received and read a message, and when */
        get: operations["messages_receipts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a failed message again */
        post: operations["messages_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/star": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Star a message, for me alone */
        put: operations["messages_star"];
        post?: never;
        /** Take a star away */
        delete: operations["messages_unstar"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report a message, a user or a chat
         * @description What the caller sees of it now is kept for staff. Nobody else learns of it.
         */
        post: operations["reports_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/search/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find messages in my chats, newest first */
        get: operations["search_messages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/starred": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My starred messages, the last starred first */
        get: operations["messages_starred"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What has changed since */
        post: operations["sync_catch_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/unsubscribe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** For who opens the link of `List-Unsubscribe`: leads to the page that asks first */
        get: operations["mail_unsubscribe_page"];
        put?: never;
        /**
         * Want no more letters about missed messages
         * @description By the token of such a letter, without being signed in; as often as one likes. Mail programs do it
         *     with one click (RFC 8058): the token is in the query then.
         */
        post: operations["mail_unsubscribe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find people by name */
        get: operations["users_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I */
        get: operations["users_me"];
        put?: never;
        post?: never;
        /**
         * Have the account deleted
         * @description All devices are signed out. Signing in before `deletion.at` takes it back; until then others
         *     neither find the account nor see it there. Needs the password, or a step-up.
         */
        delete: operations["users_delete_me"];
        options?: never;
        head?: never;
        /** Change display name or about */
        patch: operations["users_update_me"];
        trace?: never;
    };
    "/api/v1/users/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the latest copy is */
        get: operations["users_export"];
        put?: never;
        /**
         * Have a copy of all that the account holds written
         * @description One a day, after a step-up (`POST /auth/step-up`). A letter tells when it can be fetched.
         */
        post: operations["users_ask_export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/export/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Fetch the copy: a ZIP, whose `README.txt` says what is in it */
        get: operations["users_export_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My settings */
        get: operations["users_my_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change privacy, letters, theme or language; what is left out stays */
        patch: operations["users_update_settings"];
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look a person up */
        get: operations["users_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/sendgrid": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hear from SendGrid what became of letters
         * @description The signed event webhook: `mail.webhook_key` is its public key, and without one this route is not
         *     there. A body whose signature is missing, wrong or older than a day is refused as `malformed`. Of
         *     each `sg_event_id` one event counts.
         */
        post: operations["mail_sendgrid"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An account as staff see it. */
        Account: {
            about: string;
            ban?: components["schemas"]["Ban"] | null;
            createdAt: components["schemas"]["Timestamp"];
            displayName: string;
            email: string;
            emailVerified: boolean;
            id: components["schemas"]["UserId"];
            lastSeenAt?: components["schemas"]["Timestamp"] | null;
            role: components["schemas"]["UserRole"];
            /**
             * Format: int32
             * @description How many devices are signed in.
             */
            sessions: number;
            username: string;
        };
        AccountAnswer: {
            user: components["schemas"]["Account"];
        };
        Accounts: {
            nextCursor?: string | null;
            users: components["schemas"]["Account"][];
        };
        /** @description Whom to add: either `userId` or `username`. */
        AddContact: {
            nickname?: string | null;
            /** @description A line to go with the request, where there is one. */
            note?: string | null;
            userId?: components["schemas"]["UserId"] | null;
            username?: string | null;
        };
        AddMembers: {
            userIds: components["schemas"]["UserId"][];
        };
        AddPasskey: {
            credential: components["schemas"]["NewCredential"];
            /**
             * @description What its owner calls it; 1 to 64 characters.
             * @example My phone
             */
            name: string;
        };
        AllAnnouncements: {
            /** @description The newest first, those withdrawn or over included. */
            announcements: components["schemas"]["AnnouncementRecord"][];
            nextCursor?: string | null;
        };
        /** @description As users see it, and the body of `announcement:new`. */
        Announcement: {
            /** @description The same Markdown as in messages. */
            content: string;
            createdAt: components["schemas"]["Timestamp"];
            /** @description Whether the user has put it away; on any device. */
            dismissed: boolean;
            id: components["schemas"]["AnnouncementId"];
            level: components["schemas"]["AnnouncementLevel"];
            until?: components["schemas"]["Timestamp"] | null;
        };
        AnnouncementAnswer: {
            announcement: components["schemas"]["AnnouncementRecord"];
        };
        /**
         * Format: uuid
         * @description What staff had to say to everybody.
         */
        AnnouncementId: string;
        /** @enum {string} */
        AnnouncementLevel: "info" | "warning" | "critical";
        /** @description As staff see it. */
        AnnouncementRecord: {
            by?: components["schemas"]["UserId"] | null;
            content: string;
            createdAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["AnnouncementId"];
            level: components["schemas"]["AnnouncementLevel"];
            to?: components["schemas"]["UserId"] | null;
            until?: components["schemas"]["Timestamp"] | null;
            withdrawnAt?: components["schemas"]["Timestamp"] | null;
        };
        Announcements: {
            /** @description Those that hold now, the newest first. */
            announcements: components["schemas"]["Announcement"][];
        };
        /**
         * @description Who may come up to a user unasked.
         * @enum {string}
         */
        Approach: "everyone" | "contacts";
        Assertion: {
            authenticatorData: string;
            clientDataJSON: string;
            signature: string;
            /** @description Whose passkey it is; authenticators leave it out where the request named passkeys. */
            userHandle?: string | null;
        };
        Attestation: {
            attestationObject: string;
            clientDataJSON: string;
            transports?: string[];
        };
        /**
         * @description Who sees something of a user.
         * @enum {string}
         */
        Audience: "everyone" | "contacts" | "nobody";
        /**
         * @description What was done.
         * @enum {string}
         */
        AuditAction: "role_changed" | "user_banned" | "ban_lifted" | "password_changed" | "email_changed" | "username_changed" | "totp_changed" | "passkey_changed" | "sign_in_linked" | "sign_in_unlinked" | "sessions_ended" | "session_stolen" | "account_deleted" | "report_read" | "report_resolved" | "sweep_started" | "sweep_ended" | "announcement_made" | "announcement_withdrawn" | "dead_letter_read" | "dead_letter_replayed" | "dead_letter_discarded" | "job_replayed" | "job_discarded" | "suppression_lifted" | "key_rotated" | "keys_pruned" | "audit_exported" | "retention_applied";
        /** @description Who did it. */
        AuditActor: {
            id: components["schemas"]["UserId"];
            /** @enum {string} */
            kind: "user";
        } | {
            /** @enum {string} */
            kind: "operator";
        } | {
            /** @enum {string} */
            kind: "server";
        };
        AuditEntries: {
            /** @description The newest first. */
            entries: components["schemas"]["AuditEntry"][];
            nextCursor?: string | null;
        };
        /**
         * @description One entry. `hash` is the SHA-256 of `previous` and the other fields in their canonical form: JSON
         *     with its keys in order and no spaces.
         */
        AuditEntry: {
            action: components["schemas"]["AuditAction"];
            actor: components["schemas"]["AuditActor"];
            at: components["schemas"]["Timestamp"];
            detail: Record<string, never>;
            hash: string;
            /**
             * Format: int64
             * @description 1, 2, 3 … without gaps.
             */
            number: number;
            /** @description `hash` of the entry before; 64 zeros for the first. */
            previous: string;
            target?: components["schemas"]["AuditTarget"] | null;
        };
        /** @enum {string} */
        AuditSubject: "user" | "chat" | "message" | "report" | "sweep" | "announcement" | "dead_letter" | "job";
        /** @description What it was done to. */
        AuditTarget: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["AuditSubject"];
        };
        AuthenticatorSelection: {
            requireResidentKey: boolean;
            residentKey: string;
            userVerification: string;
        };
        /** @description A picture of a user or a chat. */
        Avatar: {
            thumbhash: string;
            url: string;
        };
        /** @description A ban as staff see it. */
        Ban: {
            at: components["schemas"]["Timestamp"];
            by?: components["schemas"]["UserId"] | null;
            reason: string;
            until?: components["schemas"]["Timestamp"] | null;
        };
        /** @description What a banned user is told when they sign in. */
        BanNotice: {
            reason: string;
            until?: components["schemas"]["Timestamp"] | null;
        };
        /** @description Body of `POST /admin/users/{id}/ban`. */
        BanUser: {
            /** @description Shown to the banned: 1 to 500 characters. */
            reason: string;
            until?: components["schemas"]["Timestamp"] | null;
        };
        Blocks: {
            nextCursor?: string | null;
            users: components["schemas"]["User"][];
        };
        /** @description Body of `PATCH /admin/users/{id}`. */
        ChangeAccount: {
            role: components["schemas"]["UserRole"];
        };
        ChangeEmail: {
            /** @example ann@example.org */
            email: string;
            /**
             * Format: password
             * @description Not needed for some minutes after a step-up.
             */
            password?: string | null;
        };
        ChangePassword: {
            /**
             * Format: password
             * @example correct horse battery
             */
            current: string;
            /**
             * Format: password
             * @description 10 characters or more, and not easy to guess.
             * @example another horse battery
             */
            password: string;
        };
        /** @description `owner` hands the chat over; the caller becomes an admin. */
        ChangeRole: {
            role: components["schemas"]["Role"];
        };
        /** @description A chat as the caller sees it. */
        Chat: {
            about: string;
            avatar?: components["schemas"]["Avatar"] | null;
            createdAt: components["schemas"]["Timestamp"];
            /**
             * Format: int32
             * @description Messages disappear this long after they got their place, those that come while it is set;
             *     null: they stay.
             */
            disappearAfterSecs?: number | null;
            historyVisible: components["schemas"]["HistoryVisible"];
            id: components["schemas"]["ChatId"];
            lastMessage?: components["schemas"]["Message"] | null;
            /**
             * Format: int64
             * @description How many changes the chat has had: the `rev` of its last.
             */
            lastRev: number;
            /**
             * Format: int64
             * @description How many messages the chat has had: the `seq` of its last.
             */
            lastSeq: number;
            me: components["schemas"]["ChatMe"];
            /** Format: int32 */
            memberCount: number;
            peer?: components["schemas"]["User"] | null;
            permissions: components["schemas"]["Permissions"];
            /** @description Watermarks of all members; empty above 256 members. */
            receipts: components["schemas"]["Receipt"][];
            /**
             * Format: int32
             * @description Members wait this long between two messages of theirs, admins don't; 0: nobody does.
             */
            slowModeSecs: number;
            /** @description Empty in a direct chat: show the peer's name. */
            title: string;
            type: components["schemas"]["ChatType"];
        };
        ChatAnswer: {
            chat: components["schemas"]["Chat"];
        };
        /**
         * Format: uuid
         * @description A conversation, direct or group.
         */
        ChatId: string;
        /** @description The caller's own part in a chat. */
        ChatMe: {
            archived: boolean;
            draft?: string | null;
            /**
             * Format: int64
             * @description The first `seq` that the caller may see: above 1 for who joined a group whose history is
             *     visible from joining on. Below it there is nothing, and changes there take a `rev` that the
             *     caller learns of by `sync` alone.
             */
            historyFrom: number;
            /**
             * Format: int64
             * @description How many of the unread mention the caller.
             */
            mentions: number;
            mutedUntil?: components["schemas"]["Timestamp"] | null;
            pinned: boolean;
            /** Format: int64 */
            readSeq: number;
            role: components["schemas"]["Role"];
            /**
             * Format: int64
             * @description Messages of others above `readSeq` that are neither deleted nor `system`.
             */
            unread: number;
            /**
             * Format: int64
             * @description Set while the user has marked the chat unread from this `seq` on.
             */
            unreadFrom?: number | null;
        };
        /** @description A watermark that moved while the caller was away. */
        ChatReceipt: {
            chatId: components["schemas"]["ChatId"];
            /** Format: int64 */
            deliveredSeq: number;
            /** Format: int64 */
            readSeq: number;
            userId: components["schemas"]["UserId"];
        };
        ChatSync: {
            chat: components["schemas"]["Chat"];
            /** @description In order of `rev`. */
            messages: components["schemas"]["Message"][];
            mode: components["schemas"]["SyncMode"];
            /** Format: int64 */
            toRev: number;
        };
        /** @enum {string} */
        ChatType: "direct" | "group";
        Chats: {
            chats: components["schemas"]["Chat"][];
            nextCursor?: string | null;
        };
        Complaint: {
            at: components["schemas"]["Timestamp"];
            evidence?: components["schemas"]["Evidence"] | null;
            note?: string | null;
            reason: components["schemas"]["ReportReason"];
            reporterId: components["schemas"]["UserId"];
        };
        /** @description Of a request that needs the password, or a step-up some minutes ago. */
        ConfirmWithPassword: {
            /** Format: password */
            password?: string | null;
        };
        Contact: {
            addedAt: components["schemas"]["Timestamp"];
            /** @description What the caller calls them; seen by nobody else. */
            nickname?: string | null;
            user: components["schemas"]["User"];
        };
        /** @description The answer to a new or changed contact. */
        ContactAnswer: {
            contact: components["schemas"]["Contact"];
            request?: components["schemas"]["ContactRequest"] | null;
        };
        /** @description Somebody asks to be among another's contacts. */
        ContactRequest: {
            /** @description False while it waits. A refusal is not told. */
            accepted: boolean;
            createdAt: components["schemas"]["Timestamp"];
            direction: components["schemas"]["RequestDirection"];
            id: components["schemas"]["RequestId"];
            note: string;
            /** @description The other one. */
            user: components["schemas"]["User"];
        };
        ContactRequestAnswer: {
            request: components["schemas"]["ContactRequest"];
        };
        ContactRequests: {
            nextCursor?: string | null;
            /** @description Those that wait, in both directions, the latest first. */
            requests: components["schemas"]["ContactRequest"][];
        };
        Contacts: {
            contacts: components["schemas"]["Contact"][];
            nextCursor?: string | null;
        };
        CreateChat: {
            about?: string | null;
            /** @description The others; the caller is a member anyway. Exactly one for a direct chat. */
            memberIds: components["schemas"]["UserId"][];
            /** @description Needed for a group. */
            title?: string | null;
            type: components["schemas"]["ChatType"];
        };
        CreateInvite: {
            /**
             * Format: int64
             * @description A minute to a year; without it the link does not expire.
             */
            expiresInSecs?: number | null;
            /**
             * Format: int32
             * @description So many people may come in by it, 1 to 100,000; without it there is no limit but the group's.
             */
            maxUses?: number | null;
            /** @description Whoever opens it asks, and somebody who may add members decides. */
            requiresApproval?: boolean;
        };
        DeadLetterAnswer: {
            deadLetter: components["schemas"]["DeadLetterView"];
        };
        /** @description A change of a chat that was given up. */
        DeadLetterView: {
            actorId: components["schemas"]["UserId"];
            /** Format: int32 */
            attempts: number;
            chatId: components["schemas"]["ChatId"];
            code: components["schemas"]["ErrorCode"];
            /** @description All of it, message text included; left out of lists. */
            content?: Record<string, never> | null;
            diedAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["OpId"];
            kind: string;
            queuedAt: components["schemas"]["Timestamp"];
            reason: string;
        };
        DeadLetters: {
            /** @description The last that died first. */
            deadLetters: components["schemas"]["DeadLetterView"][];
            nextCursor?: string | null;
        };
        DeleteMe: {
            messages: components["schemas"]["Leavings"];
            /**
             * Format: password
             * @description Not needed for some minutes after a step-up.
             */
            password?: string | null;
        };
        /**
         * @description For whom a message is deleted.
         * @enum {string}
         */
        DeleteScope: "me" | "all";
        /** @description The end of an account. */
        Deletion: {
            /** @description Signing in before that takes it back. */
            at: components["schemas"]["Timestamp"];
            messages: components["schemas"]["Leavings"];
        };
        DeletionAnswer: {
            deletion: components["schemas"]["Deletion"];
        };
        /** @enum {string} */
        Digest: "off" | "daily" | "weekly";
        /** @description The acknowledgement of an event that has nothing more to tell. */
        Done: {
            ok: boolean;
        };
        /** @description One earlier text of an edited message. */
        Edit: {
            content: string;
            /** @description When this text was written. */
            writtenAt: components["schemas"]["Timestamp"];
        };
        EditHistory: {
            /** @description Oldest first; the last is the text as it is now. */
            edits: components["schemas"]["Edit"][];
        };
        /** @description Body of `PATCH /messages/{id}`. */
        EditMessage: {
            content: string;
        };
        /** @description What came with a letter. */
        EmailedToken: {
            token: string;
        };
        /**
         * @description Stable names of everything that can go wrong. Changing one is a protocol change.
         * @enum {string}
         */
        ErrorCode: "validation" | "malformed" | "unauthenticated" | "token_expired" | "totp_required" | "step_up_required" | "forbidden" | "banned" | "not_found" | "conflict" | "gone" | "too_large" | "unsupported_media" | "rate_limited" | "unavailable";
        /** @description Why a socket event was refused. */
        EventError: {
            code: components["schemas"]["ErrorCode"];
            message: string;
            /**
             * Format: int64
             * @description After how many milliseconds another try makes sense.
             */
            retryAfterMs?: number | null;
            retryable: boolean;
        };
        /** @description What the reporter saw at that moment, whatever becomes of it. */
        Evidence: {
            /** @description What stands around the message, it included; of a chat, its end. Newest first. */
            around: components["schemas"]["Message"][];
            chat?: components["schemas"]["ReportedChat"] | null;
            /** @description Every text the message had had, oldest first. */
            edits: components["schemas"]["Edit"][];
            message?: components["schemas"]["Message"] | null;
            user?: components["schemas"]["User"] | null;
        };
        /** @description A copy of all that an account holds, as a ZIP. */
        Export: {
            createdAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["ExportId"];
            /**
             * Format: int32
             * @description How much of it is written, in percent.
             */
            progress: number;
            /**
             * Format: int64
             * @description Bytes; null until it is ready.
             */
            size?: number | null;
            state: components["schemas"]["ExportState"];
            until?: components["schemas"]["Timestamp"] | null;
        };
        ExportAnswer: {
            export: components["schemas"]["Export"];
        };
        /**
         * Format: uuid
         * @description One copy of all that an account holds.
         */
        ExportId: string;
        /** @enum {string} */
        ExportState: "running" | "ready" | "failed" | "expired";
        /** @description One thing wrong with one field. */
        FieldError: {
            /** @example password */
            field: string;
            /**
             * Format: int64
             * @description The bound that was crossed, where there is one.
             */
            limit?: number | null;
            /** @example is too short */
            message: string;
        };
        /** @description Body of `POST /reports`: one of the three ids. */
        FileReport: {
            chatId?: components["schemas"]["ChatId"] | null;
            messageId?: components["schemas"]["MessageId"] | null;
            /** @description Up to 1,000 characters, for staff. */
            note?: string | null;
            reason: components["schemas"]["ReportReason"];
            userId?: components["schemas"]["UserId"] | null;
        };
        ForgotPassword: {
            /** @example ann@example.com */
            email: string;
        };
        ForwardMessage: {
            /** @description Up to 20 chats. */
            chatIds: components["schemas"]["ChatId"][];
        };
        /** @description What `POST /messages/{id}/forward` put into the queue, one for each chat. */
        Forwarded: {
            messages: components["schemas"]["MsgQueued"][];
        };
        /**
         * @description What may help where a request was refused.
         * @enum {string}
         */
        Hint: "contact_request" | "verify_email";
        /**
         * @description How much of a group those see who join it. It says nothing about those who are in it already:
         *     what they could see they still can, and what they could not stays away from them.
         * @enum {string}
         */
        HistoryVisible: "all" | "sinceJoining";
        /**
         * @description An invitation as those see it who may add members. It is good for as long as who made it is such
         *     a member.
         */
        Invite: {
            /** @description The link is `/join/{code}` at the server's public address. */
            code: string;
            createdAt: components["schemas"]["Timestamp"];
            createdBy: components["schemas"]["UserId"];
            expiresAt?: components["schemas"]["Timestamp"] | null;
            /** Format: int32 */
            maxUses?: number | null;
            requiresApproval: boolean;
            /**
             * Format: int32
             * @description How many have come in by it.
             */
            uses: number;
            /** Format: int32 */
            usesLeft?: number | null;
        };
        InviteAnswer: {
            invite: components["schemas"]["Invite"];
        };
        /** @description A group as somebody sees it who holds an invitation. */
        InvitePreview: {
            about: string;
            /** @description Whether who looks has asked to be let in, and waits. */
            asked: boolean;
            avatar?: components["schemas"]["Avatar"] | null;
            chatId?: components["schemas"]["ChatId"] | null;
            /** Format: int32 */
            memberCount: number;
            requiresApproval: boolean;
            title: string;
        };
        InvitePreviewAnswer: {
            invite: components["schemas"]["InvitePreview"];
        };
        Invites: {
            /** @description The latest first. */
            invites: components["schemas"]["Invite"][];
        };
        JoinAnswer: {
            chat?: components["schemas"]["Chat"] | null;
            status: components["schemas"]["JoinStatus"];
        };
        /** @description Somebody who waits to be let in. */
        JoinRequest: {
            askedAt: components["schemas"]["Timestamp"];
            user: components["schemas"]["User"];
        };
        JoinRequests: {
            nextCursor?: string | null;
            requests: components["schemas"]["JoinRequest"][];
        };
        /** @enum {string} */
        JoinStatus: "joined" | "requested";
        /** @description Of one lane, or of all. */
        LaneQueue: {
            /** Format: int64 */
            depth: number;
            /** Format: int32 */
            lane: number;
            oldestAt?: components["schemas"]["Timestamp"] | null;
            /** @description The worker that has it. */
            owner?: string | null;
        };
        /** @description The latest export, if there was one of late. */
        LatestExport: {
            export?: components["schemas"]["Export"] | null;
        };
        /**
         * @description What becomes of the messages of somebody who deletes their account.
         * @enum {string}
         */
        Leavings: "keep" | "remove";
        Ledger: {
            id: components["schemas"]["MessageId"];
            ledger: components["schemas"]["LedgerEntry"][];
        };
        /** @description One step of a message's way. */
        LedgerEntry: {
            at: components["schemas"]["Timestamp"];
            /** @enum {string} */
            stage: "queued";
        } | {
            at: components["schemas"]["Timestamp"];
            /** Format: int32 */
            attempt: number;
            error: string;
            /** @enum {string} */
            stage: "retrying";
        } | {
            at: components["schemas"]["Timestamp"];
            /** Format: int64 */
            seq: number;
            /** @enum {string} */
            stage: "committed";
        } | {
            at: components["schemas"]["Timestamp"];
            /** @enum {string} */
            stage: "delivered";
            userId: components["schemas"]["UserId"];
        } | {
            at: components["schemas"]["Timestamp"];
            /** @enum {string} */
            stage: "read";
            userId: components["schemas"]["UserId"];
        } | {
            at: components["schemas"]["Timestamp"];
            error: components["schemas"]["EventError"];
            /** @enum {string} */
            stage: "failed";
        };
        LoginRequest: {
            device?: string | null;
            /**
             * @description E-mail address or user name; also accepted as `email`.
             * @example ann
             */
            identifier: string;
            /**
             * Format: password
             * @example correct horse battery
             */
            password: string;
            tokenTransport?: components["schemas"]["TokenTransport"];
            /** @description A one-time code, or a recovery code, where the answer without was `totp_required`. */
            totp?: string | null;
        };
        /** @description Body of `POST /admin/announcements`. */
        MakeAnnouncement: {
            /** @description 1 to 4,000 characters. */
            content: string;
            level: components["schemas"]["AnnouncementLevel"];
            until?: components["schemas"]["Timestamp"] | null;
        };
        /** @description The signed-in user, with what only they see. */
        Me: {
            about: string;
            avatar?: components["schemas"]["Avatar"] | null;
            createdAt: components["schemas"]["Timestamp"];
            displayName: string;
            email: string;
            emailSuppressed?: components["schemas"]["SuppressionReason"] | null;
            emailVerified: boolean;
            id: components["schemas"]["UserId"];
            role: components["schemas"]["UserRole"];
            username: string;
        };
        MeAnswer: {
            user: components["schemas"]["Me"];
        };
        Member: {
            joinedAt: components["schemas"]["Timestamp"];
            role: components["schemas"]["Role"];
            user: components["schemas"]["User"];
        };
        Members: {
            members: components["schemas"]["Member"][];
            nextCursor?: string | null;
        };
        /** @description A stored message as the caller sees it, and the body of `msg:new` and `msg:updated`. */
        Message: {
            chatId: components["schemas"]["ChatId"];
            /** @description Chosen by the sender; unique per chat and sender, for ever. */
            clientId: string;
            /** @description Restricted Markdown; empty once deleted. */
            content: string;
            createdAt: components["schemas"]["Timestamp"];
            deletedAt?: components["schemas"]["Timestamp"] | null;
            editedAt?: components["schemas"]["Timestamp"] | null;
            expiresAt?: components["schemas"]["Timestamp"] | null;
            forwarded: boolean;
            id: components["schemas"]["MessageId"];
            linkPreview?: Record<string, never> | null;
            /** @description Empty: this server takes no attachments. */
            media: Record<string, never>[];
            mentions: components["schemas"]["UserId"][];
            pinnedAt?: components["schemas"]["Timestamp"] | null;
            reactions: components["schemas"]["Reaction"][];
            replyTo?: components["schemas"]["ReplyTo"] | null;
            /**
             * Format: int64
             * @description Number of its latest change among all changes of the chat, without gaps.
             */
            rev: number;
            senderId: components["schemas"]["UserId"];
            /**
             * Format: int64
             * @description Position in the chat: 1, 2, 3 … without gaps.
             */
            seq: number;
            system?: components["schemas"]["SystemEvent"] | null;
            type: components["schemas"]["MessageType"];
        };
        MessageAnswer: {
            message: components["schemas"]["Message"];
        };
        /**
         * Format: uuid
         * @description One message. Derived from chat, sender and `clientId`, so that a repeat has the same.
         */
        MessageId: string;
        /** @description When one member received and read one message. */
        MessageReceipt: {
            deliveredAt?: components["schemas"]["Timestamp"] | null;
            readAt?: components["schemas"]["Timestamp"] | null;
            userId: components["schemas"]["UserId"];
        };
        MessageReceipts: {
            receipts: components["schemas"]["MessageReceipt"][];
        };
        /** @enum {string} */
        MessageType: "text" | "system";
        Messages: {
            messages: components["schemas"]["Message"][];
            nextCursor?: string | null;
        };
        /** @description Body of `msg:queued`. */
        MsgQueued: {
            chatId: components["schemas"]["ChatId"];
            clientId: string;
            id: components["schemas"]["MessageId"];
            status: components["schemas"]["SendStatus"];
        };
        /** @description The acknowledgement of `msg:send`. */
        MsgSent: {
            clientId: string;
            id: components["schemas"]["MessageId"];
            /**
             * Format: int64
             * @description There once `status` is `sent`.
             */
            seq?: number | null;
            status: components["schemas"]["SendStatus"];
        };
        /** @description `RegistrationResponseJSON`; browsers may add to it, and what is not named here isn't looked at. */
        NewCredential: {
            id: string;
            response: components["schemas"]["Attestation"];
        };
        Notifications: {
            /**
             * @description A letter about messages that were missed.
             * @default daily
             */
            emailDigest: components["schemas"]["Digest"];
            /**
             * @description A letter when somebody signs in on a device that is new.
             * @default true
             */
            newLogin: boolean;
        };
        OidcFound: {
            displayName?: string | null;
            /** @description The address that the provider vouches for. */
            email?: string | null;
            next: components["schemas"]["OidcNext"];
            provider: components["schemas"]["OidcProvider"];
            /** @description A username that is free in form, if perhaps taken. */
            username?: string | null;
        };
        /** @description One account elsewhere that signs in to the caller's here. */
        OidcLink: {
            createdAt: components["schemas"]["Timestamp"];
            /** @description As the provider called it when it was linked: an address or a name. */
            label?: string | null;
            provider: components["schemas"]["OidcProvider"];
        };
        OidcLinks: {
            links: components["schemas"]["OidcLink"][];
        };
        /** @description What a ticket opens, for the browser that it was made for. */
        OidcLogin: {
            device?: string | null;
            ticket: string;
            tokenTransport?: components["schemas"]["TokenTransport"];
            /** @description A one-time code, or a recovery code, where the answer without was `totp_required`. */
            totp?: string | null;
        };
        /**
         * @description What a ticket can be used for.
         * @enum {string}
         */
        OidcNext: "login" | "signup" | "link";
        /** @description One of those that the server's operator trusts. */
        OidcProvider: {
            /** @example google */
            id: string;
            /** @example Google */
            name: string;
        };
        /** @description For somebody who has no account here yet. */
        OidcSignup: {
            device?: string | null;
            displayName?: string | null;
            /** @description Needed where the provider vouches for no address. */
            email?: string | null;
            ticket: string;
            tokenTransport?: components["schemas"]["TokenTransport"];
            /**
             * @description As at a sign-up.
             * @example ann
             */
            username: string;
        };
        /**
         * @description Where the browser is to go. It comes back to `returnTo` with `#oidc-ticket=…`, or with
         *     `#oidc-error=` and one of `refused`, `expired`, `unavailable`, `invalid`.
         */
        OidcStarted: {
            url: string;
        };
        OidcTicket: {
            ticket: string;
        };
        /**
         * Format: uuid
         * @description One operation on its way through the queue.
         */
        OpId: string;
        /** @description What changed, as `kind` and `data`. */
        OwnChange: {
            data: {
                chatId: components["schemas"]["ChatId"];
                /** Format: int64 */
                readSeq: number;
                /** Format: int64 */
                unreadFrom?: number | null;
            };
            /** @enum {string} */
            kind: "read";
        } | {
            data: {
                chatId: components["schemas"]["ChatId"];
                mutedUntil?: components["schemas"]["Timestamp"] | null;
            };
            /** @enum {string} */
            kind: "mute";
        } | {
            data: {
                chatId: components["schemas"]["ChatId"];
                pinned: boolean;
            };
            /** @enum {string} */
            kind: "pin";
        } | {
            data: {
                archived: boolean;
                chatId: components["schemas"]["ChatId"];
            };
            /** @enum {string} */
            kind: "archive";
        } | {
            data: {
                chatId: components["schemas"]["ChatId"];
                draft?: string | null;
            };
            /** @enum {string} */
            kind: "draft";
        } | {
            data: {
                chatId: components["schemas"]["ChatId"];
                /** Format: int64 */
                unreadFrom?: number | null;
            };
            /** @enum {string} */
            kind: "unread";
        } | {
            data: {
                chatId: components["schemas"]["ChatId"];
                messageId: components["schemas"]["MessageId"];
                starred: boolean;
            };
            /** @enum {string} */
            kind: "star";
        } | {
            /** @description A message deleted for this user alone. */
            data: {
                chatId: components["schemas"]["ChatId"];
                messageId: components["schemas"]["MessageId"];
            };
            /** @enum {string} */
            kind: "hide";
        } | {
            data: {
                about: string;
                displayName: string;
            };
            /** @enum {string} */
            kind: "profile";
        } | {
            /** @description The address, or whether its owner has shown to read it. */
            data: {
                email: string;
                emailVerified: boolean;
            };
            /** @enum {string} */
            kind: "account";
        } | {
            data: {
                username: string;
            };
            /** @enum {string} */
            kind: "username";
        } | {
            /** @description All of them, as they are now. */
            data: components["schemas"]["Settings"];
            /** @enum {string} */
            kind: "settings";
        } | {
            /** @description An announcement was put away. */
            data: {
                announcementId: components["schemas"]["AnnouncementId"];
            };
            /** @enum {string} */
            kind: "dismiss";
        } | {
            /** @description What the user may do on this server. */
            data: {
                role: components["schemas"]["UserRole"];
            };
            /** @enum {string} */
            kind: "role";
        } | {
            data: {
                blocked: boolean;
                userId: components["schemas"]["UserId"];
            };
            /** @enum {string} */
            kind: "blocks";
        } | {
            /** @description A contact was added, renamed or removed. */
            data: {
                isContact: boolean;
                nickname?: string | null;
                userId: components["schemas"]["UserId"];
            };
            /** @enum {string} */
            kind: "contacts";
        };
        /** @description One passkey of the caller. */
        Passkey: {
            /** @description Whether it is kept in more than one place, as those of phones are. */
            backedUp: boolean;
            createdAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["PasskeyId"];
            lastUsedAt?: components["schemas"]["Timestamp"] | null;
            /** @description As its owner calls it. */
            name: string;
        };
        /** @description An algorithm of signatures by its COSE number: -7 is ES256, -8 Ed25519, -257 RS256. */
        PasskeyAlgorithm: {
            /**
             * Format: int64
             * @example -7
             */
            alg: number;
            type: string;
        };
        /** @description For `navigator.credentials.create()`. */
        PasskeyCreation: {
            publicKey: components["schemas"]["PasskeyCreationOptions"];
        };
        /** @description `PublicKeyCredentialCreationOptionsJSON`. */
        PasskeyCreationOptions: {
            /** @description `none`: who made the authenticator is nobody's business. */
            attestation: string;
            authenticatorSelection: components["schemas"]["AuthenticatorSelection"];
            challenge: string;
            excludeCredentials: components["schemas"]["PasskeyDescriptor"][];
            pubKeyCredParams: components["schemas"]["PasskeyAlgorithm"][];
            rp: components["schemas"]["RelyingParty"];
            /**
             * Format: int64
             * @description Milliseconds.
             */
            timeout: number;
            user: components["schemas"]["PasskeyUser"];
        };
        PasskeyDescriptor: {
            id: string;
            transports?: string[];
            type: string;
        };
        /**
         * Format: uuid
         * @description One passkey.
         */
        PasskeyId: string;
        PasskeyLogin: {
            credential: components["schemas"]["UsedCredential"];
            device?: string | null;
            tokenTransport?: components["schemas"]["TokenTransport"];
        };
        /** @description For `navigator.credentials.get()`. */
        PasskeyRequest: {
            publicKey: components["schemas"]["PasskeyRequestOptions"];
        };
        /** @description `PublicKeyCredentialRequestOptionsJSON`. */
        PasskeyRequestOptions: {
            /** @description Empty at a sign-in: the authenticator knows whose they are. */
            allowCredentials: components["schemas"]["PasskeyDescriptor"][];
            challenge: string;
            rpId: string;
            /**
             * Format: int64
             * @description Milliseconds.
             */
            timeout: number;
            userVerification: string;
        };
        PasskeyUser: {
            displayName: string;
            id: string;
            name: string;
        };
        Passkeys: {
            /** @description The oldest first. */
            passkeys: components["schemas"]["Passkey"][];
        };
        /** @description The least role that may do each thing. */
        Permissions: {
            addMembers: components["schemas"]["Role"];
            editInfo: components["schemas"]["Role"];
            pin: components["schemas"]["Role"];
            send: components["schemas"]["Role"];
        };
        /** @description What is left out stays as it is. */
        PermissionsChange: {
            addMembers?: components["schemas"]["Role"] | null;
            editInfo?: components["schemas"]["Role"] | null;
            pin?: components["schemas"]["Role"] | null;
            send?: components["schemas"]["Role"] | null;
        };
        Privacy: {
            /** @default everyone */
            about: components["schemas"]["Audience"];
            /** @default everyone */
            avatar: components["schemas"]["Audience"];
            /**
             * @description Whether somebody who knows the whole (verified) e-mail address finds its user by it.
             * @default false
             */
            findByEmail: boolean;
            /**
             * @description Also whether one is there at all. Who hides it sees nobody else's.
             * @default everyone
             */
            lastSeen: components["schemas"]["Audience"];
            /**
             * @description Who learns what this user has read. Each learns it of the other, or neither does.
             * @default everyone
             */
            readReceipts: components["schemas"]["Audience"];
            /** @default everyone */
            whoCanAddToGroups: components["schemas"]["Approach"];
            /** @default everyone */
            whoCanMessage: components["schemas"]["Approach"];
        };
        /** @description RFC 9457 problem details, `application/problem+json`. */
        Problem: {
            ban?: components["schemas"]["BanNotice"] | null;
            code: components["schemas"]["ErrorCode"];
            errors?: components["schemas"]["FieldError"][];
            hint?: components["schemas"]["Hint"] | null;
            /** @description With `totp_required`: what the sign-in can be completed with. */
            methods?: components["schemas"]["SecondFactor"][];
            requestId: string;
            /** Format: int32 */
            status: number;
            title: string;
            /** @description A URL that names the kind of problem. */
            type: string;
        };
        Queues: {
            /** Format: int64 */
            deadJobs: number;
            /** Format: int64 */
            deadLetters: number;
            /** Format: int64 */
            depth: number;
            /**
             * Format: int64
             * @description Side jobs that wait or are being carried out, and those that were given up.
             */
            jobs: number;
            lanes: components["schemas"]["LaneQueue"][];
            oldestAt?: components["schemas"]["Timestamp"] | null;
            /** Format: int64 */
            retrying: number;
        };
        /** @description One emoji under a message. */
        Reaction: {
            /** Format: int32 */
            count: number;
            emoji: string;
            /** @description Whether the caller is among them. */
            mine: boolean;
            /** @description The first eight who reacted. */
            userIds: components["schemas"]["UserId"][];
        };
        /** @description Body of `POST /chats/{id}/read`. */
        ReadUpTo: {
            /** Format: int64 */
            seq: number;
        };
        /** @description How far one member has received and read a chat. */
        Receipt: {
            /** Format: int64 */
            deliveredSeq: number;
            /** Format: int64 */
            readSeq: number;
            userId: components["schemas"]["UserId"];
        };
        /** @description Shown this once. */
        RecoveryCodes: {
            codes: string[];
        };
        RefreshRequest: {
            /** @description Left out when the token travels in a cookie. */
            refreshToken?: string | null;
        };
        /** @description Whom a passkey is for: this server. */
        RelyingParty: {
            /** @example chat.example.com */
            id: string;
            name: string;
        };
        RenamePasskey: {
            /**
             * @description 1 to 64 characters.
             * @example My phone
             */
            name: string;
        };
        /** @description What a reply quotes, as it was when the reply was written. */
        ReplyTo: {
            expiresAt?: components["schemas"]["Timestamp"] | null;
            id: components["schemas"]["MessageId"];
            /** @description The first characters of the quoted text; empty for who may not see that message. */
            preview: string;
            senderId: components["schemas"]["UserId"];
            /**
             * Format: int64
             * @description Its place in the chat.
             */
            seq?: number | null;
        };
        /** @description All that was said about one subject until somebody of the staff looked into it. */
        Report: {
            /** @description The first twenty, one of each person. */
            complaints: components["schemas"]["Complaint"][];
            createdAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["ReportId"];
            reportedId?: components["schemas"]["UserId"] | null;
            resolution?: components["schemas"]["Resolution"] | null;
            state: components["schemas"]["ReportState"];
            subject: components["schemas"]["ReportSubject"];
        };
        /** @enum {string} */
        ReportAction: "dismiss" | "warn" | "ban" | "sweep";
        ReportAnswer: {
            report: components["schemas"]["Report"];
        };
        /**
         * Format: uuid
         * @description What was said to staff about one subject.
         */
        ReportId: string;
        /** @enum {string} */
        ReportReason: "spam" | "harassment" | "hate" | "violence" | "sexual" | "illegal" | "impersonation" | "other";
        /** @enum {string} */
        ReportState: "open" | "resolved";
        /** @description What a report is about. */
        ReportSubject: {
            id: components["schemas"]["MessageId"];
            /** @enum {string} */
            kind: "message";
        } | {
            id: components["schemas"]["UserId"];
            /** @enum {string} */
            kind: "user";
        } | {
            id: components["schemas"]["ChatId"];
            /** @enum {string} */
            kind: "chat";
        };
        ReportedChat: {
            about: string;
            id: components["schemas"]["ChatId"];
            /** Format: int32 */
            memberCount: number;
            title: string;
            type: components["schemas"]["ChatType"];
        };
        Reports: {
            nextCursor?: string | null;
            /** @description The last filed first. */
            reports: components["schemas"]["Report"][];
        };
        /** @enum {string} */
        RequestDirection: "incoming" | "outgoing";
        /**
         * Format: uuid
         * @description One contact request.
         */
        RequestId: string;
        ResetPassword: {
            /**
             * Format: password
             * @description 10 characters or more, and not easy to guess.
             * @example another horse battery
             */
            password: string;
            /** @description From the letter. */
            token: string;
        };
        Resolution: {
            action: components["schemas"]["ReportAction"];
            at: components["schemas"]["Timestamp"];
            by?: components["schemas"]["UserId"] | null;
            note?: string | null;
        };
        /** @description Body of `POST /admin/reports/{id}/resolve`. */
        ResolveReport: {
            action: components["schemas"]["ReportAction"];
            /** @description For staff: up to 1,000 characters. */
            note?: string | null;
            /** @description For the reported, with `warn` and `ban`. */
            reason?: string | null;
            until?: components["schemas"]["Timestamp"] | null;
        };
        /**
         * @description What a member may do, in rising order.
         * @enum {string}
         */
        Role: "member" | "admin" | "owner";
        /**
         * @description What a sign-in may be completed with.
         * @enum {string}
         */
        SecondFactor: "totp" | "recovery_code";
        /** @description Body of `POST /chats/{id}/messages`. */
        SendMessage: {
            chatId?: components["schemas"]["ChatId"] | null;
            clientId: string;
            content: string;
            mentions?: components["schemas"]["UserId"][];
            replyTo?: components["schemas"]["MessageId"] | null;
            type?: components["schemas"]["MessageType"];
        };
        /**
         * @description How far a sent message has come.
         * @enum {string}
         */
        SendStatus: "queued" | "sent";
        /** @description One signed-in device of the caller. */
        Session: {
            /** @description The address of its last sign-in or refresh. */
            address: string;
            createdAt: components["schemas"]["Timestamp"];
            /** @description Whether this request was made by it. */
            current: boolean;
            /** @description As the client named itself at sign-in, else its `User-Agent`. */
            device: string;
            id: components["schemas"]["SessionId"];
            lastUsedAt: components["schemas"]["Timestamp"];
        };
        /**
         * Format: uuid
         * @description One signed-in device; the `sid` of its tokens.
         */
        SessionId: string;
        Sessions: {
            sessions: components["schemas"]["Session"][];
        };
        Settings: {
            /**
             * @description The language of letters, as a BCP 47 tag; at first the one the client signed up in.
             * @default en
             * @example en
             */
            locale: string;
            /**
             * @default {
             *       "emailDigest": "daily",
             *       "newLogin": true
             *     }
             */
            notifications: components["schemas"]["Notifications"];
            /**
             * @default {
             *       "about": "everyone",
             *       "avatar": "everyone",
             *       "findByEmail": false,
             *       "lastSeen": "everyone",
             *       "readReceipts": "everyone",
             *       "whoCanAddToGroups": "everyone",
             *       "whoCanMessage": "everyone"
             *     }
             */
            privacy: components["schemas"]["Privacy"];
            /** @default system */
            theme: components["schemas"]["Theme"];
        };
        SettingsAnswer: {
            settings: components["schemas"]["Settings"];
        };
        /** @description The answer to signup, login and refresh. With `tokenTransport: "cookie"` the tokens are left out. */
        SignedIn: {
            accessToken?: string | null;
            /** @description The account was to be deleted; this sign-in has taken that back. */
            deletionCancelled?: boolean;
            /**
             * Format: int64
             * @description Seconds until the access token expires.
             * @example 900
             */
            expiresIn: number;
            refreshToken?: string | null;
            user: components["schemas"]["Me"];
        };
        SignupRequest: {
            /** @description What the session list calls this device. */
            device?: string | null;
            displayName?: string | null;
            /** @example ann@example.com */
            email: string;
            /**
             * Format: password
             * @description 10 characters or more, and not easy to guess.
             * @example correct horse battery
             */
            password: string;
            tokenTransport?: components["schemas"]["TokenTransport"];
            /**
             * @description 3 to 32 of `a-z`, `0-9`, `_`, `.`, starting with a letter or digit; upper case is folded.
             * @example ann
             */
            username: string;
        };
        StartOidc: {
            /**
             * @description A path of the web client to come back to, `/` if there is none.
             * @example /settings
             */
            returnTo?: string | null;
        };
        /** @description Body of `POST /admin/sweep`. */
        StartSweep: {
            chatId?: components["schemas"]["ChatId"] | null;
            /** @description Only counts. */
            dryRun?: boolean;
            from?: components["schemas"]["Timestamp"] | null;
            to?: components["schemas"]["Timestamp"] | null;
            userId: components["schemas"]["UserId"];
        };
        Stats: {
            /**
             * Format: int64
             * @description Bans that hold, and those that are over but were not lifted.
             */
            banned: number;
            /** Format: int64 */
            chats: number;
            /**
             * Format: int64
             * @description All that were ever sent in these chats.
             */
            messages: number;
            /** Format: int64 */
            openReports: number;
            /** Format: int64 */
            sessions: number;
            /**
             * Format: int64
             * @description Moderators and admins.
             */
            staff: number;
            /** Format: int64 */
            users: number;
        };
        StatsAnswer: {
            stats: components["schemas"]["Stats"];
        };
        /** @description Password, one-time (or recovery) code, passkey, or several: all that is given must be right. */
        StepUp: {
            passkey?: components["schemas"]["UsedCredential"] | null;
            /** Format: password */
            password?: string | null;
            totp?: string | null;
        };
        SteppedUp: {
            /** @description Until then this session may do what is dangerous. */
            until: components["schemas"]["Timestamp"];
        };
        /**
         * @description Why letters are not sent to an address any more; the gravest last.
         * @enum {string}
         */
        SuppressionReason: "unsubscribe" | "spam_report" | "bounce";
        Sweep: {
            by?: components["schemas"]["UserId"] | null;
            chatId?: components["schemas"]["ChatId"] | null;
            /**
             * Format: int32
             * @description Chats to look through, and those that are.
             */
            chats: number;
            /** Format: int32 */
            chatsDone: number;
            finishedAt?: components["schemas"]["Timestamp"] | null;
            from?: components["schemas"]["Timestamp"] | null;
            id?: components["schemas"]["SweepId"] | null;
            /**
             * Format: int64
             * @description Messages found so far; of a dry run at most 10,000.
             */
            messages: number;
            startedAt: components["schemas"]["Timestamp"];
            state: components["schemas"]["SweepState"];
            to?: components["schemas"]["Timestamp"] | null;
            userId: components["schemas"]["UserId"];
        };
        SweepAnswer: {
            sweep: components["schemas"]["Sweep"];
        };
        /**
         * Format: uuid
         * @description The removal of many messages of one user.
         */
        SweepId: string;
        /** @enum {string} */
        SweepState: "dry_run" | "running" | "done";
        SyncAnswer: {
            chats: components["schemas"]["ChatSync"][];
            /** @description Changes of the user's own state above the client's `userRev`, oldest first. */
            me: components["schemas"]["UserChange"][];
            /** @description There is more: apply this and ask again. */
            more: boolean;
            /** @description Watermarks of members that moved since the cursor. */
            receipts: components["schemas"]["ChatReceipt"][];
            receiptsCursor: string;
            /** @description Chats the client knows and is no member of. */
            removed: components["schemas"]["ChatId"][];
            /** Format: int64 */
            userRev: number;
        };
        /** @enum {string} */
        SyncMode: "delta" | "snapshot";
        SyncRequest: {
            /** @description For each chat it knows, the highest `rev` it has applied. */
            chats?: {
                [key: string]: number;
            };
            /**
             * Format: int32
             * @description Most chats in the answer: default 50, at most 200.
             */
            limit?: number | null;
            /** @description As the last answer gave it; without it the watermarks of all its chats come back. */
            receiptsCursor?: string | null;
            /**
             * Format: int64
             * @description The highest `userRev` the client has applied; 0 at first.
             */
            userRev?: number;
        };
        /** @description What a `system` message tells. Its `senderId` is who did it. */
        SystemEvent: {
            /** @enum {string} */
            kind: "group_created";
            title: string;
        } | {
            /** @enum {string} */
            kind: "members_added";
            userIds: components["schemas"]["UserId"][];
        } | {
            /** @description Who made the invitation. */
            inviterId: components["schemas"]["UserId"];
            /** @enum {string} */
            kind: "member_joined";
            userId: components["schemas"]["UserId"];
        } | {
            /** @enum {string} */
            kind: "member_removed";
            userId: components["schemas"]["UserId"];
        } | {
            /** @enum {string} */
            kind: "member_left";
            newOwnerId?: components["schemas"]["UserId"] | null;
            userId: components["schemas"]["UserId"];
        } | {
            /** @enum {string} */
            kind: "role_changed";
            role: components["schemas"]["Role"];
            userId: components["schemas"]["UserId"];
        } | {
            /** @enum {string} */
            kind: "ownership_transferred";
            userId: components["schemas"]["UserId"];
        } | {
            /** @enum {string} */
            kind: "title_changed";
            title: string;
        } | {
            about: string;
            /** @enum {string} */
            kind: "about_changed";
        } | {
            /** @enum {string} */
            kind: "permissions_changed";
            permissions: components["schemas"]["Permissions"];
        } | {
            /** @enum {string} */
            kind: "slow_mode_changed";
            /** Format: int32 */
            slowModeSecs: number;
        } | {
            historyVisible: components["schemas"]["HistoryVisible"];
            /** @enum {string} */
            kind: "history_visible_changed";
        } | {
            /**
             * Format: int32
             * @description Null: they stay.
             */
            disappearAfterSecs?: number | null;
            /** @enum {string} */
            kind: "disappear_after_changed";
        };
        /** @enum {string} */
        Theme: "system" | "light" | "dark";
        /**
         * Format: date-time
         * @example 2026-01-03T10:00:00.000Z
         */
        Timestamp: string;
        /**
         * @description Where the tokens travel.
         * @enum {string}
         */
        TokenTransport: "body" | "cookie";
        TotpCode: {
            /**
             * @description What the app shows now.
             * @example 287082
             */
            code: string;
        };
        TotpSetup: {
            /** @description To be typed into an app: base32. */
            secret: string;
            /** @description To be shown as a QR code: `otpauth://totp/…`. */
            uri: string;
        };
        /** @description With the token of a letter about missed messages. */
        Unsubscribe: {
            token: string;
        };
        UpdateChat: {
            about?: string | null;
            /**
             * Format: int32
             * @description For those who may edit the info of a group, and for both in a direct chat: an hour to 90 days,
             *     unless the server has other bounds; null: messages stay.
             */
            disappearAfterSecs?: number | null;
            historyVisible?: components["schemas"]["HistoryVisible"] | null;
            permissions?: components["schemas"]["PermissionsChange"] | null;
            /**
             * Format: int32
             * @description For admins: 0, or 5 to 3,600.
             */
            slowModeSecs?: number | null;
            title?: string | null;
        };
        /** @description A field that is left out stays; one that is `null` is cleared. */
        UpdateChatMe: {
            archived?: boolean | null;
            draft?: string | null;
            mutedUntil?: components["schemas"]["Timestamp"] | null;
            pinned?: boolean | null;
            /** Format: int64 */
            unreadFrom?: number | null;
        };
        UpdateContact: {
            /** @description Null takes it away. */
            nickname?: string | null;
        };
        UpdateMe: {
            about?: string | null;
            displayName?: string | null;
            /**
             * @description Twice in 30 days, unless this server says otherwise. The former one stays its owner's for 14
             *     days, and leads to them: in `GET /users?query=`, `POST /contacts` and when they sign in.
             */
            username?: string | null;
        };
        UpdateNotifications: {
            /** @default null */
            emailDigest: components["schemas"]["Digest"] | null;
            /** @default null */
            newLogin: boolean | null;
        };
        UpdatePrivacy: {
            /** @default null */
            about: components["schemas"]["Audience"] | null;
            /** @default null */
            avatar: components["schemas"]["Audience"] | null;
            /** @default null */
            findByEmail: boolean | null;
            /** @default null */
            lastSeen: components["schemas"]["Audience"] | null;
            /** @default null */
            readReceipts: components["schemas"]["Audience"] | null;
            /** @default null */
            whoCanAddToGroups: components["schemas"]["Approach"] | null;
            /** @default null */
            whoCanMessage: components["schemas"]["Approach"] | null;
        };
        /** @description What is left out stays as it is; so in each of its parts. */
        UpdateSettings: {
            /** @default null */
            locale: string | null;
            /** @default null */
            notifications: components["schemas"]["UpdateNotifications"] | null;
            /** @default null */
            privacy: components["schemas"]["UpdatePrivacy"] | null;
            /** @default null */
            theme: components["schemas"]["Theme"] | null;
        };
        /** @description `AuthenticationResponseJSON`; browsers may add to it, and what is not named here isn't looked at. */
        UsedCredential: {
            id: string;
            response: components["schemas"]["Assertion"];
        };
        /** @description A user as others see them. */
        User: {
            about: string;
            avatar?: components["schemas"]["Avatar"] | null;
            displayName: string;
            id: components["schemas"]["UserId"];
            isBlocked: boolean;
            isContact: boolean;
            /** @description Nobody is behind it any more; `displayName` is a placeholder. */
            isDeleted?: boolean;
            lastSeenAt?: components["schemas"]["Timestamp"] | null;
            username: string;
        };
        UserAnswer: {
            user: components["schemas"]["User"];
        };
        /** @description One change of a user's own state, and the body of `me:updated`. */
        UserChange: components["schemas"]["OwnChange"] & {
            at: components["schemas"]["Timestamp"];
            /** Format: int64 */
            userRev: number;
        };
        /**
         * Format: uuid
         * @description A person.
         */
        UserId: string;
        /**
         * @description What a user may do on this server beside using it. In order: each may all that the one before may.
         * @enum {string}
         */
        UserRole: "user" | "moderator" | "admin";
        Users: {
            nextCursor?: string | null;
            users: components["schemas"]["User"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    admin_announcements_list: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description 50 by default, 200 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AllAnnouncements"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_announcements_make: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MakeAnnouncement"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnnouncementAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_announcements_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["AnnouncementId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_audit_page: {
        parameters: {
            query?: {
                /** @description Who did it. */
                actorId?: components["schemas"]["UserId"];
                action?: components["schemas"]["AuditAction"];
                /** @description The user, message, report … that it was done to. */
                targetId?: string;
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntries"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_audit_export: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_dead_letters_list: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description 50 by default, 200 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetters"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_dead_letters_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["OpId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_dead_letters_discard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["OpId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_dead_letters_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["OpId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_queues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queues"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_reports_list: {
        parameters: {
            query?: {
                state?: components["schemas"]["ReportState"];
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reports"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_reports_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ReportId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_reports_resolve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ReportId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResolveReport"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_stats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatsAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_sweeps_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartSweep"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SweepAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_sweeps_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["SweepId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SweepAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_users_list: {
        parameters: {
            query?: {
                /** @description The beginning of a user name or an e-mail address, or of words of a display name. */
                query?: string;
                role?: components["schemas"]["UserRole"];
                /** @description Only those with a ban. */
                banned?: boolean;
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accounts"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_users_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_users_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeAccount"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_users_ban: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BanUser"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admin_users_lift: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    announcements_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Announcements"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    announcements_dismiss: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["AnnouncementId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_change_email: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeEmail"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_confirm_email: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmailedToken"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_forgot_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForgotPassword"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshRequest"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_logout_all: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_list_oidc_links: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcLinks"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_link_oidc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OidcTicket"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcLink"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_unlink_oidc: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_oidc_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OidcLogin"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_oidc_signup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OidcSignup"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_look_at_oidc_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OidcTicket"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcFound"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_oidc_callback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_start_oidc: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartOidc"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcStarted"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_list_passkeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkeys"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_passkey_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyLogin"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_start_passkey_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequest"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_add_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddPasskey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkey"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_start_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmWithPassword"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyCreation"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_start_passkey_step_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequest"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_remove_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["PasskeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_rename_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["PasskeyId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RenamePasskey"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkey"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_resend_verification: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_reset_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetPassword"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_revert_email: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmailedToken"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_list_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_revoke_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_signup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignupRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_step_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StepUp"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SteppedUp"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_disable_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmWithPassword"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_enable_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpCode"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_renew_recovery_codes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmWithPassword"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_set_up_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmWithPassword"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpSetup"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_verify_email: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmailedToken"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contacts_blocked: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description 50 by default, 200 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Blocks"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contacts_block: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contacts_unblock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chats_list: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description 50 by default, 200 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Chats"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chats_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateChat"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatAnswer"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chats_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chats_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chats_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateChat"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invites_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invites"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invites_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateInvite"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InviteAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invites_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invites_list_requests: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description 50 by default, 200 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinRequests"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invites_approve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
                userId: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invites_decline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
                userId: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chats_leave: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chats_update_me: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateChatMe"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chats_list_members: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description 50 by default, 200 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Members"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chats_add_members: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddMembers"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chats_remove_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
                userId: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chats_change_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
                userId: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeRole"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_page: {
        parameters: {
            query?: {
                /** @description Messages below this `seq`, newest first. This is the default, from the end. */
                before?: number;
                /** @description Messages above this `seq`, oldest first. */
                after?: number;
                /** @description Messages on both sides of this `seq`, newest first. */
                around?: number;
                limit?: number;
            };
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Messages"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_send: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendMessage"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MsgSent"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MsgSent"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_pins: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description 50 by default, 200 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Messages"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chats_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ChatId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadUpTo"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contacts_list: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description 50 by default, 200 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contacts"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contacts_add: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddContact"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contacts_requests: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description 50 by default, 200 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactRequests"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contacts_accept: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["RequestId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactRequestAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contacts_decline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["RequestId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contacts_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contacts_rename: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateContact"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invites_preview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitePreviewAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invites_join: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinAnswer"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_delete: {
        parameters: {
            query: {
                /** @description `me`: hide it from me alone. `all`: leave a tombstone for everybody. */
                scope: components["schemas"]["DeleteScope"];
            };
            header?: never;
            path: {
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_edit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditMessage"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_forward: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForwardMessage"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Forwarded"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EditHistory"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_ledger: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ledger"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_pin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_unpin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_react: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MessageId"];
                emoji: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_unreact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MessageId"];
                emoji: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_receipts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageReceipts"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MsgSent"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MsgSent"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_star: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_unstar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_file: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FileReport"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    search_messages: {
        parameters: {
            query: {
                /** @description Words that must all be there; the last may be the beginning of one. */
                q: string;
                chatId?: components["schemas"]["ChatId"];
                senderId?: components["schemas"]["UserId"];
                /** @description Only `text` messages can be found. */
                type?: string;
                /** @description Sent at or after this time. */
                from?: components["schemas"]["Timestamp"];
                /** @description Sent before this time. */
                to?: components["schemas"]["Timestamp"];
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Messages"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_starred: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description 50 by default, 200 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Messages"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sync_catch_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SyncRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mail_unsubscribe_page: {
        parameters: {
            query?: {
                /** @description From the letter's `List-Unsubscribe`; the body is not looked at then. */
                token?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mail_unsubscribe: {
        parameters: {
            query?: {
                /** @description From the letter's `List-Unsubscribe`; the body is not looked at then. */
                token?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Unsubscribe"] | null;
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_find: {
        parameters: {
            query: {
                /**
                 * @description The beginning of a username, or of words of a display name; or a whole e-mail address, which
                 *     finds its owner only if they want it. A username that somebody gave up within 14 days finds
                 *     them, too, if it is whole; they come first.
                 */
                query: string;
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Users"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_delete_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteMe"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletionAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_update_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateMe"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_export: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LatestExport"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_ask_export: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_export_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ExportId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": number[];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_my_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_update_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateSettings"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mail_sendgrid: {
        parameters: {
            query?: never;
            header: {
                "x-twilio-email-event-webhook-signature": string;
                "x-twilio-email-event-webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown[];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}

// Made from docs/api/asyncapi.json by `npm run gen`. Do not edit.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
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
        /**
         * Format: uuid
         * @description What staff had to say to everybody.
         */
        AnnouncementId: string;
        /** @enum {string} */
        AnnouncementLevel: "info" | "warning" | "critical";
        /** @description Body of `announcement:withdrawn`. */
        AnnouncementWithdrawn: {
            id: components["schemas"]["AnnouncementId"];
        };
        /**
         * @description Who may come up to a user unasked.
         * @enum {string}
         */
        Approach: "everyone" | "contacts";
        /**
         * @description Who sees something of a user.
         * @enum {string}
         */
        Audience: "everyone" | "contacts" | "nobody";
        /** @description The acknowledgement of `auth:refresh`, and the body of `auth:expiring`. */
        AuthExpiry: {
            expiresAt: components["schemas"]["Timestamp"];
        };
        AuthRefresh: {
            /** @description A fresh access token of the same session. */
            token: string;
        };
        /** @description A picture of a user or a chat. */
        Avatar: {
            thumbhash: string;
            url: string;
        };
        /** @description The acknowledgement of `msg:edit`, `msg:delete` and `msg:react`. */
        ChangeQueued: {
            id: components["schemas"]["MessageId"];
            status: components["schemas"]["SendStatus"];
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
        /** @description Body of `chat:removed`. */
        ChatRemoved: {
            chatId: components["schemas"]["ChatId"];
            reason: components["schemas"]["RemovalReason"];
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
        ClientState: {
            activeChatId?: components["schemas"]["ChatId"] | null;
            foreground: boolean;
        };
        /** @description `data` of a `connect_error`, and the body of `auth:expired`. */
        ConnectRefusal: {
            code: components["schemas"]["ErrorCode"];
            /** Format: int64 */
            retryAfterMs?: number | null;
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
        /**
         * @description For whom a message is deleted.
         * @enum {string}
         */
        DeleteScope: "me" | "all";
        /** @enum {string} */
        Digest: "off" | "daily" | "weekly";
        /** @description The acknowledgement of an event that has nothing more to tell. */
        Done: {
            ok: boolean;
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
        /** @description The acknowledgement of a refused socket event. */
        EventRefusal: {
            error: components["schemas"]["EventError"];
        };
        /**
         * @description How much of a group those see who join it. It says nothing about those who are in it already:
         *     what they could see they still can, and what they could not stays away from them.
         * @enum {string}
         */
        HistoryVisible: "all" | "sinceJoining";
        /** @description Body of `join:decided`, to who asked. */
        JoinDecided: {
            approved: boolean;
            chatId: components["schemas"]["ChatId"];
        };
        /** @description Body of `join:requested`, to those who may add members. */
        JoinRequested: {
            chatId: components["schemas"]["ChatId"];
            userId: components["schemas"]["UserId"];
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
        /**
         * Format: uuid
         * @description One message. Derived from chat, sender and `clientId`, so that a repeat has the same.
         */
        MessageId: string;
        /** @enum {string} */
        MessageType: "text" | "system";
        MsgDelete: {
            id: components["schemas"]["MessageId"];
            scope: components["schemas"]["DeleteScope"];
        };
        MsgEdit: {
            content: string;
            id: components["schemas"]["MessageId"];
        };
        /**
         * @description Body of `msg:failed`: the message, or the change to it, is in the dead letters. A `queued` that is
         *     answered after it, to a repeat, holds: the message lives again.
         */
        MsgFailed: {
            chatId: components["schemas"]["ChatId"];
            clientId: string;
            error: components["schemas"]["EventError"];
            id: components["schemas"]["MessageId"];
        };
        /** @description Body of `msg:queued`. */
        MsgQueued: {
            chatId: components["schemas"]["ChatId"];
            clientId: string;
            id: components["schemas"]["MessageId"];
            status: components["schemas"]["SendStatus"];
        };
        MsgReact: {
            emoji: string;
            id: components["schemas"]["MessageId"];
            on: boolean;
        };
        /** @description Body of `msg:send`, and of `POST /chats/{id}/messages` (where `chatId` comes from the path). */
        MsgSend: {
            chatId: components["schemas"]["ChatId"];
            /** @description 1 to 64 characters, chosen by the client; a UUIDv7 is a good one. Sending it again stores nothing. */
            clientId: string;
            /** @description 1 to 4,000 characters. */
            content: string;
            /** @description Members of the chat, 50 at most. */
            mentions?: components["schemas"]["UserId"][];
            replyTo?: components["schemas"]["MessageId"] | null;
            type?: components["schemas"]["MessageType"];
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
        /** @description The least role that may do each thing. */
        Permissions: {
            addMembers: components["schemas"]["Role"];
            editInfo: components["schemas"]["Role"];
            pin: components["schemas"]["Role"];
            send: components["schemas"]["Role"];
        };
        PresenceSet: {
            status: components["schemas"]["PresenceWish"];
        };
        /** @enum {string} */
        PresenceStatus: "online" | "away" | "offline";
        PresenceSubscribe: {
            /** @description Up to 200; replaces an earlier subscription. */
            userIds: components["schemas"]["UserId"][];
        };
        /** @description Body of `presence:update`, and one entry of the answer to `presence:subscribe`. */
        PresenceUpdate: {
            lastSeenAt?: components["schemas"]["Timestamp"] | null;
            status: components["schemas"]["PresenceStatus"];
            userId: components["schemas"]["UserId"];
        };
        /**
         * @description What a user wants others to see.
         * @enum {string}
         */
        PresenceWish: "online" | "away" | "invisible";
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
        /** @description How far one member has received and read a chat. */
        Receipt: {
            /** Format: int64 */
            deliveredSeq: number;
            /** Format: int64 */
            readSeq: number;
            userId: components["schemas"]["UserId"];
        };
        /**
         * @description Why a chat left the caller's list.
         * @enum {string}
         */
        RemovalReason: "left" | "removed" | "deleted";
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
        /** @enum {string} */
        RequestDirection: "incoming" | "outgoing";
        /**
         * Format: uuid
         * @description One contact request.
         */
        RequestId: string;
        /** @enum {string} */
        RevokeReason: "logout" | "revoked" | "theft" | "banned" | "password_changed" | "deleted";
        /**
         * @description What a member may do, in rising order.
         * @enum {string}
         */
        Role: "member" | "admin" | "owner";
        /**
         * @description How far a sent message has come.
         * @enum {string}
         */
        SendStatus: "queued" | "sent";
        /** @description Body of `server:draining`. */
        ServerDraining: {
            /** Format: int64 */
            reconnectAfterMs: number;
        };
        /** @description Body of `session:revoked`. */
        SessionRevoked: {
            reason: components["schemas"]["RevokeReason"];
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
        /** @description Body of `status:delivered` and `status:read`. */
        Status: {
            at: components["schemas"]["Timestamp"];
            chatId: components["schemas"]["ChatId"];
            /** Format: int64 */
            seq: number;
            userId: components["schemas"]["UserId"];
        };
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
        SyncCheck: {
            chats?: {
                [key: string]: number;
            };
            /** Format: int64 */
            userRev?: number;
        };
        SyncChecked: {
            /** @description Chats to `sync`: changed, new to the client, or no longer the user's. */
            stale: components["schemas"]["ChatId"][];
            userStale: boolean;
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
        /** @enum {string} */
        TypingKind: "text" | "voice" | "media";
        TypingStart: {
            chatId: components["schemas"]["ChatId"];
            kind?: components["schemas"]["TypingKind"];
        };
        TypingStop: {
            chatId: components["schemas"]["ChatId"];
        };
        /** @description Body of `typing:update`. */
        TypingUpdate: {
            chatId: components["schemas"]["ChatId"];
            kind: components["schemas"]["TypingKind"];
            typing: boolean;
            userId: components["schemas"]["UserId"];
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
        /**
         * @description Body of `user:updated`: somebody in a chat of the caller's has another name or about. How they
         *     look to the caller is to be asked for.
         */
        UserUpdated: {
            userId: components["schemas"]["UserId"];
        };
        /** @description Body of `msg:delivered` and `msg:read`: a `seq`, or a message of the chat instead. */
        Watermark: {
            chatId: components["schemas"]["ChatId"];
            messageId?: components["schemas"]["MessageId"] | null;
            /** Format: int64 */
            seq?: number | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;

type Schemas = components['schemas'];

/** What the server sends, by name. */
export interface ServerEvents {
    /** Staff have something to say: to everybody, or to this user */
    'announcement:new': Schemas['Announcement'];
    /** It holds no longer */
    'announcement:withdrawn': Schemas['AnnouncementWithdrawn'];
    /** The token has expired; the connection closes after this */
    'auth:expired': Schemas['ConnectRefusal'];
    /** A minute left: refresh */
    'auth:expiring': Schemas['AuthExpiry'];
    /** The caller is in a new chat */
    'chat:new': Schemas['Chat'];
    /** The caller is no longer in it */
    'chat:removed': Schemas['ChatRemoved'];
    /** Title, about, roles or members changed */
    'chat:updated': Schemas['Chat'];
    /** Somebody asks to be a contact, or has accepted to be one */
    'contact:request': Schemas['ContactRequest'];
    /** Whether the caller is let in */
    'join:decided': Schemas['JoinDecided'];
    /** Somebody asks to join; to those who may add members */
    'join:requested': Schemas['JoinRequested'];
    /** Own state, changed on another device */
    'me:updated': Schemas['UserChange'];
    /** Given up; it can be retried. Told again at each connect until it is */
    'msg:failed': Schemas['MsgFailed'];
    /** A message has its place in the chat */
    'msg:new': Schemas['Message'];
    /** Durable; to the sending socket */
    'msg:queued': Schemas['MsgQueued'];
    /** A message in its whole new state */
    'msg:updated': Schemas['Message'];
    /** Someone watched moved */
    'presence:update': Schemas['PresenceUpdate'];
    /** The server stops: come back after this time */
    'server:draining': Schemas['ServerDraining'];
    /** Signed out elsewhere; the connection closes after this */
    'session:revoked': Schemas['SessionRevoked'];
    /** A member's watermark moved */
    'status:delivered': Schemas['Status'];
    /** A member's watermark moved */
    'status:read': Schemas['Status'];
    /** Another member's typing */
    'typing:update': Schemas['TypingUpdate'];
    /** Somebody in one of the caller's chats has another name: look again */
    'user:updated': Schemas['UserUpdated'];
}

/** What a client sends, and what success is acknowledged with. */
export interface ClientEvents {
    /** Go on with a fresh access token */
    'auth:refresh': { payload: Schemas['AuthRefresh']; ack: Schemas['AuthExpiry'] };
    /** In front or in the background, where no typing and presence comes */
    'client:state': { payload: Schemas['ClientState']; ack: Schemas['Done'] };
    /** Delete, for me or for all */
    'msg:delete': { payload: Schemas['MsgDelete']; ack: Schemas['ChangeQueued'] };
    /** Received up to here */
    'msg:delivered': { payload: Schemas['Watermark']; ack: Schemas['Done'] };
    /** Edit an own message */
    'msg:edit': { payload: Schemas['MsgEdit']; ack: Schemas['ChangeQueued'] };
    /** Add or take back a reaction */
    'msg:react': { payload: Schemas['MsgReact']; ack: Schemas['ChangeQueued'] };
    /** Read up to here */
    'msg:read': { payload: Schemas['Watermark']; ack: Schemas['Done'] };
    /** Send a message, or a list of up to 50 (acknowledged with a list that ends at the first refusal); acknowledged once durable */
    'msg:send': { payload: Schemas['MsgSend']; ack: Schemas['MsgSent'] };
    /** How to be seen */
    'presence:set': { payload: Schemas['PresenceSet']; ack: Schemas['Done'] };
    /** Watch up to 200 people, in place of those before; acknowledged with a list */
    'presence:subscribe': { payload: Schemas['PresenceSubscribe']; ack: Schemas['PresenceUpdate'] };
    /** What has changed since */
    'sync': { payload: Schemas['SyncRequest']; ack: Schemas['SyncAnswer'] };
    /** Have I lost something */
    'sync:check': { payload: Schemas['SyncCheck']; ack: Schemas['SyncChecked'] };
    /** Begins, or goes on; ends by itself after 6 s; told to nobody in groups over 100 */
    'typing:start': { payload: Schemas['TypingStart']; ack: Schemas['Done'] };
    /** Ends */
    'typing:stop': { payload: Schemas['TypingStop']; ack: Schemas['Done'] };
}

export const SERVER_EVENTS = {
    'announcement:new': '/chat',
    'announcement:withdrawn': '/chat',
    'auth:expired': '/chat',
    'auth:expiring': '/chat',
    'chat:new': '/chat',
    'chat:removed': '/chat',
    'chat:updated': '/chat',
    'contact:request': '/chat',
    'join:decided': '/chat',
    'join:requested': '/chat',
    'me:updated': '/chat',
    'msg:failed': '/chat',
    'msg:new': '/chat',
    'msg:queued': '/chat',
    'msg:updated': '/chat',
    'presence:update': '/presence',
    'server:draining': '/chat',
    'session:revoked': '/chat',
    'status:delivered': '/chat',
    'status:read': '/chat',
    'typing:update': '/typing',
    'user:updated': '/chat',
} as const;

export const CLIENT_EVENTS = {
    'auth:refresh': '/chat',
    'client:state': '/chat',
    'msg:delete': '/chat',
    'msg:delivered': '/chat',
    'msg:edit': '/chat',
    'msg:react': '/chat',
    'msg:read': '/chat',
    'msg:send': '/chat',
    'presence:set': '/presence',
    'presence:subscribe': '/presence',
    'sync': '/chat',
    'sync:check': '/chat',
    'typing:start': '/typing',
    'typing:stop': '/typing',
} as const;

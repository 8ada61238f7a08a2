/**
 * Everything a screen can do. One instance per tab, made by `startMessenger`.
 *
 * Methods that answer a promise reject with a `Refusal` (whose `failure` a screen can show); those
 * that answer nothing are done at once on the screen and find their way to the server by
 * themselves, through reloads and dead networks.
 */

import type { StoreApi } from "zustand/vanilla";
import type { EmojiName, Tone } from "../text/shortcodes";
import type {
  AddContact,
  Chat,
  ChatId,
  ContactRequest,
  Edit,
  Export,
  FileReport,
  Invite,
  InvitePreview,
  Leavings,
  LedgerEntry,
  Member,
  Message,
  MessageId,
  MessageReceipt,
  OidcFound,
  OidcLink,
  Passkey,
  Permissions,
  Role,
  Session,
  Settings,
  Timestamp,
  UpdateSettings,
  User,
  UserId,
} from "../wire";
import type { Found, SearchWish } from "./finder";
import type { Draft, HalfEdit, Pending, PendingChange, State } from "./model";
import type { Staff } from "./staff";

export type { Found, SearchWish } from "./finder";
export { Refusal } from "./refusal";

export interface Page<T> {
  items: T[];
  /** Ask again with it for more; null at the end. */
  nextCursor: string | null;
}

/** What is left out stays as it is. */
export interface ChatPatch {
  title?: string;
  about?: string;
  permissions?: Partial<Permissions>;
  slowModeSecs?: number;
  historyVisible?: Chat["historyVisible"];
  /** Of the messages that come after it; null: they stay. */
  disappearAfterSecs?: number | null;
}

export interface Entered {
  /** The account was to be deleted, and signing in has taken that back. */
  hasStayed: boolean;
}

/** `email`: needed where the provider vouches for no address. */
export interface TicketSignUp {
  ticket: string;
  username: string;
  displayName: string;
  email?: string;
}

export interface Messenger {
  readonly store: StoreApi<State>;

  // Account
  signUp(wish: { email: string; username: string; displayName: string; password: string }): Promise<void>;
  /** `totp`: a code, or a recovery code, where the answer without was `totp_required`. */
  signIn(wish: { identifier: string; password: string; totp?: string }): Promise<Entered>;
  /** The browser asks which; refused as `called_off` where nothing comes of that. */
  signInByPasskey(): Promise<Entered>;
  /** Of an account elsewhere: where the browser is to go. It comes back with a ticket. */
  startOidc(provider: string, returnTo: string): Promise<string>;
  /** Whose ticket it is, and what it can be used for. */
  readTicket(ticket: string): Promise<OidcFound>;
  signInByTicket(wish: { ticket: string; totp?: string }): Promise<Entered>;
  signUpByTicket(wish: TicketSignUp): Promise<void>;
  /** Accounts elsewhere that sign in to this one. */
  links(): Promise<OidcLink[]>;
  linkByTicket(ticket: string): Promise<void>;
  unlink(provider: string): Promise<void>;
  /** Leaves nothing behind on this device, also offline. */
  signOut(): Promise<void>;
  signOutEverywhere(): Promise<void>;
  changePassword(wish: { current: string; password: string }): Promise<void>;
  /** Says nothing of whether anybody has that address. */
  forgotPassword(email: string): Promise<void>;
  /** `token`: from a letter, as all those below. */
  resetPassword(wish: { token: string; password: string }): Promise<void>;
  changeEmail(wish: { email: string; password: string }): Promise<void>;
  resendVerification(): Promise<void>;
  verifyEmail(token: string): Promise<void>;
  /** The new address is the account's from now on. */
  confirmEmail(token: string): Promise<void>;
  /** The old address is the account's again. */
  revertEmail(token: string): Promise<void>;
  /** Answers when it is done for good: signing in before that takes it back. */
  deleteAccount(messages: Leavings): Promise<Timestamp>;
  /** The latest copy of all that the account holds; `ask`: another one. */
  latestExport(): Promise<Export | null>;
  askExport(): Promise<Export>;
  /** No more digests for whom the letter was for. */
  unsubscribe(token: string): Promise<void>;
  /** Proves once more who it is, for what was refused with `step_up_required`. */
  stepUp(proof: { password?: string; totp?: string }): Promise<void>;
  /** Likewise, with a passkey; a conflict where there is none. */
  stepUpByPasskey(): Promise<void>;
  passkeys(): Promise<Passkey[]>;
  /** A conflict where this authenticator has one already. */
  addPasskey(name: string): Promise<Passkey>;
  renamePasskey(id: string, name: string): Promise<Passkey>;
  removePasskey(id: string): Promise<void>;
  /** For an app that makes codes; a conflict where they are in use already. */
  setUpTotp(): Promise<{ secret: string; uri: string }>;
  /** From now on signing in needs a code. Answers the recovery codes, this once. */
  enableTotp(code: string): Promise<string[]>;
  disableTotp(): Promise<void>;
  renewRecoveryCodes(): Promise<string[]>;
  updateMe(patch: { displayName?: string; about?: string; username?: string }): Promise<void>;
  /** Asked for where nothing was chosen yet: then `State.settings` knows none. */
  settings(): Promise<Settings>;
  /** Shown at once; what the server refuses is taken back, and rejects. */
  updateSettings(patch: UpdateSettings): Promise<void>;
  sessions(): Promise<Session[]>;
  endSession(id: string): Promise<void>;

  // The open chat. A chat that is open has a timeline; several may be (panes, tests).
  /** `at`: go to this `seq` instead of the first unread or the end. */
  openChat(id: ChatId, at?: number): Promise<void>;
  closeChat(id: ChatId): void;
  /** Somebody is about to open it. */
  foresee(id: ChatId): void;
  /** What is not read yet came while nobody looked: the line is drawn before it, as if it were opened now. */
  divide(id: ChatId): void;
  loadOlder(id: ChatId): Promise<void>;
  loadNewer(id: ChatId): Promise<void>;
  jumpTo(id: ChatId, seq: number): Promise<void>;
  /** A quoted message: its place is asked for where it is not known. */
  jumpToMessage(id: ChatId, message: MessageId): Promise<void>;
  /** To the first mention of the user that is not read yet, however far it is; else to the end. */
  jumpToMention(id: ChatId): Promise<void>;
  jumpToLatest(id: ChatId): Promise<void>;
  /** Asks again what is pinned. */
  loadPins(id: ChatId): Promise<void>;
  /** Also one that is not loaded. */
  messageOf(id: ChatId, message: MessageId): Promise<Message>;
  /** All up to `seq` was seen, in a visible and focused tab. */
  markRead(id: ChatId, seq: number): void;
  markUnread(id: ChatId, fromSeq: number): void;

  // Messages
  /** Whom it mentions is told by the user names in it. */
  send(id: ChatId, wish: { content: string; replyTo: Message | null }): void;
  retry(clientId: string): void;
  retryAll(id: ChatId): void;
  /** Also one that waits. If it has left already, it is deleted as soon as it arrives. */
  discard(pending: Pending): void;
  /** Says something else instead, of what has not arrived yet. */
  amend(pending: Pending, content: string): void;
  // What the server refuses of these is taken back, and shows as failed in `changes`.
  edit(message: Message, content: string): void;
  remove(message: Message, scope: "me" | "all"): void;
  react(message: Message, emoji: string, on: boolean): void;
  pin(message: Message, on: boolean): void;
  star(message: Message, on: boolean): void;
  retryChange(change: PendingChange): void;
  discardChange(change: PendingChange): void;
  /** `key`: the same for each try at the same, so that a lost answer doubles nothing. */
  forward(message: Message, to: ChatId[], key: string): Promise<void>;
  receiptsOf(message: Message): Promise<MessageReceipt[]>;
  ledgerOf(message: Message): Promise<LedgerEntry[]>;
  historyOf(message: Message): Promise<Edit[]>;
  /** Kept on disk at once, and told to the user's other devices a while later. */
  setDraft(id: ChatId, draft: Draft): void;
  setEdit(id: ChatId, edit: HalfEdit | null): void;
  /** The user is typing: to be called at each key, sent seldom. */
  typing(id: ChatId): void;
  stopTyping(id: ChatId): void;
  /** Kept for the next time, on this device. */
  usedEmoji(emoji: string): void;
  chooseTone(tone: Tone): void;
  /** By what they are called; asked for when somebody types one. */
  emojiNames(language: "en" | "de"): Promise<EmojiName[]>;

  // Chats
  /** The chat that there is already, or a new one. */
  createDirect(peer: UserId): Promise<ChatId>;
  /** `key`: as with `forward`. */
  createGroup(title: string, members: UserId[], key: string): Promise<ChatId>;
  updateChat(id: ChatId, patch: ChatPatch): Promise<void>;
  updateMine(
    id: ChatId,
    patch: { pinned?: boolean; archived?: boolean; mutedUntil?: Timestamp | null },
  ): void;
  leave(id: ChatId): Promise<void>;
  deleteChat(id: ChatId): Promise<void>;
  members(id: ChatId, cursor?: string): Promise<Page<Member>>;
  addMembers(id: ChatId, users: UserId[]): Promise<void>;
  removeMember(id: ChatId, user: UserId): Promise<void>;
  changeRole(id: ChatId, user: UserId, role: Role): Promise<void>;
  invites(id: ChatId): Promise<Invite[]>;
  createInvite(
    id: ChatId,
    wish: { expiresInSecs: number | null; maxUses: number | null; requiresApproval: boolean },
  ): Promise<Invite>;
  revokeInvite(id: ChatId, code: string): Promise<void>;
  previewInvite(code: string): Promise<InvitePreview>;
  /** Null where somebody has to let one in first. */
  join(code: string): Promise<ChatId | null>;
  /** Asks again who waits to be let in. */
  loadJoiners(id: ChatId): Promise<void>;
  decideJoin(id: ChatId, user: UserId, isIn: boolean): Promise<void>;

  // People and search
  searchPeople(query: string, cursor?: string): Promise<Page<User>>;
  user(id: UserId): Promise<User>;
  /** Whose presence screens show now; replaces what was asked before by the same `who`. */
  watchPresence(who: string, users: UserId[]): void;
  /** The request, where the other wants to be asked. */
  addContact(wish: AddContact): Promise<ContactRequest | null>;
  renameContact(id: UserId, nickname: string | null): Promise<void>;
  removeContact(id: UserId): Promise<void>;
  acceptRequest(id: string): Promise<void>;
  declineRequest(id: string): Promise<void>;
  /** Asks again for those that wait. */
  loadRequests(): Promise<void>;
  report(wish: FileReport): Promise<void>;
  /** Puts it away on all devices. */
  dismissAnnouncement(id: string): Promise<void>;
  /** For moderators and admins. */
  staff(): Promise<Staff>;
  block(id: UserId): Promise<void>;
  unblock(id: UserId): Promise<void>;
  searchMessages(wish: SearchWish, cursor?: string): Promise<Page<Message>>;
  /** Only what is on this device, without asking anybody: the newest first. */
  searchDevice(wish: SearchWish, limit: number, onPart?: (found: Found) => void): Promise<Found>;
  /** Somebody is about to do that. */
  prepareSearch(): void;
  starredMessages(cursor?: string): Promise<Page<Message>>;

  // This device
  /** What the cache takes, in bytes. */
  storageUsed(): Promise<number>;
  /** Drops cached messages; what waits to be sent stays. */
  clearCache(): Promise<void>;
}

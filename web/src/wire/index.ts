/** The wire's shapes under the names that the rest of the client uses. */

import type { components as EventComponents } from "./events";
import type { components } from "./rest";

type Rest = components["schemas"];
type Events = EventComponents["schemas"];

export type ChatId = Rest["ChatId"];
export type MessageId = Rest["MessageId"];
export type SessionId = Rest["SessionId"];
export type UserId = Rest["UserId"];
export type Timestamp = Rest["Timestamp"];

export type Announcement = Rest["Announcement"];
export type AnnouncementWithdrawn = Events["AnnouncementWithdrawn"];

export type Chat = Rest["Chat"];
export type ChatMe = Rest["ChatMe"];
export type ChatReceipt = Rest["ChatReceipt"];
export type ChatType = Rest["ChatType"];
export type CreateChat = Rest["CreateChat"];
export type CreateInvite = Rest["CreateInvite"];
export type Invite = Rest["Invite"];
export type InvitePreview = Rest["InvitePreview"];
export type JoinRequest = Rest["JoinRequest"];
export type Member = Rest["Member"];
export type Permissions = Rest["Permissions"];
export type Receipt = Rest["Receipt"];
export type RemovalReason = Events["RemovalReason"];
export type Role = Rest["Role"];
export type UpdateChat = Rest["UpdateChat"];
export type UpdateChatMe = Rest["UpdateChatMe"];

export type DeleteScope = Rest["DeleteScope"];
export type Edit = Rest["Edit"];
export type Forwarded = Rest["Forwarded"];
export type Ledger = Rest["Ledger"];
export type LedgerEntry = Rest["LedgerEntry"];
export type Message = Rest["Message"];
export type MessageReceipt = Rest["MessageReceipt"];
export type MessageType = Rest["MessageType"];
export type Reaction = Rest["Reaction"];
export type ReplyTo = Rest["ReplyTo"];
export type SendStatus = Rest["SendStatus"];
export type SystemEvent = Rest["SystemEvent"];

export type AddContact = Rest["AddContact"];
export type ContactRequest = Rest["ContactRequest"];
export type Me = Rest["Me"];
export type NewCredential = Rest["NewCredential"];
export type OidcFound = Rest["OidcFound"];
export type OidcLink = Rest["OidcLink"];
export type OidcProvider = Rest["OidcProvider"];
export type Passkey = Rest["Passkey"];
export type PasskeyCreation = Rest["PasskeyCreation"];
export type PasskeyRequest = Rest["PasskeyRequest"];
export type RequestDirection = Rest["RequestDirection"];
export type Session = Rest["Session"];
export type Settings = Rest["Settings"];
export type UpdateMe = Rest["UpdateMe"];
/** What is left out stays as it is; the generated type takes what has a default for always there. */
export type UpdateSettings = Partial<Pick<Settings, "theme" | "locale">> & {
  privacy?: Partial<Settings["privacy"]>;
  notifications?: Partial<Settings["notifications"]>;
};
export type UsedCredential = Rest["UsedCredential"];
export type User = Rest["User"];

export type ChatSync = Rest["ChatSync"];
export type OwnChange = Rest["OwnChange"];
export type SyncAnswer = Rest["SyncAnswer"];
export type SyncMode = Rest["SyncMode"];
export type SyncRequest = Rest["SyncRequest"];
export type UserChange = Rest["UserChange"];

export type ChangeQueued = Events["ChangeQueued"];
export type ChatRemoved = Events["ChatRemoved"];
export type ClientState = Events["ClientState"];
export type JoinDecided = Events["JoinDecided"];
export type JoinRequested = Events["JoinRequested"];
export type MsgFailed = Events["MsgFailed"];
export type MsgQueued = Events["MsgQueued"];
export type MsgSend = Events["MsgSend"];
export type MsgSent = Events["MsgSent"];
export type PresenceStatus = Events["PresenceStatus"];
export type PresenceUpdate = Events["PresenceUpdate"];
export type PresenceWish = Events["PresenceWish"];
export type RevokeReason = Events["RevokeReason"];
export type Status = Events["Status"];
export type SyncCheck = Events["SyncCheck"];
export type SyncChecked = Events["SyncChecked"];
export type TypingKind = Events["TypingKind"];
export type TypingUpdate = Events["TypingUpdate"];
export type Watermark = Events["Watermark"];

export type Account = Rest["Account"];
export type AnnouncementLevel = Rest["AnnouncementLevel"];
export type AnnouncementRecord = Rest["AnnouncementRecord"];
export type BanUser = Rest["BanUser"];
export type Complaint = Rest["Complaint"];
export type Evidence = Rest["Evidence"];
export type FileReport = Rest["FileReport"];
export type MakeAnnouncement = Rest["MakeAnnouncement"];
export type Report = Rest["Report"];
export type ReportAction = Rest["ReportAction"];
export type ReportReason = Rest["ReportReason"];
export type ReportState = Rest["ReportState"];
export type ResolveReport = Rest["ResolveReport"];

export type BanNotice = Rest["BanNotice"];
export type Export = Rest["Export"];
export type ExportState = Rest["ExportState"];
export type Leavings = Rest["Leavings"];
export type ErrorCode = Rest["ErrorCode"];
export type EventError = Rest["EventError"];
export type EventRefusal = Events["EventRefusal"];
export type FieldError = Rest["FieldError"];
export type Hint = Rest["Hint"];
export type Problem = Rest["Problem"];

export type { ClientEvents, ServerEvents } from "./events";
export { CLIENT_EVENTS, SERVER_EVENTS } from "./events";

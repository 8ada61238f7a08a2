/** What is checked of each event and of each acknowledgement. */

import * as v from "valibot";
import type { ClientEvents, ServerEvents } from "../wire";
import * as schemas from "../wire/schemas";

export const eventSchemas: { [E in keyof ServerEvents]: schemas.Schema<ServerEvents[E]> } = {
  "announcement:new": schemas.announcement,
  "announcement:withdrawn": schemas.announcementWithdrawn,
  "auth:expired": schemas.connectRefusal,
  "auth:expiring": schemas.authExpiring,
  "chat:new": schemas.chat,
  "chat:removed": schemas.chatRemoved,
  "chat:updated": schemas.chat,
  "contact:request": schemas.contactRequest,
  "join:decided": schemas.joinDecided,
  "join:requested": schemas.joinRequested,
  "me:updated": schemas.userChange,
  "msg:failed": schemas.msgFailed,
  "msg:new": schemas.message,
  "msg:queued": schemas.msgQueued,
  "msg:updated": schemas.message,
  "presence:update": schemas.presenceUpdate,
  "server:draining": schemas.serverDraining,
  "session:revoked": schemas.sessionRevoked,
  "status:delivered": schemas.status,
  "status:read": schemas.status,
  "typing:update": schemas.typingUpdate,
  "user:updated": schemas.userUpdated,
};

const sentList = v.array(v.union([schemas.msgSent, v.object({ error: schemas.eventError })]));

export const ackSchemas: { [E in keyof ClientEvents]: schemas.Schema<unknown> } = {
  "auth:refresh": schemas.authExpiring,
  "client:state": schemas.done,
  "msg:delete": schemas.changeQueued,
  "msg:delivered": schemas.done,
  "msg:edit": schemas.changeQueued,
  "msg:react": schemas.changeQueued,
  "msg:read": schemas.done,
  "msg:send": v.union([schemas.msgSent, sentList]),
  "presence:set": schemas.done,
  "presence:subscribe": v.array(schemas.presenceUpdate),
  sync: schemas.syncAnswer,
  "sync:check": schemas.syncChecked,
  "typing:start": schemas.done,
  "typing:stop": schemas.done,
};

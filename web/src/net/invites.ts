/** Links by which people come into groups. */

import * as v from "valibot";
import type { ChatId, CreateInvite, Invite, InvitePreview, JoinRequest, UserId } from "../wire";
import * as schemas from "../wire/schemas";
import { ask, type Client, read } from "./ask";

const text = v.nullish(v.string(), null);
const count = v.nullish(v.number(), null);

const invite: schemas.Schema<Invite> = v.object({
  code: v.string(),
  createdBy: v.string(),
  createdAt: v.string(),
  expiresAt: text,
  maxUses: count,
  uses: v.number(),
  usesLeft: count,
  requiresApproval: v.boolean(),
});
const preview: schemas.Schema<InvitePreview> = v.object({
  title: v.string(),
  about: v.string(),
  memberCount: v.number(),
  requiresApproval: v.boolean(),
  chatId: text,
  asked: v.boolean(),
});
const waiting: schemas.Schema<JoinRequest> = v.object({ user: schemas.user, askedAt: v.string() });
const waitingAnswer = v.object({ requests: v.array(waiting), nextCursor: text });
const inviteAnswer = v.object({ invite });
const invitesAnswer = v.object({ invites: v.array(invite) });
const previewAnswer = v.object({ invite: preview });
const joinAnswer = v.object({ chat: v.nullish(schemas.chat, null) });

export function invites(client: Client) {
  const one = (id: ChatId, userId: UserId) => ({ params: { path: { id, userId } } });
  return {
    list: (id: ChatId) =>
      read(client.GET("/api/v1/chats/{id}/invites", { params: { path: { id } } }), invitesAnswer),
    create: (id: ChatId, body: Partial<CreateInvite>) =>
      read(
        client.POST("/api/v1/chats/{id}/invites", {
          params: { path: { id } },
          body: { requiresApproval: false, ...body },
        }),
        inviteAnswer,
      ),
    revoke: (id: ChatId, code: string) =>
      ask(client.DELETE("/api/v1/chats/{id}/invites/{code}", { params: { path: { id, code } } })),
    preview: (code: string) =>
      read(client.GET("/api/v1/invites/{code}", { params: { path: { code } } }), previewAnswer),
    join: (code: string) =>
      read(client.POST("/api/v1/invites/{code}/join", { params: { path: { code } } }), joinAnswer),
    waiting: (id: ChatId, query: { cursor?: string; limit?: number } = {}) =>
      read(
        client.GET("/api/v1/chats/{id}/join-requests", { params: { path: { id }, query } }),
        waitingAnswer,
      ),
    approve: (id: ChatId, userId: UserId) =>
      ask(client.POST("/api/v1/chats/{id}/join-requests/{userId}/approve", one(id, userId))),
    decline: (id: ChatId, userId: UserId) =>
      ask(client.POST("/api/v1/chats/{id}/join-requests/{userId}/decline", one(id, userId))),
  };
}

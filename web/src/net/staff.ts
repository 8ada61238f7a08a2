/** What moderators and admins ask and do; loaded for them alone. */

import * as v from "valibot";
import type {
  Account,
  AnnouncementLevel,
  AnnouncementRecord,
  BanUser,
  Complaint,
  Evidence,
  MakeAnnouncement,
  Report,
  ReportAction,
  ReportReason,
  ReportState,
  ResolveReport,
  UserId,
} from "../wire";
import * as schemas from "../wire/schemas";
import { ask, type Client, read } from "./ask";

const text = v.nullish(v.string(), null);
const word = <T extends string>() => v.custom<T>((it) => typeof it === "string");

const ban = v.object({ reason: v.string(), by: v.string(), at: v.string(), until: text });
const account: schemas.Schema<Account> = v.object({
  id: v.string(),
  username: v.string(),
  displayName: v.string(),
  about: v.string(),
  email: v.string(),
  emailVerified: v.boolean(),
  role: v.picklist(["user", "moderator", "admin"]),
  createdAt: v.string(),
  lastSeenAt: text,
  sessions: v.number(),
  ban: v.nullish(ban, null),
});
const evidence: schemas.Schema<Evidence> = v.object({
  message: v.nullish(schemas.message, null),
  edits: v.array(v.object({ content: v.string(), writtenAt: v.string() })),
  around: v.array(schemas.message),
  user: v.nullish(schemas.user, null),
  chat: v.nullish(
    v.object({
      id: v.string(),
      type: v.picklist(["direct", "group"]),
      title: v.string(),
      about: v.string(),
      memberCount: v.number(),
    }),
    null,
  ),
});
const complaint: schemas.Schema<Complaint> = v.object({
  reporterId: v.string(),
  reason: word<ReportReason>(),
  note: text,
  at: v.string(),
  evidence: v.nullish(evidence, null),
});
const report: schemas.Schema<Report> = v.object({
  id: v.string(),
  subject: v.variant("kind", [
    v.object({ kind: v.literal("message"), id: v.string() }),
    v.object({ kind: v.literal("user"), id: v.string() }),
    v.object({ kind: v.literal("chat"), id: v.string() }),
  ]),
  reportedId: text,
  state: word<ReportState>(),
  createdAt: v.string(),
  complaints: v.array(complaint),
  resolution: v.nullish(
    v.object({ action: word<ReportAction>(), note: text, by: text, at: v.string() }),
    null,
  ),
});
const record: schemas.Schema<AnnouncementRecord> = v.object({
  id: v.string(),
  content: v.string(),
  level: word<AnnouncementLevel>(),
  by: text,
  to: text,
  createdAt: v.string(),
  until: text,
  withdrawnAt: text,
});

const reportAnswer = v.object({ report });
const reportsPage = v.object({ reports: v.array(report), nextCursor: text });
const accountsPage = v.object({ users: v.array(account), nextCursor: text });
const recordsPage = v.object({ announcements: v.array(record), nextCursor: text });

export type StaffRest = ReturnType<typeof staff>;

export function staff(client: Client) {
  const one = (id: string) => ({ params: { path: { id } } });
  return {
    reports: (query: { state?: ReportState; cursor?: string }) =>
      read(client.GET("/api/v1/admin/reports", { params: { query } }), reportsPage),
    report: (id: string) => read(client.GET("/api/v1/admin/reports/{id}", one(id)), reportAnswer),
    resolve: (id: string, body: ResolveReport) =>
      read(client.POST("/api/v1/admin/reports/{id}/resolve", { ...one(id), body }), reportAnswer),
    accounts: (query: { query?: string; banned?: boolean; cursor?: string }) =>
      read(client.GET("/api/v1/admin/users", { params: { query } }), accountsPage),
    ban: (id: UserId, body: BanUser) =>
      ask(client.POST("/api/v1/admin/users/{id}/ban", { ...one(id), body })),
    lift: (id: UserId) => ask(client.DELETE("/api/v1/admin/users/{id}/ban", one(id))),
    announcements: (query: { cursor?: string }) =>
      read(client.GET("/api/v1/admin/announcements", { params: { query } }), recordsPage),
    announce: (body: MakeAnnouncement) => ask(client.POST("/api/v1/admin/announcements", { body })),
    withdraw: (id: string) => ask(client.DELETE("/api/v1/admin/announcements/{id}", one(id))),
  };
}

import { t } from "../../i18n";
import { hasVanished } from "../../sync/expiry";
import type { ChatEntry, Draft, Pending, PendingChange, State, Tick, Typing } from "../../sync/model";
import { peopleOf } from "../../sync/people";
import { tickOf } from "../../sync/ticks";
import { previewText } from "../../text/markdown";
import { nameOf } from "../../text/names";
import type { UserId } from "../../wire";
import { systemText } from "../chat/systemText";

/** The line below a chat's name. */
interface Line {
  /** Before the text, in the accent colour for `draft`. */
  lead: string | null;
  text: string;
  kind: "plain" | "draft" | "typing" | "notice";
  /** How far an own message has come. */
  tick: Tick | null;
}

export interface Preview extends Line {
  /** How many messages failed that the line doesn't tell of. */
  unsent: number;
}

interface Facts {
  entry: ChatEntry;
  draft: Draft | undefined;
  typing: readonly Typing[] | undefined;
  outbox: readonly Pending[] | undefined;
  changes?: readonly PendingChange[] | undefined;
  users: State["users"];
  me: UserId;
}

/** Those whose names a row may show: a change to anybody else is none to the row. */
export function namedIn(
  users: State["users"],
  entry: ChatEntry | undefined,
  typing: readonly Typing[] | undefined,
): State["users"] {
  const last = entry?.chat.lastMessage;
  const ids = [
    entry?.chat.peer?.id,
    typing?.[0]?.userId,
    last?.senderId,
    ...(last?.system ? peopleOf(last.system) : []),
  ];
  const known = ids.flatMap((id) => (id === undefined ? [] : (users[id] ?? [])));
  return Object.fromEntries(known.map((user) => [user.id, user]));
}

export function previewOf(facts: Facts): Preview {
  const line = lineOf(facts);
  const failed = facts.outbox?.filter(({ state }) => state === "failed").length ?? 0;
  return { ...line, unsent: line.tick === "failed" ? 0 : failed };
}

/** What matters most: who writes, what I began to write, what I sent, what was said. */
function lineOf({ entry, draft, typing, outbox, changes, users, me }: Facts): Line {
  const isGroup = entry.chat.type === "group";
  const writer = typing?.[0];
  if (writer) {
    const text = isGroup ? t("chats.typingWho", { name: nameOf(users, writer.userId) }) : t("chats.typing");
    return { lead: null, text, kind: "typing", tick: null };
  }
  if (draft && draft.content.trim() !== "") {
    return { lead: t("chats.draft"), text: previewText(draft.content), kind: "draft", tick: null };
  }
  const pending = outbox?.findLast(({ state, createdAt }) => {
    return state === "waiting" || createdAt > (entry.chat.lastMessage?.createdAt ?? "");
  });
  if (pending) return { lead: null, text: previewText(pending.content), kind: "plain", tick: pending.state };
  const last = lastMessage(entry, users, me);
  const isEdited = changes?.some(({ wish, messageId, state }) => {
    return wish.kind === "edit" && state === "waiting" && messageId === entry.chat.lastMessage?.id;
  });
  return isEdited ? { ...last, tick: "waiting" } : last;
}

function lastMessage({ chat, receipts }: ChatEntry, users: State["users"], me: UserId): Line {
  const notice = (text: string): Line => ({ lead: null, text, kind: "notice", tick: null });
  const last = chat.lastMessage;
  if (!last) return notice(t("chats.noMessages"));
  if (last.system) return notice(systemText(last.system, last.senderId, users, me));
  if (hasVanished(last)) return notice(t("chats.vanished"));
  if (last.deletedAt) return notice(t("chats.deleted"));
  const isOwn = last.senderId === me;
  const isGroup = chat.type === "group";
  return {
    lead: isGroup ? t("chats.sender", { name: isOwn ? t("chats.you") : nameOf(users, last.senderId) }) : null,
    text: previewText(last.content),
    kind: "plain",
    tick: isOwn ? tickOf(last, receipts, me) : null,
  };
}

/** What the status chip says while the server is out of reach. */

import { t } from "../../i18n";
import type { State } from "../../sync/model";

type Facts = Pick<State, "connection" | "outbox" | "changes" | "isCacheOff">;

export function statusOf({ connection, outbox, changes, isCacheOff }: Facts): string {
  const all = [outbox, changes].flatMap((byChat) => Object.values(byChat).flat());
  const count = all.filter((pending) => pending.state === "waiting").length;
  // It would be lost with the page.
  if (isCacheOff && count > 0) return t("chats.waitingHere", { count });
  const isOffline = connection.name === "offline";
  if (count === 0) return t(isOffline ? "chats.offline" : "chats.connecting");
  return t(isOffline ? "chats.offlineWaiting" : "chats.connectingWaiting", { count });
}

/** What the status chip says while the server is out of reach. */

import { t } from "../../i18n";
import type { State } from "../../sync/model";

type Facts = Pick<State, "connection" | "outbox" | "changes" | "isCacheOff">;

export function statusOf({ connection, outbox, changes, isCacheOff }: Facts): string {
  const all = [outbox, changes].flatMap((byChat) => Object.values(byChat).flat());
  const count = all.filter((pending) => pending.state === "waiting").length;
  // It would be lost with the page.
  if (isCacheOff && count > 0) return t("chats.waitingHere", { count });
  if (connection.name !== "offline") return t("chats.connecting");
  return count > 0 ? t("chats.offlineWaiting", { count }) : t("chats.offline");
}

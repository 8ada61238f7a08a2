import { t } from "../../i18n";
import type { Connection, State } from "../../sync/model";
import { useMessenger } from "../frame/messenger";
import { cx } from "../kit/cx";
import { useLate } from "../kit/late";

const PATIENCE_MS = 2_000;

/** The state of the connection, once it is worth telling. Its place is kept, so nothing moves. */
export function StatusChip() {
  const connection = useMessenger((state) => state.connection);
  const waiting = useMessenger(countWaiting);
  // Short breaks pass unmentioned; so does catching up.
  const isTold = useLate("since" in connection, PATIENCE_MS);
  return (
    <div role="status" className="pointer-events-none flex h-6 min-w-0 items-center">
      <span
        className={cx(
          "truncate rounded-full bg-warning-soft px-2.5 py-0.5 text-xs font-medium text-warning transition-opacity",
          !isTold && "opacity-0",
        )}
      >
        {isTold && wordsOf(connection, waiting)}
      </span>
    </div>
  );
}

function countWaiting(state: State): number {
  const all = [state.outbox, state.changes].flatMap((byChat) => Object.values(byChat).flat());
  return all.filter((pending) => pending.state === "waiting").length;
}

function wordsOf({ name }: Connection, waiting: number): string {
  if (name !== "offline") return t("chats.connecting");
  return waiting > 0 ? t("chats.offlineWaiting", { count: waiting }) : t("chats.offline");
}

import { useEffect, useState } from "react";
import { t } from "../../i18n";
import type { Connection, State } from "../../sync/model";
import { useMessenger } from "../frame/messenger";
import { cx } from "../kit/cx";

const PATIENCE_MS = 2_000;

/** The state of the connection, once it is worth telling. Its place is kept, so nothing moves. */
export function StatusChip() {
  const connection = useMessenger((state) => state.connection);
  const waiting = useMessenger(countWaiting);
  const isTold = useTold(connection);
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
  const all = Object.values(state.outbox).flat();
  return all.filter((pending) => pending.state === "waiting").length;
}

function wordsOf({ name }: Connection, waiting: number): string {
  if (name !== "offline") return t("chats.connecting");
  return waiting > 0 ? t("chats.offlineWaiting", { count: waiting }) : t("chats.offline");
}

/** Short breaks pass unmentioned; so does catching up. */
function useTold(connection: Connection): boolean {
  const since = "since" in connection ? connection.since : null;
  const [told, setTold] = useState<number | null>(null);
  useEffect(() => {
    if (since === null) return;
    const timer = setTimeout(() => setTold(since), Math.max(0, since + PATIENCE_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [since]);
  return since !== null && told === since;
}

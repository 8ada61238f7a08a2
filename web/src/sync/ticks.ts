/** What the tick of an own message may promise. */

import type { Message, Receipt, UserId } from "../wire";
import type { ChatEntry, Pending, Tick } from "./model";

/** In groups `delivered` and `read` mean: by all. Without watermarks (large groups): `sent`. */
export function tickOf(message: Message, receipts: ChatEntry["receipts"], me: UserId): Tick {
  const others = Object.values(receipts).filter((receipt) => receipt.userId !== me);
  const reached = (mark: (receipt: Receipt) => number) =>
    others.length > 0 && others.every((receipt) => mark(receipt) >= message.seq);
  if (reached((receipt) => receipt.readSeq)) return "read";
  if (reached((receipt) => receipt.deliveredSeq)) return "delivered";
  return "sent";
}

/** Since when it is so; null where this tab was not told. */
export function tickTime(message: Message, tick: Tick | null, told: ChatEntry["told"]): string | null {
  const { seq } = message;
  return told?.find((one) => one.tick === tick && one.from < seq && seq <= one.to)?.at ?? null;
}

export function tickOfPending(pending: Pending): Tick {
  return pending.state;
}

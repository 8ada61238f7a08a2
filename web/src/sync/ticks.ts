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

export function tickOfPending(pending: Pending): Tick {
  return pending.state;
}

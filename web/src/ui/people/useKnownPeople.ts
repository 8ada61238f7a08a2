import { useShallow } from "zustand/shallow";
import type { User } from "../../wire";
import { useMessenger } from "../frame/messenger";

/** Those one has a direct chat with, the latest first. */
export function useKnownPeople(): User[] {
  return useMessenger(
    useShallow((state) => {
      const peers = state.order.map((id) => {
        const peer = state.chats[id]?.chat.peer;
        return peer && (state.users[peer.id] ?? peer);
      });
      return peers.filter((peer) => peer != null);
    }),
  );
}

import { useMemo } from "react";
import { useShallow } from "zustand/shallow";
import type { Person } from "../../sync/model";
import { useMessenger } from "../frame/messenger";
import { useContacts } from "./useContacts";

/** Those one has a direct chat with, the latest first; then the other contacts, by name. */
export function useKnownPeople(): Person[] {
  const peers = useMessenger(
    useShallow((state) => {
      const all = state.order.map((id) => state.users[state.chats[id]?.chat.peer?.id ?? ""]);
      return all.filter((peer) => peer !== undefined);
    }),
  );
  const contacts = useContacts();
  return useMemo(() => [...new Set([...peers, ...contacts])], [peers, contacts]);
}

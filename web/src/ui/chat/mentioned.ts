import { useMemo } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/shallow";
import type { Person } from "../../sync/model";
import { called } from "../../text/names";
import type { Mentioned } from "../../text/RichText";
import type { UserId } from "../../wire";
import { useActions } from "../frame/messenger";

/** Those a message mentions, by the user names its text has them by. */
export function useMentioned(ids: readonly UserId[]): ReadonlyMap<string, Mentioned> {
  const users = useStore(
    useActions().store,
    useShallow((state) => ids.map((id) => state.users[id])),
  );
  return useMemo(() => new Map(users.filter((user) => user !== undefined).map(entry)), [users]);
}

function entry(user: Person): [string, Mentioned] {
  return [user.username.toLowerCase(), { id: user.id, name: called(user) }];
}

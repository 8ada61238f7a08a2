import { called } from "../../text/names";
import type { User } from "../../wire";
import { Avatar } from "../kit/Avatar";
import { OneLine } from "../kit/OneLine";

/** Somebody to mention. */
export function MentionFace({ user }: { user: User }) {
  return (
    <>
      <Avatar id={user.id} name={called(user)} size={32} />
      <OneLine className="font-medium">{called(user)}</OneLine>
      <OneLine className="max-w-2/5 shrink-0 text-muted text-sm">@{user.username}</OneLine>
    </>
  );
}

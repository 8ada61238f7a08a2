import { useEffect } from "react";
import { t } from "../../i18n";
import type { Chat, UserId } from "../../wire";
import { statusText } from "../chat/presenceText";
import { useActions, useMessenger } from "../frame/messenger";

/** The other one in a direct chat. */
export function PeerInfo({ chat, peerId }: { chat: Chat; peerId: UserId }) {
  const actions = useActions();
  const user = useMessenger((state) => state.users[peerId]) ?? chat.peer;
  const status = useMessenger((state) => statusText(chat, state, Date.now()));
  useEffect(() => {
    actions.watchPresence("info", [peerId]);
    // What is shown may be old: ask once more, and go on with it if there is no answer.
    actions.user(peerId).catch(() => undefined);
    return () => actions.watchPresence("info", []);
  }, [actions, peerId]);
  if (!user) return null;
  return (
    <>
      <p className="text-muted">
        <bdi>@{user.username}</bdi>
      </p>
      <p className="min-h-6 text-muted text-sm">{status}</p>
      {user.about !== "" && (
        <section className="mt-2 w-full max-w-prose text-start">
          <h3 className="font-semibold text-muted text-sm">{t("group.about")}</h3>
          <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
            {user.about}
          </p>
        </section>
      )}
    </>
  );
}

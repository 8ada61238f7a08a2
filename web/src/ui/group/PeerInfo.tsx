import { useEffect } from "react";
import { t } from "../../i18n";
import type { Person } from "../../sync/model";
import type { Chat, UserId } from "../../wire";
import { statusText } from "../chat/presenceText";
import { useActions, useMessenger } from "../frame/messenger";
import { ActionRows } from "../kit/ActionRow";
import { useBonds } from "../people/useBonds";

/** The other one in a direct chat. */
export function PeerInfo({ chat, peerId }: { chat: Chat; peerId: UserId }) {
  const actions = useActions();
  const person = useMessenger((state) => state.users[peerId]);
  const user = person ?? chat.peer;
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
      {person?.nickname != null && (
        <p className="text-muted text-sm wrap-anywhere">
          {t("contacts.ownName", { name: user.displayName })}
        </p>
      )}
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

/** What they may be to the user. */
export function PeerBonds({ id }: { id: UserId }) {
  const person = useMessenger((state) => state.users[id]);
  return person ? <Bonds person={person} /> : null;
}

function Bonds({ person }: { person: Person }) {
  const { items, dialog } = useBonds(person);
  return (
    <section className="border-line border-t px-2 py-3">
      <ActionRows items={items()} />
      {dialog}
    </section>
  );
}

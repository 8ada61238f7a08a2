import { useEffect } from "react";
import { t } from "../../i18n";
import type { Person } from "../../sync/model";
import type { Chat, UserId } from "../../wire";
import { statusText } from "../chat/presenceText";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
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
      {person && <PeerBonds person={person} />}
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

function PeerBonds({ person }: { person: Person }) {
  const { items, dialog } = useBonds(person);
  return (
    <div className="my-2 flex flex-wrap justify-center gap-2">
      {items().map(({ label, icon, run, isDanger }) => (
        <Button key={label} look={isDanger ? "danger-plain" : "quiet"} icon={icon} onClick={run}>
          {label}
        </Button>
      ))}
      {dialog}
    </div>
  );
}

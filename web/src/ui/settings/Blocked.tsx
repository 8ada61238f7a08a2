import { useMemo, useState } from "react";
import { useShallow } from "zustand/shallow";
import { t } from "../../i18n";
import type { Person } from "../../sync/model";
import { called } from "../../text/names";
import { useActions, useMessenger } from "../frame/messenger";
import { Avatar } from "../kit/Avatar";
import { Button } from "../kit/Button";
import { failureOf, wordsFor } from "../kit/failure";
import { OneLine } from "../kit/OneLine";
import { warn } from "../kit/toast";
import { byName } from "../people/useContacts";

export function Blocked() {
  const found = useMessenger(useShallow((state) => [...state.blocked].map((id) => state.users[id])));
  const people = useMemo(() => byName(found.filter((person) => person !== undefined)), [found]);
  return (
    <section>
      <h2 className="mb-2 font-medium">{t("contacts.blockedTitle")}</h2>
      {people.length === 0 ? (
        <div className="text-muted text-sm">
          <p>{t("contacts.noBlocked")}</p>
          <p>{t("contacts.noBlockedText")}</p>
        </div>
      ) : (
        <ul aria-label={t("contacts.blockedTitle")} className="-mx-2">
          {people.map((person) => (
            <BlockedRow key={person.id} person={person} />
          ))}
        </ul>
      )}
    </section>
  );
}

function BlockedRow({ person }: { person: Person }) {
  const actions = useActions();
  const [isBusy, setBusy] = useState(false);
  const unblock = async () => {
    setBusy(true);
    try {
      await actions.unblock(person.id);
    } catch (error) {
      warn(wordsFor(failureOf(error)));
      setBusy(false);
    }
  };
  return (
    <li className="flex min-h-15 items-center gap-3 px-2">
      <Avatar id={person.id} name={called(person)} size={44} />
      <OneLine className="flex-1 font-medium">{called(person)}</OneLine>
      <Button look="plain" isBusy={isBusy} onClick={() => void unblock()}>
        {t("contacts.unblock")}
      </Button>
    </li>
  );
}

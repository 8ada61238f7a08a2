import { useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import type { User } from "../../wire";
import { useActions } from "../frame/messenger";
import { go } from "../frame/navigation";
import { paths } from "../frame/paths";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { failureOf } from "../kit/failure";
import { useOnceKey } from "../kit/onceKey";
import { AskFirst } from "./AskFirst";
import { EMPTY, isBegun, NewGroup } from "./NewGroup";
import { PeoplePicker } from "./PeoplePicker";

/** Choosing a person opens the chat with them, or the one there is already. */
export function NewChat({ onClose }: { onClose: () => void }) {
  const actions = useActions();
  const [isGroup, setGroup] = useState(false);
  // Here, so that it is there again after "Back".
  const [group, changeGroup] = useState(EMPTY);
  const keyOf = useOnceKey();
  const [opening, setOpening] = useState<User | null>(null);
  const [asking, setAsking] = useState<User | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  if (asking) return <AskFirst user={asking} onClose={onClose} />;
  if (isGroup) {
    return (
      <NewGroup
        group={group}
        onChange={changeGroup}
        keyOf={keyOf}
        onClose={onClose}
        onBack={() => setGroup(false)}
      />
    );
  }

  const open = async (user: User) => {
    if (opening) return;
    setOpening(user);
    setFailure(null);
    try {
      const id = await actions.createDirect(user.id);
      onClose();
      go(paths.chat(id));
    } catch (error) {
      const why = failureOf(error);
      setOpening(null);
      if (why.hint === "contact_request") setAsking(user);
      else setFailure(why);
    }
  };

  return (
    <Dialog title={t("people.newChat")} onClose={onClose} size="sheet" holds={isBegun(group)}>
      <div className="flex h-full flex-col" aria-busy={opening !== null}>
        <Button look="soft" icon="group" className="mb-3 justify-start" onClick={() => setGroup(true)}>
          {t("people.newGroup")}
        </Button>
        <FailureLine failure={failure} />
        <PeoplePicker opening={opening?.id} onChoose={(user) => void open(user)} />
      </div>
    </Dialog>
  );
}

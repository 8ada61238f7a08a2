import { useMemo, useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import type { Chat, Member, User } from "../../wire";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { failureOf } from "../kit/failure";
import { Chips } from "../people/Chips";
import { PeoplePicker } from "../people/PeoplePicker";

interface Props {
  chat: Chat;
  members: readonly Member[];
  onAdded: () => void;
  onClose: () => void;
}

export function AddMembers({ chat, members, onAdded, onClose }: Props) {
  const actions = useActions();
  const [people, setPeople] = useState<readonly User[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const without = useMemo(() => new Set(members.map((member) => member.user.id)), [members]);
  const chosen = useMemo(() => new Set(people.map((user) => user.id)), [people]);
  const toggle = (user: User) =>
    setPeople(chosen.has(user.id) ? people.filter((other) => other.id !== user.id) : [...people, user]);

  const add = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await actions.addMembers(chat.id, [...chosen]);
      onAdded();
      onClose();
    } catch (error) {
      setBusy(false);
      setFailure(failureOf(error));
    }
  };

  return (
    <Dialog
      title={t("group.addMembers")}
      size="sheet"
      onClose={onClose}
      footer={
        <Button look="primary" disabled={people.length === 0} isBusy={isBusy} onClick={() => void add()}>
          {t("group.add", { count: people.length })}
        </Button>
      }
    >
      <div className="flex h-full flex-col">
        <Chips people={people} onRemove={toggle} />
        <FailureLine failure={failure} />
        <PeoplePicker onChoose={toggle} chosen={chosen} without={without} />
      </div>
    </Dialog>
  );
}

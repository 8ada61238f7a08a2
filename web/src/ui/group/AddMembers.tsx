import { useMemo, useState } from "react";
import { t } from "../../i18n";
import type { Chat, Member, User } from "../../wire";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { useSubmit } from "../kit/useSubmit";
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
  const { isBusy, failure, submit } = useSubmit();
  const without = useMemo(() => new Set(members.map((member) => member.user.id)), [members]);
  const chosen = useMemo(() => new Set(people.map((user) => user.id)), [people]);
  const toggle = (user: User) =>
    setPeople(chosen.has(user.id) ? people.filter((other) => other.id !== user.id) : [...people, user]);

  const add = async () => {
    await submit(async () => {
      await actions.addMembers(chat.id, [...chosen]);
      onAdded();
      onClose();
    });
  };

  return (
    <Dialog
      title={t("group.addMembers")}
      size="sheet"
      holds={people.length > 0}
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

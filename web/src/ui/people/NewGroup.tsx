import { useState } from "react";
import { t } from "../../i18n";
import type { User } from "../../wire";
import { useActions } from "../frame/messenger";
import { go } from "../frame/navigation";
import { paths } from "../frame/paths";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { TextField } from "../kit/Field";
import { useSubmit } from "../kit/useSubmit";
import { Chips } from "./Chips";
import { PeoplePicker } from "./PeoplePicker";

const MAX_TITLE = 128;

export interface Begun {
  title: string;
  members: readonly User[];
}

export const EMPTY: Begun = { title: "", members: [] };

export function isBegun({ title, members }: Begun): boolean {
  return title !== "" || members.length > 0;
}

interface Props {
  group: Begun;
  onChange: (group: Begun) => void;
  /** One try after another has the same key, also after "Back". */
  keyOf: (what: unknown) => string;
  onClose: () => void;
  onBack: () => void;
}

/** A title and those who are in it from the start; others can come later. */
export function NewGroup({ group, onChange, keyOf, onClose, onBack }: Props) {
  const actions = useActions();
  const { title, members } = group;
  const { isBusy, failure, submit } = useSubmit();
  const [error, setError] = useState<string | null>(null);
  const chosen = new Set(members.map((user) => user.id));

  const toggle = (user: User) => {
    const others = members.filter(({ id }) => id !== user.id);
    onChange({ ...group, members: chosen.has(user.id) ? others : [...members, user] });
  };

  const create = async () => {
    if (title.trim() === "") return setError(t("people.titleMissing"));
    await submit(async () => {
      const wish = { title: title.trim(), members: [...chosen] };
      const id = await actions.createGroup(wish.title, wish.members, keyOf(wish));
      onClose();
      go(paths.chat(id));
    });
  };

  return (
    <Dialog
      title={t("people.newGroup")}
      onClose={onClose}
      size="sheet"
      holds={isBegun(group)}
      footer={
        <>
          <Button onClick={onBack}>{t("kit.back")}</Button>
          <Button look="primary" isBusy={isBusy} onClick={() => void create()}>
            {t("people.createGroup")}
          </Button>
        </>
      }
    >
      <form
        className="flex h-full flex-col"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <TextField
          label={t("people.groupTitle")}
          error={error}
          value={title}
          maxLength={MAX_TITLE}
          autoComplete="off"
          dir="auto"
          onChange={(event) => {
            onChange({ ...group, title: event.target.value });
            setError(null);
          }}
          className="mb-3"
        />
        <FailureLine failure={failure} />
        <Chips people={members} onRemove={toggle} />
        <PeoplePicker onChoose={toggle} chosen={chosen} />
      </form>
    </Dialog>
  );
}

import { type ReactNode, useCallback, useState } from "react";
import type { Chat, UserId } from "../../wire";
import { later } from "../kit/later";
import { Popup } from "../kit/Popup";

const PersonDialog = later(async () => (await import("./PersonDialog")).PersonDialog);

interface ShownPerson {
  show: (id: UserId) => void;
  /** To be rendered anywhere. */
  dialog: ReactNode;
}

/** Shows who somebody is. `chat`: where they were met. */
export function usePerson(chat: Chat | undefined, onChanged?: () => void): ShownPerson {
  const [shown, setShown] = useState<UserId | null>(null);
  const show = useCallback((id: UserId) => setShown(id), []);
  const dialog = chat && shown !== null && (
    <Popup onFail={() => setShown(null)}>
      <PersonDialog key={shown} id={shown} chat={chat} onChanged={onChanged} onClose={() => setShown(null)} />
    </Popup>
  );
  return { show, dialog };
}

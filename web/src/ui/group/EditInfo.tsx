import { useState } from "react";
import { t } from "../../i18n";
import type { Chat } from "../../wire";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { TextArea, TextField } from "../kit/Field";
import { useSubmit } from "../kit/useSubmit";

const MAX_TITLE = 128;
const MAX_ABOUT = 1_000;

export function EditInfo({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const actions = useActions();
  // What others change meanwhile stays: only what was changed here is sent.
  const [before] = useState(chat);
  const [title, setTitle] = useState(before.title);
  const [about, setAbout] = useState(before.about);
  const { isBusy, failure, submit } = useSubmit();
  const isMissing = title.trim() === "";

  const save = async () => {
    if (isMissing) return;
    await submit(async () => {
      await actions.updateChat(chat.id, {
        ...(title.trim() !== before.title && { title: title.trim() }),
        ...(about.trim() !== before.about && { about: about.trim() }),
      });
      onClose();
    });
  };

  return (
    <Dialog
      title={t("group.edit")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("kit.cancel")}</Button>
          <Button look="primary" isBusy={isBusy} onClick={() => void save()}>
            {t("kit.save")}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          label={t("people.groupTitle")}
          error={isMissing ? t("people.titleMissing") : (failure?.fields.title ?? null)}
          value={title}
          maxLength={MAX_TITLE}
          autoComplete="off"
          dir="auto"
          onChange={(event) => setTitle(event.target.value)}
        />
        <TextArea
          label={t("group.about")}
          error={failure?.fields.about ?? null}
          value={about}
          maxLength={MAX_ABOUT}
          dir="auto"
          onChange={(event) => setAbout(event.target.value)}
        />
        <FailureLine failure={failure} />
      </form>
    </Dialog>
  );
}

import { useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import type { Chat } from "../../wire";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { TextArea, TextField } from "../kit/Field";
import { failureOf } from "../kit/failure";

const MAX_TITLE = 128;
const MAX_ABOUT = 1_000;

export function EditInfo({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const actions = useActions();
  const [title, setTitle] = useState(chat.title);
  const [about, setAbout] = useState(chat.about);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const isMissing = title.trim() === "";

  const save = async () => {
    if (isMissing) return;
    setBusy(true);
    setFailure(null);
    try {
      await actions.updateChat(chat.id, {
        ...(title.trim() !== chat.title && { title: title.trim() }),
        ...(about.trim() !== chat.about && { about: about.trim() }),
      });
      onClose();
    } catch (error) {
      setBusy(false);
      setFailure(failureOf(error));
    }
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

import { t } from "../../i18n";
import type { Message } from "../../wire";
import { useActions } from "../frame/messenger";
import { Dialog } from "../kit/Dialog";
import { later } from "../kit/later";
import { Popup } from "../kit/Popup";
import { ReportMessage } from "../safety/Report";
import { DeleteDialog } from "./DeleteDialog";
import type { MessageDialog } from "./tools";

const EmojiList = later(async () => (await import("./EmojiList")).EmojiList);
const ForwardDialog = later(async () => (await import("./ForwardDialog")).ForwardDialog);
const DetailsDialog = later(async () => (await import("./DetailsDialog")).DetailsDialog);

export interface OpenDialog {
  kind: MessageDialog;
  message: Message;
}

export function MessageDialogs({ dialog, onClose }: { dialog: OpenDialog; onClose: () => void }) {
  return (
    <Popup onFail={onClose}>
      <Shown dialog={dialog} onClose={onClose} />
    </Popup>
  );
}

function Shown({ dialog: { kind, message }, onClose }: { dialog: OpenDialog; onClose: () => void }) {
  const actions = useActions();
  switch (kind) {
    case "delete":
      return <DeleteDialog messages={[message]} onDone={onClose} onClose={onClose} />;
    case "forward":
      return <ForwardDialog messages={[message]} onDone={onClose} onClose={onClose} />;
    case "details":
      return <DetailsDialog message={message} onClose={onClose} />;
    case "report":
      return <ReportMessage message={message} onClose={onClose} />;
    case "emoji":
      return (
        <Dialog title={t("chat.emoji.react")} size="sheet" onClose={onClose}>
          <div className="flex h-full flex-col">
            <EmojiList
              onChoose={(emoji) => {
                actions.react(message, emoji, true);
                onClose();
              }}
            />
          </div>
        </Dialog>
      );
  }
}

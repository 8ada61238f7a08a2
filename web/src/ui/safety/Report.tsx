import { t } from "../../i18n";
import { nameOf } from "../../text/names";
import type { ChatId, Message, UserId } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { later } from "../kit/later";
import { Popup } from "../kit/Popup";

const ReportDialog = later(async () => (await import("./ReportDialog")).ReportDialog);

export function ReportMessage({ message, onClose }: { message: Message; onClose: () => void }) {
  const person = useMessenger((state) => state.users[message.senderId]);
  return (
    <Popup onFail={onClose}>
      <ReportDialog
        title={t("safety.reportMessage")}
        subject={{ messageId: message.id }}
        person={person}
        onClose={onClose}
      />
    </Popup>
  );
}

export function ReportPerson({ id, onClose }: { id: UserId; onClose: () => void }) {
  const person = useMessenger((state) => state.users[id]);
  const name = useMessenger((state) => nameOf(state.users, id));
  return (
    <Popup onFail={onClose}>
      <ReportDialog
        title={t("safety.reportPerson", { name })}
        subject={{ userId: id }}
        person={person}
        onClose={onClose}
      />
    </Popup>
  );
}

export function ReportGroup({ id, onClose }: { id: ChatId; onClose: () => void }) {
  return (
    <Popup onFail={onClose}>
      <ReportDialog
        title={t("safety.reportGroup")}
        subject={{ chatId: id }}
        person={undefined}
        onClose={onClose}
      />
    </Popup>
  );
}

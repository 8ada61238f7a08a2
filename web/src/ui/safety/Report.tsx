import { lazy, Suspense } from "react";
import { t } from "../../i18n";
import { nameOf } from "../../text/names";
import type { ChatId, Message, UserId } from "../../wire";
import { useMessenger } from "../frame/messenger";

const ReportDialog = lazy(async () => ({ default: (await import("./ReportDialog")).ReportDialog }));

export function ReportMessage({ message, onClose }: { message: Message; onClose: () => void }) {
  const person = useMessenger((state) => state.users[message.senderId]);
  return (
    <Suspense>
      <ReportDialog
        title={t("safety.reportMessage")}
        subject={{ messageId: message.id }}
        person={person}
        onClose={onClose}
      />
    </Suspense>
  );
}

export function ReportPerson({ id, onClose }: { id: UserId; onClose: () => void }) {
  const person = useMessenger((state) => state.users[id]);
  const name = useMessenger((state) => nameOf(state.users, id));
  return (
    <Suspense>
      <ReportDialog
        title={t("safety.reportPerson", { name })}
        subject={{ userId: id }}
        person={person}
        onClose={onClose}
      />
    </Suspense>
  );
}

export function ReportGroup({ id, onClose }: { id: ChatId; onClose: () => void }) {
  return (
    <Suspense>
      <ReportDialog
        title={t("safety.reportGroup")}
        subject={{ chatId: id }}
        person={undefined}
        onClose={onClose}
      />
    </Suspense>
  );
}

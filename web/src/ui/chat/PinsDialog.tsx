import { useEffect, useState } from "react";
import { locale, t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { previewText } from "../../text/markdown";
import { nameOf } from "../../text/names";
import { shortTime } from "../../text/times";
import type { ChatId, Message } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { isHere } from "../frame/navigation";
import { paths } from "../frame/paths";
import { To } from "../frame/To";
import { Avatar } from "../kit/Avatar";
import { Dialog } from "../kit/Dialog";
import { EmptyState } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { failureOf } from "../kit/failure";
import { IconButton } from "../kit/IconButton";
import { OneLine } from "../kit/OneLine";
import { orWarn } from "../kit/orWarn";
import { SkeletonRows } from "../kit/Skeleton";
import { usePins } from "./usePins";

interface Props {
  chatId: ChatId;
  canPin: boolean;
  onClose: () => void;
}

/** All that is pinned in a chat; each leads to its place. */
export function PinsDialog({ chatId, canPin, onClose }: Props) {
  const pins = usePins(chatId);
  const { failure, isLoading, retry } = useLatest(chatId);
  return (
    <Dialog title={t("chat.pinnedAll")} size="sheet" onClose={onClose}>
      {pins.length > 0 ? (
        <ul aria-label={t("chat.pinnedAll")} className="-mx-2">
          {pins.map((message) => (
            <Pin key={message.id} message={message} canPin={canPin} onGo={onClose} />
          ))}
        </ul>
      ) : failure ? (
        <ErrorState failure={failure} onRetry={retry} />
      ) : isLoading ? (
        <SkeletonRows rows={3} />
      ) : (
        <EmptyState icon="pin" title={t("chat.pinnedNone")} text={t("chat.pinnedNoneText")} />
      )}
    </Dialog>
  );
}

function Pin({ message, canPin, onGo }: { message: Message; canPin: boolean; onGo: () => void }) {
  const actions = useActions();
  const { chatId, senderId, seq, createdAt } = message;
  const isMe = useMessenger((state) => state.me?.id === senderId);
  const name = useMessenger(
    (state) => (isMe ? state.me?.displayName : null) ?? nameOf(state.users, senderId),
  );
  return (
    <li className="flex items-center rounded-xl hover:bg-hover">
      <To
        href={paths.chat(chatId, seq)}
        onClick={() => {
          // The address may be that of now already.
          if (isHere(paths.chat(chatId, seq))) orWarn(actions.jumpTo(chatId, seq));
          onGo();
        }}
        className="flex min-h-16 min-w-0 flex-1 items-center gap-3 rounded-xl px-2 py-2 text-start focus-visible:-outline-offset-2"
      >
        <Avatar id={senderId} name={name} size={40} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline justify-between gap-2">
            <OneLine className="font-medium">{isMe ? t("chat.you") : name}</OneLine>
            <time dateTime={createdAt} className="shrink-0 text-muted text-xs">
              {shortTime(createdAt, Date.now(), locale())}
            </time>
          </span>
          <span dir="auto" className="line-clamp-2 text-muted text-sm wrap-anywhere">
            {previewText(message.content)}
          </span>
        </span>
      </To>
      {canPin && (
        <IconButton
          icon="close"
          iconSize={18}
          label={t("chat.unpinOf", { text: previewText(message.content).slice(0, 40) })}
          onClick={() => actions.pin(message, false)}
        />
      )}
    </li>
  );
}

/** What is known of the list may be old: it is shown, and asked for once more. */
function useLatest(chatId: ChatId) {
  const { loadPins } = useActions();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isLoading, setLoading] = useState(true);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks again
  useEffect(() => {
    let isHere = true;
    setFailure(null);
    setLoading(true);
    loadPins(chatId)
      .catch((error) => isHere && setFailure(failureOf(error)))
      .finally(() => isHere && setLoading(false));
    return () => {
      isHere = false;
    };
  }, [loadPins, chatId, tries]);
  return { failure, isLoading, retry: () => setTries(tries + 1) };
}

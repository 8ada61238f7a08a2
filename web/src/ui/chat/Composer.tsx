import { useEffect, useRef, useState } from "react";
import { locale, t } from "../../i18n";
import { remaining } from "../../text/times";
import type { Chat } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { isPressed } from "../frame/shortcuts";
import { announce } from "../kit/announce";
import { IconButton } from "../kit/IconButton";
import { isComposing } from "../kit/ime";
import { later } from "../kit/later";
import { Popup } from "../kit/Popup";
import { BlockedBar } from "./BlockedBar";
import { ComposerBox } from "./ComposerBox";
import { canSendText, charsLeft, type Writing } from "./composing";
import { canEdit, isAtLeast } from "./rights";
import { useCompletion } from "./useCompletion";
import { useDraft, useDraftReply } from "./useDraft";
import { useEditing } from "./useEditing";
import { useSlowMode } from "./useSlowMode";
import { useTextArea } from "./useTextArea";
import { WritingBar } from "./WritingBar";

const EmojiPanel = later(async () => (await import("./EmojiPanel")).EmojiPanel);

interface Props {
  chat: Chat;
  writing: Writing;
  onWriting: (writing: Writing) => void;
  onStop: () => void;
  onSent: () => void;
  /** The focus wants to go up, to the messages. */
  onLeaveUp: () => void;
}

const PAUSE_ID = "slow-mode";

/** Where messages are written, in every state of the connection. */
export function Composer(props: Props) {
  const peer = useMessenger((state) => state.users[props.chat.peer?.id ?? ""]);
  if (peer?.isBlocked) return <BlockedBar person={peer} />;
  if (peer?.isDeleted) return <Silence text={t("chat.peerDeleted")} />;
  const { me, permissions } = props.chat;
  if (isAtLeast(me.role, permissions.send)) return <Writer {...props} />;
  return <Silence text={t(permissions.send === "owner" ? "chat.ownerOnly" : "chat.adminsOnly")} />;
}

/** Why there is nothing to write in. */
function Silence({ text }: { text: string }) {
  return (
    <p className="border-line border-t bg-surface px-4 py-4 pb-[max(1rem,env(safe-area-inset-bottom))] text-center text-muted">
      {text}
    </p>
  );
}

function Writer({ chat, writing, onWriting, onStop, onSent, onLeaveUp }: Props) {
  const actions = useActions();
  const area = useTextArea();
  const draft = useDraft(chat);
  const editing = useEditing(chat.id, writing, onStop);
  const [hasEmoji, setEmoji] = useState(false);
  const text = editing.text ?? draft.text;
  const replyTo = writing.kind === "reply" ? writing.message : null;
  const isEditing = editing.text !== null;
  const pause = useSlowMode(chat);
  const secondsLeft = isEditing ? 0 : pause;
  const { replyId, forget } = useDraftReply(chat, writing, onWriting);
  useFocusOnWriting(writing, area.focus);
  useEffect(() => () => actions.stopTyping(chat.id), [actions, chat.id]);

  const write = (content: string) => {
    if (editing.text !== null) return editing.setText(content);
    draft.write(content, replyId);
    if (content.trim() === "") actions.stopTyping(chat.id);
    else actions.typing(chat.id);
  };
  const change = (content: string, caret: number) => {
    write(content);
    // Last: it may finish what was written.
    completion.look(content, caret);
  };
  const insert = (piece: string, from?: number, to?: number, within = text) => {
    const placed = area.insert(within, piece, from, to);
    change(placed.text, placed.caret);
  };
  const completion = useCompletion(chat, insert);
  const send = () => {
    area.focus();
    const left = charsLeft(text);
    if (left !== null && left < 0) announce(t("chat.charsOver", { count: -left }), "assertive");
    if (!canSendText(text) || secondsLeft > 0) return;
    completion.close();
    if (editing.text !== null) return editing.save();
    actions.send(chat.id, { content: text.trim(), replyTo });
    draft.write("", null);
    forget();
    if (replyTo) onStop();
    onSent();
  };
  const stop = () => {
    if (replyTo) draft.write(draft.text, null);
    onStop();
  };

  const onKey = (event: React.KeyboardEvent): boolean => {
    if (isComposing(event)) return false;
    if (completion.onKey(event)) return true;
    if (event.key === "Enter" && sends(event)) send();
    else if (event.key === "Escape" && hasEmoji) setEmoji(false);
    else if (event.key === "Escape" && writing.kind !== "new") stop();
    else if (isPressed("editLast", event) && text === "" && writing.kind === "new") editLast();
    else return false;
    return true;
  };
  const editLast = () => {
    const { timelines, outbox, me } = actions.store.getState();
    const pending = outbox[chat.id]?.at(-1);
    const last = timelines[chat.id]?.messages.findLast((message) => canEdit(message, me?.id, Date.now()));
    if (pending) onWriting({ kind: "amend", pending });
    else if (last) onWriting({ kind: "edit", message: last });
    else onLeaveUp();
  };

  return (
    <div
      data-composer
      className="relative z-3 shrink-0 border-line border-t bg-surface px-2 py-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]"
    >
      {writing.kind !== "new" && <WritingBar writing={writing} onStop={stop} />}
      {completion.list}
      {hasEmoji && (
        <Popup onFail={() => setEmoji(false)}>
          <EmojiPanel onChoose={(emoji) => insert(emoji)} onClose={() => setEmoji(false)} />
        </Popup>
      )}
      <div className="mx-auto flex max-w-240 items-end gap-1">
        <IconButton
          icon="smile"
          label={t("chat.emoji.open")}
          aria-expanded={hasEmoji}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => setEmoji(!hasEmoji)}
        />
        <ComposerBox
          area={area.ref}
          text={text}
          left={charsLeft(text)}
          choices={completion.choices}
          onChange={change}
          onKey={onKey}
          onBlur={completion.close}
        />
        <IconButton
          icon={isEditing ? "check" : "send"}
          label={t(isEditing ? "chat.saveEdit" : "chat.send")}
          aria-disabled={!canSendText(text) || secondsLeft > 0}
          aria-describedby={secondsLeft > 0 ? PAUSE_ID : undefined}
          isFilled={!isEditing}
          className="text-accent aria-disabled:opacity-50"
          // The focus, and the keyboard of a phone, stay with the text.
          onPointerDown={(event) => event.preventDefault()}
          onClick={send}
        />
      </div>
      {secondsLeft > 0 && (
        <p id={PAUSE_ID} className="mx-auto max-w-240 px-3 pt-1 text-end text-muted text-sm tabular-nums">
          {t("chat.slowMode", { time: remaining(secondsLeft, locale()) })}
        </p>
      )}
    </div>
  );
}

/** With a keyboard Enter sends; on a touch screen it breaks the line, and Send is at hand. */
function sends(event: React.KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey) return true;
  return !event.shiftKey && !matchMedia("(pointer: coarse)").matches;
}

function useFocusOnWriting(writing: Writing, focus: () => void): void {
  const before = useRef(writing);
  useEffect(() => {
    if (before.current !== writing) focus();
    before.current = writing;
  }, [writing, focus]);
}

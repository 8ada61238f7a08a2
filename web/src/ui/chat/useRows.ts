import { useMemo, useRef, useState } from "react";
import type { Timeline } from "../../sync/model";
import type { ChatId } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { type Row, rowKey, rowsBuilder } from "./rows";

const NONE: [] = [];

export function useRows(chatId: ChatId, timeline: Timeline, today: number): readonly Row[] {
  const me = useMessenger((state) => state.me?.id ?? "");
  const outbox = useMessenger((state) => state.outbox[chatId] ?? NONE);
  const [build] = useState(rowsBuilder);
  const firstByPage = useRef(new Set<string>());
  const { messages, dividerSeq, older, newer } = timeline;
  return useMemo(() => {
    const first = messages[0];
    const isBeginning = older === "end";
    if (first && !isBeginning) firstByPage.current.add(rowKey(first.senderId, first.clientId));
    return build({
      me,
      messages,
      pending: newer === "end" ? outbox : NONE,
      dividerSeq,
      isBeginning,
      firstByPage: firstByPage.current,
      today,
    });
  }, [build, me, messages, outbox, dividerSeq, older, newer, today]);
}

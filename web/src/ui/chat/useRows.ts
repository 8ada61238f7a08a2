import { useMemo, useRef } from "react";
import type { Timeline } from "../../sync/model";
import type { ChatId } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { buildRows, type Row, rowKey } from "./rows";

const NONE: [] = [];

export function useRows(chatId: ChatId, timeline: Timeline): readonly Row[] {
  const me = useMessenger((state) => state.me?.id ?? "");
  const outbox = useMessenger((state) => state.outbox[chatId] ?? NONE);
  const firstByPage = useRef(new Set<string>());
  const { messages, dividerSeq, older, newer } = timeline;
  return useMemo(() => {
    const first = messages[0];
    const isBeginning = older === "end";
    if (first && !isBeginning) firstByPage.current.add(rowKey(first.senderId, first.clientId));
    return buildRows({
      me,
      messages,
      pending: newer === "end" ? outbox : NONE,
      dividerSeq,
      isBeginning,
      firstByPage: firstByPage.current,
    });
  }, [me, messages, outbox, dividerSeq, older, newer]);
}

/** Tabs of one account tell each other what changed. All of it could be missed: disk and server have it too. */

import type { ChatId, UserId } from "../wire";
import type { Draft } from "./model";
import type { World } from "./world";

export type News =
  | { kind: "outbox" }
  | { kind: "wishes" }
  | { kind: "draft"; chatId: ChatId; draft: Draft }
  | { kind: "read"; chatId: ChatId; seq: number };

export interface Tabs {
  tell(news: News): void;
  onNews(listener: (news: News) => void): void;
}

export function createTabs(channel: World["channel"], user: UserId): Tabs & { stop(): void } {
  const listeners: ((news: News) => void)[] = [];
  channel.onmessage = ({ data }: MessageEvent<{ user: UserId; news: News }>) => {
    if (data.user === user) for (const listener of listeners) listener(data.news);
  };
  return {
    tell: (news) => channel.postMessage({ user, news }),
    onNews: (listener) => void listeners.push(listener),
    stop() {
      channel.onmessage = null;
    },
  };
}

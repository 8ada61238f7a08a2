/** Own changes to messages: shown at once, taken back if the server refuses or can't be reached. */

import type { ChatId, DeleteScope, Message } from "../wire";
import { changeOwn, hearAnswer } from "./apply";
import type { Engine } from "./engine";
import type { Overlay, Wish } from "./overlay";

export interface Wishes {
  edit(message: Message, content: string): Promise<void>;
  remove(message: Message, scope: DeleteScope): Promise<void>;
  react(message: Message, emoji: string, on: boolean): Promise<void>;
  pin(message: Message, on: boolean): Promise<void>;
  star(message: Message, on: boolean): Promise<void>;
}

export function createWishes({ core, rest, world }: Engine): Wishes {
  /** `work` answers the message as it is then, if it can. */
  async function wish(message: Message, wanted: Wish, work: () => Promise<Message | null>): Promise<void> {
    const at = new Date(world.now()).toISOString();
    const overlay: Overlay = { messageId: message.id, wish: wanted, at };
    const lift = core.overlay(message.chatId, overlay);
    try {
      const answer = await work();
      if (answer) core.apply((account) => hearAnswer(account, answer));
    } finally {
      lift();
    }
  }

  return {
    edit: (message, content) =>
      wish(message, { kind: "edit", content }, () => rest.messages.edit(message.id, content)),
    react: (message, emoji, on) =>
      wish(message, { kind: "react", emoji, on }, () => rest.messages.react(message.id, emoji, on)),
    pin: (message, on) => wish(message, { kind: "pin", on }, () => rest.messages.pin(message.id, on)),

    remove(message, scope) {
      if (scope === "me") return hide(message);
      return wish(message, { kind: "delete" }, async () => {
        await rest.messages.remove(message.id, "all");
        // Without it the event tells the same a moment later.
        return rest.messages.get(message.id).catch(() => null);
      });
    },

    async star(message, on) {
      const { chatId, id } = message;
      mark(chatId, id, on);
      await rest.messages.star(id, on).catch((error) => {
        mark(chatId, id, !on);
        throw error;
      });
    },
  };

  async function hide(message: Message): Promise<void> {
    const { chatId, id: messageId } = message;
    const at = new Date(world.now()).toISOString();
    const lift = core.overlay(chatId, { messageId, wish: { kind: "hide" }, at });
    try {
      await rest.messages.remove(messageId, "me");
      core.apply((account) => changeOwn(account, { kind: "hide", data: { chatId, messageId } }));
    } finally {
      lift();
    }
  }

  function mark(chatId: ChatId, messageId: Message["id"], starred: boolean) {
    core.apply((account) => changeOwn(account, { kind: "star", data: { chatId, messageId, starred } }));
  }
}

import type { Catalog } from "..";
import { account } from "./account";
import { accountSettings } from "./account-settings";
import { chat } from "./chat";
import { chats } from "./chats";
import { contacts } from "./contacts";
import { frame } from "./frame";
import { group } from "./group";
import { kit } from "./kit";
import { moderation } from "./moderation";
import { people } from "./people";
import { privacy } from "./privacy";
import { rights } from "./rights";
import { safety } from "./safety";
import { search } from "./search";
import { settings } from "./settings";
import { signin } from "./signin";

export const ar: Catalog = {
  ...kit,
  ...signin,
  ...chats,
  ...moderation,
  ...people,
  ...contacts,
  ...frame,
  ...privacy,
  ...rights,
  ...account,
  ...accountSettings,
  ...chat,
  ...group,
  ...safety,
  ...search,
  ...settings,
};

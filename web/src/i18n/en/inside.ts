import { accountSettings } from "./account-settings";
import { chat } from "./chat";
import { chats } from "./chats";
import { contacts } from "./contacts";
import { frame } from "./frame";
import { group } from "./group";
import { moderation } from "./moderation";
import { people } from "./people";
import { privacy } from "./privacy";
import { rights } from "./rights";
import { safety } from "./safety";
import { search } from "./search";
import { settings } from "./settings";

/** What is said once somebody is: loaded then, so that the way in is light. */
export const inside = {
  ...accountSettings,
  ...chat,
  ...chats,
  ...contacts,
  ...frame,
  ...group,
  ...moderation,
  ...people,
  ...privacy,
  ...rights,
  ...safety,
  ...search,
  ...settings,
};

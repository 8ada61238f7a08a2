/** Every screen of the client, and how one gets there, in any of its languages. */

import { CHAT } from "./chat";
import { DOOR } from "./door";
import { FIRST } from "./first";
import { GROUP } from "./group";
import { LISTS } from "./lists";
import type { Area } from "./screen";
import { SETTINGS } from "./settings";
import { STAFF } from "./staff";
import { TROUBLE } from "./trouble";

export const AREAS: Area[] = [
  { name: "the door", who: null, screens: DOOR },
  { name: "lists", who: "ann", screens: LISTS },
  { name: "chats", who: "ann", screens: CHAT },
  { name: "members", who: "ann", screens: GROUP },
  { name: "settings", who: "ann", screens: SETTINGS },
  { name: "first steps", who: "kim", screens: FIRST },
  { name: "moderation", who: "root", screens: STAFF },
  { name: "trouble", who: "ann", screens: TROUBLE },
];

import { account } from "./account";
import { kit } from "./kit";
import { signin } from "./signin";

/** What is said before anybody is signed in. */
export const door = { ...kit, ...signin, ...account };

import { door } from "./door";
import { inside } from "./inside";

/** English is the measure: a text that another language lacks is a type error there. */
export const en = { ...door, ...inside };

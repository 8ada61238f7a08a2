/** UUIDv7: sorts by time of birth, also among those of one millisecond. */

import type { World } from "./world";

export function createIds({ now, random }: Pick<World, "now" | "random">): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + 1, now());
    const time = last.toString(16).padStart(12, "0");
    const chance = Array.from({ length: 18 }, () => Math.floor(random() * 16).toString(16)).join("");
    const variant = (8 + Math.floor(random() * 4)).toString(16);
    return [
      time.slice(0, 8),
      time.slice(8),
      `7${chance.slice(0, 3)}`,
      `${variant}${chance.slice(3, 6)}`,
      chance.slice(6),
    ].join("-");
  };
}

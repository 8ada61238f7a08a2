import type { Page } from "@playwright/test";
import type { Say } from "../words";
import type { World } from "../world";

export interface Screen {
  name: string;
  path: (world: World) => string;
  /** What the server is to answer there; taken back after it. */
  given?: (page: Page, world: World) => Promise<void>;
  /** What is pressed there; it ends when the screen is as it is meant to be seen. */
  open: (page: Page, say: Say, world: World) => Promise<void>;
  /** Puts back what others would stumble over. */
  leave?: (page: Page, world: World) => Promise<void>;
}

/** Screens that one person sees, one after the other. */
export interface Area {
  name: string;
  /** Who signs in to see them. */
  who: "ann" | "kim" | "root" | null;
  screens: Screen[];
}

import type { ReactNode } from "react";
import type { DoorName } from "../frame/paths";
import { Forgot } from "./Forgot";
import { Letter } from "./Letter";
import { Reset } from "./Reset";

/** The pages that letters, and those who can't sign in, are led to. */
export function Door({ door }: { door: DoorName }): ReactNode {
  if (door === "forgot") return <Forgot />;
  return door === "reset" ? <Reset /> : <Letter key={door} kind={door} />;
}

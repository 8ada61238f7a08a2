import type { ReactNode } from "react";
import type { DoorName } from "../frame/paths";
import { Forgot } from "./Forgot";
import { Letter } from "./Letter";
import { Reset } from "./Reset";
import { Unsubscribe } from "./Unsubscribe";

/** The pages that letters, and those who can't sign in, are led to. */
export function Door({ door }: { door: DoorName }): ReactNode {
  if (door === "forgot") return <Forgot />;
  if (door === "unsubscribe") return <Unsubscribe />;
  return door === "reset" ? <Reset /> : <Letter key={door} kind={door} />;
}

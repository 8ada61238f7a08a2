import { type ReactNode, useState } from "react";
import type { User } from "../../wire";
import { useActions } from "../frame/messenger";
import { go } from "../frame/navigation";
import { paths } from "../frame/paths";
import { failureOf, wordsFor } from "../kit/failure";
import { warn } from "../kit/toast";
import { AskFirst } from "./AskFirst";

interface Talk {
  talkTo: (user: User) => void;
  /** To be rendered anywhere. */
  popup: ReactNode;
}

/** Opens the chat with somebody, or has them asked where they want to be. */
export function useTalk(): Talk {
  const actions = useActions();
  const [asking, setAsking] = useState<User | null>(null);
  const talkTo = async (user: User) => {
    try {
      go(paths.chat(await actions.createDirect(user.id)));
    } catch (error) {
      const failure = failureOf(error);
      if (failure.hint === "contact_request") setAsking(user);
      else warn(wordsFor(failure));
    }
  };
  return {
    talkTo: (user) => void talkTo(user),
    popup: asking && <AskFirst user={asking} onClose={() => setAsking(null)} />,
  };
}

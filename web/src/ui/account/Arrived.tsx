import { type ReactNode, useEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import type { OidcFound } from "../../wire";
import { useActions } from "../frame/messenger";
import { failureOf, wordsFor } from "../kit/failure";
import { Icon } from "../kit/Icon";
import { SkeletonRows } from "../kit/Skeleton";
import { toast } from "../kit/toast";
import type { Arrival } from "./arrival";
import { errorWords } from "./errorWords";
import { TicketCode } from "./TicketCode";
import { TicketSignUp } from "./TicketSignUp";

type Stage =
  | { name: "asking" | "code" }
  | { name: "new" | "link"; found: OidcFound }
  | { name: "failed"; words: string };

interface Props {
  arrival: Arrival;
  onAsking: (isAsking: boolean) => void;
  onOver: () => void;
}

/** Back from a provider: in, or on the way to an account. */
export function Arrived({ arrival, onAsking, onOver }: Props): ReactNode {
  const actions = useActions();
  const { ticket } = arrival;
  const [stage, setStage] = useState<Stage>(
    ticket ? { name: "asking" } : { name: "failed", words: errorWords(arrival.error) },
  );
  const isAsking = stage.name === "code" || stage.name === "new";
  useEffect(() => {
    onAsking(isAsking);
    return () => onAsking(false);
  }, [onAsking, isAsking]);
  const hasAsked = useRef(false);
  useEffect(() => {
    if (!ticket || hasAsked.current) return;
    hasAsked.current = true;
    const enter = async () => {
      const found = await actions.readTicket(ticket);
      if (found.next === "signup") setStage({ name: "new", found });
      else if (found.next === "link") setStage({ name: "link", found });
      else if ((await actions.signInByTicket({ ticket })).hasStayed) {
        toast(t("signin.stayed"), { isLasting: true });
      }
    };
    enter().catch((error) => {
      const failure = failureOf(error);
      if (failure.code === "totp_required") return setStage({ name: "code" });
      const isOver = failure.code === "gone";
      setStage({ name: "failed", words: isOver ? t("account.elsewhereExpired") : wordsFor(failure) });
    });
  }, [actions, ticket]);

  if (stage.name === "asking") return <SkeletonRows rows={1} />;
  if (stage.name === "code" && ticket) return <TicketCode ticket={ticket} />;
  if (stage.name === "new" && ticket) {
    return <TicketSignUp ticket={ticket} found={stage.found} onElse={onOver} />;
  }
  const words =
    stage.name === "failed"
      ? stage.words
      : stage.name === "link" &&
        t("account.elsewhereLink", { email: stage.found.email ?? "", name: stage.found.provider.name });
  return (
    <p role="alert" className="mb-3 flex gap-2 rounded-xl bg-sunken p-3 text-sm">
      <Icon name="info" size={18} className="mt-0.5" />
      <span className="min-w-0 wrap-anywhere">{words}</span>
    </p>
  );
}

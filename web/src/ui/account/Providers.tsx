import { useEffect, useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { FailureLine } from "../kit/FailureLine";
import { failureOf } from "../kit/failure";
import { Arrived } from "./Arrived";
import { seeArrival, takeArrival } from "./arrival";

interface Props {
  /** Whether what came back asks for something itself: then there is no other form beside it. */
  onAsking: (isAsking: boolean) => void;
}

/** Signing in with an account elsewhere: the buttons, and what comes after one was pressed. */
export function Providers({ onAsking }: Props) {
  const actions = useActions();
  const providers = useMessenger((state) => state.providers);
  const [arrival, setArrival] = useState(seeArrival);
  useEffect(() => void takeArrival(), []);
  const [going, setGoing] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const go = async (provider: string) => {
    setGoing(provider);
    setFailure(null);
    try {
      location.assign(await actions.startOidc(provider, "/"));
    } catch (error) {
      setFailure(failureOf(error));
      setGoing(null);
    }
  };
  return (
    <>
      {arrival && <Arrived arrival={arrival} onAsking={onAsking} onOver={() => setArrival(null)} />}
      <FailureLine failure={failure} />
      {!arrival?.ticket &&
        providers.map(({ id, name }) => (
          <Button key={id} className="w-full" isBusy={going === id} onClick={() => void go(id)}>
            {t("account.elsewhere", { name })}
          </Button>
        ))}
    </>
  );
}

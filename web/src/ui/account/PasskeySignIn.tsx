import { useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { FailureLine } from "../kit/FailureLine";
import { failureOf, wordsFor } from "../kit/failure";
import { toast } from "../kit/toast";

/** Without a name: the device knows whose its passkeys are. */
export function PasskeySignIn() {
  const actions = useActions();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const signIn = async () => {
    setBusy(true);
    setFailure(null);
    try {
      if ((await actions.signInByPasskey()).hasStayed) toast(t("signin.stayed"), { isLasting: true });
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy(false);
  };
  return (
    <>
      <FailureLine
        failure={failure}
        words={(failure) =>
          failure.code === "unauthenticated" ? t("account.passkeyUnknown") : wordsFor(failure)
        }
      />
      <Button className="w-full" isBusy={isBusy} onClick={() => void signIn()}>
        {t("account.passkeySignIn")}
      </Button>
    </>
  );
}

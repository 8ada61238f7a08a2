import { useEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import { Button } from "../kit/Button";
import { TextField } from "../kit/Field";

/** A one-time code; or a recovery code, for who has lost the app. */
export function CodeField({ error }: { error: string | undefined }) {
  const [isRecovery, setRecovery] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  // It stands where the fields before it stood.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another kind of code is another box
  useEffect(() => box.current?.focus(), [isRecovery]);
  return (
    <div className="flex flex-col items-start gap-1">
      <TextField
        key={String(isRecovery)}
        ref={box}
        name="totp"
        label={t(isRecovery ? "account.recoveryCode" : "account.code")}
        hint={t(isRecovery ? "account.recoveryCodeHint" : "account.codeHint")}
        error={error}
        inputMode={isRecovery ? "text" : "numeric"}
        autoComplete={isRecovery ? "off" : "one-time-code"}
        autoCapitalize="none"
        spellCheck={false}
        className="w-full"
      />
      <Button look="plain" className="px-2" onClick={() => setRecovery(!isRecovery)}>
        {t(isRecovery ? "account.useCode" : "account.useRecovery")}
      </Button>
    </div>
  );
}

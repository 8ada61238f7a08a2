import { useId } from "react";
import { cx } from "../kit/cx";

interface Props {
  label: string;
  hint?: string;
  isOn: boolean;
  isDisabled?: boolean;
  onChange: (isOn: boolean) => void;
}

export function Switch({ label, hint, isOn, isDisabled, onChange }: Props) {
  const id = useId();
  return (
    <label className={cx("flex min-h-12 cursor-pointer items-center gap-4", isDisabled && "opacity-60")}>
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{label}</span>
        {hint && (
          <span id={`${id}-hint`} className="block text-sm text-muted">
            {hint}
          </span>
        )}
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        aria-label={label}
        aria-describedby={hint ? `${id}-hint` : undefined}
        checked={isOn}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
        className={cx(
          "h-7 w-12 shrink-0 cursor-pointer appearance-none rounded-full border-2 border-line-strong bg-sunken p-0.5",
          "transition-colors checked:border-accent checked:bg-accent forced-colors:appearance-auto",
          "before:block before:size-5 before:rounded-full before:bg-line-strong before:transition-transform",
          "checked:before:translate-x-5 checked:before:bg-on-accent rtl:checked:before:-translate-x-5",
        )}
      />
    </label>
  );
}
